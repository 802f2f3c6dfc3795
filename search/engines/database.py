"""The embedded engine: projection and postings in the portal's own database."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from typing import Any

from django.db import connection, transaction
from django.db.models import Avg, Count, F, QuerySet

from search.analysis import ANALYZER_VERSION, EXACT, clean_text, tokens
from search.engines.base import FACETS, Hit, RebuildSuperseded, SearchRequest, SearchResult, SimilarRequest
from search.engines.highlighting import excerpt, mark
from search.engines.ranking import Candidate, Collection, Concept, Scorer, norm_of, parse_question
from search.enums import MEMBERS, PUBLIC
from search.models import DocumentAudience, IndexState, Posting, SearchDocument
from search.sources import Document
from search.synonyms import load_synonyms


class DatabaseEngine:
    """Ranks in Python over rows that SQLite and PostgreSQL read alike.

    Rows are chosen by audience in SQL, and words of the members' text never leave the database
    for anyone else: totals, facets, order and excerpts are computed from what is left.
    """

    def upsert(self, documents: Sequence[Document]) -> None:
        """Write ``documents`` in the live generation, and in the one being built."""
        state = IndexState.load()
        _write(state.live_generation, documents)
        if state.building_generation is not None:
            _write(state.building_generation, documents)

    def delete(self, keys: Sequence[str]) -> None:
        """Forget the documents of ``keys`` in every generation."""
        _erase(SearchDocument.objects.filter(key__in=keys))

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer in five queries: synonyms, collection, candidates, postings, texts of the hits."""
        concepts = parse_question(request.text, load_synonyms())
        if not concepts:
            return SearchResult()
        readable = SearchDocument.objects.readable_with(request.tokens)
        with_members_text = MEMBERS in request.tokens
        postings = _postings(concepts, with_members_text)
        collection = _measure(readable, with_members_text)
        candidates = _candidates(readable, postings, collection, with_members_text)
        ranked = Scorer(collection.size, candidates, _rows(postings, with_members_text)).rank(concepts)
        counts, passing = _sift(Counter(one.facets for one in ranked.candidates), request.chosen)
        kept = [one for one in ranked.candidates if one.facets in passing]
        page = max(1, min(request.page, -(-len(kept) // request.page_size)))
        shown = kept[(page - 1) * request.page_size : page * request.page_size]
        return SearchResult(
            hits=_hits(readable, [one.pk for one in shown], concepts, with_members_text),
            total=len(kept),
            page=page,
            facets=counts,
            match=ranked.match,
        )

    def similar(self, request: SimilarRequest) -> list[str]:
        """Rank by the words of the text that say most about it."""
        concepts = parse_question(request.text, [])
        if not concepts:
            return []
        readable = SearchDocument.objects.readable_with(request.tokens).exclude(key__in=request.excluded)
        if request.kinds:
            readable = readable.filter(kind__in=request.kinds)
        postings = _postings(concepts, with_members_text=False)
        collection = _measure(readable, with_members_text=False)
        candidates = _candidates(readable, postings, collection, with_members_text=False)
        ranked = Scorer(collection.size, candidates, _rows(postings, with_members_text=False)).rank(concepts)
        pks = [one.pk for one in ranked.candidates[: request.limit]]
        keys = dict(readable.filter(pk__in=pks).values_list("pk", "key"))
        return [keys[pk] for pk in pks]

    @transaction.atomic
    def begin_rebuild(self) -> int:
        """Open a new generation; what an interrupted rebuild left is dropped."""
        state = _locked_state()
        _erase(SearchDocument.objects.exclude(generation=state.live_generation))
        state.building_generation = max(state.live_generation, state.building_generation or 0) + 1
        state.save()
        return state.building_generation

    def write(self, generation: int, documents: Sequence[Document]) -> None:
        """Write ``documents`` in a generation that is being built."""
        if IndexState.load().building_generation != generation:
            raise RebuildSuperseded
        _write(generation, documents)

    @transaction.atomic
    def promote(self, generation: int) -> None:
        """Read ``generation`` from now on and drop the others, in one transaction."""
        state = _locked_state()
        if state.building_generation != generation:
            raise RebuildSuperseded
        state.live_generation, state.building_generation = generation, None
        state.save()
        _erase(SearchDocument.objects.exclude(generation=generation))

    @transaction.atomic
    def abandon(self, generation: int) -> None:
        """Drop ``generation``; the live one is not touched."""
        state = _locked_state()
        if state.building_generation == generation:
            state.building_generation = None
            state.save()
            _erase(SearchDocument.objects.filter(generation=generation))


def _locked_state() -> IndexState:
    IndexState.load()
    return IndexState.objects.select_for_update().get(pk=1)


# Writing


def _digest(document: Document) -> str:
    values = [str(sorted(value)) if isinstance(value, frozenset) else repr(value) for value in astuple(document)]
    return hashlib.sha256("\x1f".join([str(ANALYZER_VERSION), *values]).encode()).hexdigest()


@transaction.atomic
def _write(generation: int, documents: Sequence[Document]) -> None:
    """Replace the rows of ``documents``; what has not changed is not written again."""
    digests = {document.key: _digest(document) for document in documents}
    known = SearchDocument.objects.filter(generation=generation, key__in=digests)
    unchanged = {key for key, digest in known.values_list("key", "digest") if digests[key] == digest}
    changed = {document.key: document for document in documents if document.key not in unchanged}
    _erase(known.exclude(key__in=unchanged))
    rows, counts = [], []
    for document in changed.values():
        row, words = _project(document, generation, digests[document.key])
        rows.append(row)
        counts.append(words)
    SearchDocument.objects.bulk_create(rows)
    DocumentAudience.objects.bulk_create(
        DocumentAudience(document=row, token=token)
        for row, document in zip(rows, changed.values(), strict=True)
        for token in sorted(document.audience if PUBLIC not in document.audience else ())
    )
    _insert_postings(
        (row.pk, term, title, body, members)
        for row, words in zip(rows, counts, strict=True)
        for term, (title, body, members) in words.items()
    )


def _insert_postings(rows: Iterable[tuple[int, str, int, int, int]]) -> None:
    """Write rows of postings as they are: by model instances it took five times as long."""
    quote = connection.ops.quote_name
    columns = ("document_id", "term", "title_count", "body_count", "members_count")
    names = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(Posting._meta.db_table)} ({names}) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608
            list(rows),
        )


def _erase(documents: QuerySet[SearchDocument]) -> None:
    """Delete documents with their rows, without loading them or sending a signal for each."""
    pks = documents.values("pk")
    with transaction.atomic():
        for rows in (Posting.objects.filter(document__in=pks), DocumentAudience.objects.filter(document__in=pks)):
            rows._raw_delete(rows.db)
        documents._raw_delete(documents.db)


def _project(document: Document, generation: int, digest: str) -> tuple[SearchDocument, dict[str, list[int]]]:
    """Return the row of ``document`` and its words: term → counts in title, text, members' text."""
    title, summary, body = clean_text(document.title), clean_text(document.summary), clean_text(document.body)
    members_body, keywords = clean_text(document.members_body), clean_text(document.keywords)
    words: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    lengths = [0, 0, 0]
    for place, text in enumerate((title, f"{summary}\n{body}\n{keywords}", members_body)):
        for token in tokens(text):
            lengths[place] += 1
            words[token.stem][place] += 1
            if token.exact != token.stem:
                words[EXACT + token.exact][place] += 1
    row = SearchDocument(
        key=document.key,
        kind=document.kind,
        generation=generation,
        title=title[:300],
        summary=summary,
        body=body,
        members_body=members_body,
        breadcrumb=clean_text(document.breadcrumb)[:300],
        url=document.url,
        themes=" ".join(document.themes),
        territories=" ".join(document.territories),
        date=document.date,
        weight=document.weight,
        is_public=PUBLIC in document.audience,
        title_length=lengths[0],
        body_length=lengths[1],
        members_length=lengths[2],
        digest=digest,
    )
    return row, words


# Reading


def _postings(concepts: Sequence[Concept], with_members_text: bool) -> QuerySet[Posting]:
    """Return the rows of the question's words; those of the members' text alone only for members."""
    found = Posting.objects.filter(term__in=set().union(*(concept.terms for concept in concepts)))
    return found if with_members_text else found.exclude(title_count=0, body_count=0)


def _rows(postings: QuerySet[Posting], with_members_text: bool) -> Iterable[tuple[str, int, int, int]]:
    text = F("body_count") + F("members_count") if with_members_text else F("body_count")
    return postings.order_by().values_list("term", "document_id", "title_count", text)


def _measure(readable: QuerySet[SearchDocument], with_members_text: bool) -> Collection:
    text = F("body_length") + F("members_length") if with_members_text else F("body_length")
    means = readable.aggregate(size=Count("pk"), title=Avg("title_length"), text=Avg(text))
    return Collection(means["size"], float(means["title"] or 0), float(means["text"] or 0))


def _candidates(
    readable: QuerySet[SearchDocument], postings: QuerySet[Posting], collection: Collection, with_members_text: bool
) -> dict[int, Candidate]:
    """Return what the reader may see among the documents that say one of the words."""
    rows = (
        readable.filter(pk__in=postings.values("document_id"))
        .order_by()
        .values_list(
            "pk", "weight", "date", "title_length", "body_length", "members_length", "kind", "themes", "territories"
        )
    )
    return {
        pk: Candidate(
            pk,
            weight,
            day.toordinal() if day else 0,
            norm_of(title, collection.title_length),
            norm_of(body + members if with_members_text else body, collection.text_length),
            (kind, themes, territories),
        )
        for pk, weight, day, title, body, members, kind, themes, territories in rows
    }


def _sift(
    found: Counter[tuple[str, str, str]], chosen: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, Counter[str]], set[tuple[str, str, str]]]:
    """Return the counts of each facet's values, and the combinations that pass every choice.

    Documents of the same kind, themes and territories are counted together. A value counts what
    choosing it would show with the other facets as they are.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    passing = set()
    for facets, number in found.items():
        values = dict(zip(FACETS, (facets[0:1], facets[1].split(), facets[2].split()), strict=True))
        failing = {name for name, wanted in chosen.items() if wanted and set(wanted).isdisjoint(values[name])}
        if not failing:
            passing.add(facets)
        for name in FACETS:
            if failing <= {name}:
                counts[name].update(dict.fromkeys(values[name], number))
    return counts, passing


def _hits(
    readable: QuerySet[SearchDocument], pks: Sequence[int], concepts: Sequence[Concept], with_members_text: bool
) -> list[Hit]:
    """Return the hits in the order of ``pks``; one that has just gone is left out."""
    fields = ["key", "kind", "title", "summary", "body", "url", "date", "breadcrumb"]
    if with_members_text:
        fields.append("members_body")
    rows: Mapping[int, Any] = {row.pk: row for row in readable.filter(pk__in=pks).only("pk", *fields)} if pks else {}
    wanted = {concept.stem for concept in concepts}.union(
        *(expression for concept in concepts for expression in concept.synonyms)
    )
    found = []
    for row in (rows[pk] for pk in pks if pk in rows):
        texts = [row.summary, row.body, *([row.members_body] if with_members_text else [])]
        found.append(
            Hit(row.key, row.kind, mark(row.title, wanted), excerpt(texts, wanted), row.url, row.date, row.breadcrumb)
        )
    return found
