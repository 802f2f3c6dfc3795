"""Requests to Elasticsearch, built with its query language for Python; the one module that imports it.

Functions here only build: what they return is JSON that the tests check against the types that
Elasticsearch publishes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from elasticsearch.dsl import A, Document, Float, Keyword, Q, Search, Text, analyzer, char_filter, token_filter
from elasticsearch.dsl import Date as DateField
from elasticsearch.dsl.query import Query

from search.engines.base import FACETS, MOST_SHOWN, SearchRequest, SimilarRequest, Sort
from search.engines.question import Concept
from search.enums import MEMBERS
from search.models import SearchDocument

#: A facet's values: the default of 10 would hide départements.
MOST_VALUES = 500
TITLE_BOOST = 2.0
EXACT_BOOST = 0.3
SYNONYM_FACTOR = 0.7
FIELD_OF_FACET = {"type": "kind", "theme": "themes", "territoire": "territories", "appel": "calls", "annee": "year"}

_apostrophes = char_filter("portal_apostrophes", "mapping", mappings=["’=>'", "`=>'", "´=>'", "ʼ=>'"])
# « L’Hébergement »: only a word in lower case has its article taken away.
_elision = token_filter(
    "portal_elision",
    "elision",
    articles=["c", "d", "j", "l", "m", "n", "s", "t", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"],
)
_stop = token_filter("portal_stop", "stop", stopwords="_french_")
_stemmer = token_filter("portal_stemmer", "stemmer", language="light_french")
STEMMED = analyzer(
    "portal_french",
    type="custom",
    tokenizer="standard",
    char_filter=[_apostrophes],
    filter=["lowercase", _elision, _stop, "asciifolding", _stemmer],
)
EXACT = analyzer(
    "portal_exact",
    type="custom",
    tokenizer="standard",
    char_filter=[_apostrophes],
    filter=["lowercase", _elision, "asciifolding"],
)


def index_body(stemmed: Any = STEMMED, exact: Any = EXACT, *, replicas: int = 1) -> dict[str, Any]:
    """Return the settings and the mapping of an index; analyzers may be replaced by built-in ones."""

    def text() -> Text:
        return Text(analyzer=stemmed, fields={"exact": Text(analyzer=exact)})

    class Entry(Document):
        kind = Keyword()
        themes = Keyword()
        territories = Keyword()
        calls = Keyword()
        year = Keyword()
        audience = Keyword()
        date = DateField()
        weight = Float()
        title = text()
        text_field = text()
        members = text()

    # « text » is the name of the function above, and that of the field.
    index = Entry._index.to_dict()
    properties = index["mappings"]["properties"]
    properties["text"] = properties.pop("text_field")
    # A field that nobody has declared is a mistake, not a new field.
    index["mappings"]["dynamic"] = "strict"
    index["settings"] = index.get("settings", {}) | {"number_of_shards": 1, "number_of_replicas": replicas}
    return index


def source_of(row: SearchDocument) -> dict[str, Any]:
    """Return what is indexed of a row of the projection."""
    return {
        "kind": row.kind,
        "themes": row.themes.split(),
        "territories": row.territories.split(),
        "calls": row.calls.split(),
        "year": [str(row.date.year)] if row.date else [],
        "audience": row.audience.split(),
        "date": row.date.isoformat() if row.date else None,
        "weight": row.weight,
        "title": row.title,
        "text": f"{row.summary}\n{row.body}\n{row.keywords}",
        "members": row.members_body,
    }


def bulk_operations(index: str, rows: Iterable[SearchDocument], gone: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the operations that write ``rows`` and delete ``gone`` (key → version) in ``index``.

    Each carries the version of its document: one that comes late is refused by the server.
    """
    operations: list[dict[str, Any]] = []
    for row in rows:
        operations += [{"index": _target(index, row.key, row.version)}, source_of(row)]
    operations += [{"delete": _target(index, key, version)} for key, version in gone.items()]
    return operations


def _target(index: str, key: str, version: int) -> dict[str, Any]:
    return {"_index": index, "_id": key, "version": version, "version_type": "external_gte"}


def search_body(request: SearchRequest, concepts: Sequence[Concept], needed: int) -> dict[str, Any]:
    """Return the search for documents that say ``needed`` of ``concepts``, with its facets.

    The audience is in the query itself: nothing that the reader may not see is counted. Choices
    narrow the hits, and each facet by the other ones. “complete” counts the documents that say all
    of ``concepts``.
    """
    queries = _concept_queries(request.tokens, concepts)
    search = Search().query(_query(request.tokens, queries, needed))
    search.aggs.bucket("complete", A("filter", Q("bool", must=queries)))
    chosen = {name: values for name, values in request.chosen.items() if values}
    for name in FACETS:
        others = [_choice(other, values) for other, values in chosen.items() if other != name]
        facet = A("filter", Q("bool", filter=others)) if others else A("filter", Q("match_all"))
        facet.bucket("values", "terms", field=FIELD_OF_FACET[name], size=MOST_VALUES)
        search.aggs.bucket(name, facet)
    if chosen:
        search = search.post_filter(Q("bool", filter=[_choice(name, values) for name, values in chosen.items()]))
    newest = {"date": {"order": "desc", "missing": "_last", "unmapped_type": "date"}}
    search = search.sort(newest, "_score") if request.sort is Sort.DATE else search.sort("_score", newest)
    first = min((request.page - 1) * request.page_size, MOST_SHOWN - request.page_size)
    return _finished(search, first, request.page_size)


def match_body(request: SearchRequest, concepts: Sequence[Concept], keys: Sequence[str]) -> dict[str, Any]:
    """Return the search that tells which of ``keys`` meet ``request``."""
    narrowing = [_choice(name, values) for name, values in request.chosen.items() if values]
    queries = _concept_queries(request.tokens, concepts)
    query = _query(request.tokens, queries, len(queries), Q("ids", values=list(keys)), *narrowing)
    return _finished(Search().query(query), 0, max(len(keys), 1))


def said_body(tokens: frozenset[str], concepts: Sequence[Concept]) -> dict[str, Any]:
    """Return the request that counts the readable documents of each concept, by its exact form."""
    search = Search().query(Q("bool", filter=[_readable(tokens)]))
    filters = {concept.exact: _concept_query(tokens, concept) for concept in concepts}
    search.aggs.bucket("said", "filters", filters=filters)
    return _finished(search, 0, 0)


def titles_body(prefix: str, tokens: frozenset[str], size: int) -> dict[str, Any]:
    """Return the search for titles that say the words of ``prefix``, the last one perhaps unfinished."""
    titled = Q("match_bool_prefix", **{"title.exact": {"query": prefix, "operator": "and"}})
    return _finished(Search().query(Q("bool", must=[titled], filter=[_readable(tokens)])), 0, size)


def similar_body(request: SimilarRequest) -> dict[str, Any]:
    """Return the search for what resembles a text."""
    alike = Q(
        "more_like_this",
        fields=["title", "text"],
        like=request.text[:20_000] or " ",
        min_term_freq=1,
        min_doc_freq=2,
        max_query_terms=12,
        minimum_should_match="30%",
    )
    filters = [_readable(request.tokens), *([_choice("type", request.kinds)] if request.kinds else [])]
    excluded = [Q("ids", values=sorted(request.excluded))] if request.excluded else []
    search = Search().query(Q("bool", must=[alike], filter=filters, must_not=excluded))
    return _finished(search, 0, request.limit)


def alias_actions(alias: str, old: Iterable[str], new: str, building: str) -> dict[str, Any]:
    """Return the one change of aliases after which ``new`` is searched."""
    removed = [{"remove": {"index": index, "alias": alias}} for index in old]
    kept = [
        {"remove": {"index": new, "alias": building}},
        {"add": {"index": new, "alias": alias, "is_write_index": True}},
    ]
    return {"actions": [*removed, *kept]}


def _finished(search: Search, first: int, size: int) -> dict[str, Any]:
    return search.source(False).extra(from_=first, size=size, track_total_hits=True).to_dict()


def _readable(tokens: frozenset[str]) -> Query:
    return Q("terms", audience=sorted(tokens))


def _choice(facet: str, values: Iterable[str]) -> Query:
    return Q("terms", **{FIELD_OF_FACET[facet]: sorted(values)})


def _query(tokens: frozenset[str], queries: Sequence[Query], needed: int, *filters: Query) -> Query:
    found = Q(
        "bool",
        should=list(queries),
        minimum_should_match=min(needed, len(queries)),
        filter=[_readable(tokens), *filters],
    )
    return Q("function_score", query=found, functions=[{"field_value_factor": {"field": "weight", "missing": 1}}])


def _concept_queries(tokens: frozenset[str], concepts: Sequence[Concept]) -> list[Query]:
    return [_concept_query(tokens, concept) for concept in concepts]


def _concept_query(tokens: frozenset[str], concept: Concept) -> Query:
    """Return what finds a word, its other forms, or all words of a synonym."""
    names = ["text", *(["members"] if MEMBERS in tokens else [])]
    word = Q(
        "multi_match", query=concept.exact, type="most_fields",
        fields=[
            *(f"title^{TITLE_BOOST}", *names),
            *(f"title.exact^{TITLE_BOOST * EXACT_BOOST}", f"text.exact^{EXACT_BOOST}"),
        ],
    )  # fmt: skip
    others = [
        Q(
            "multi_match", query=" ".join(expression), type="cross_fields", operator="and",
            fields=[f"title^{TITLE_BOOST}", *names], boost=SYNONYM_FACTOR,
        )
        for expression in concept.synonyms
    ]  # fmt: skip
    return Q("dis_max", queries=[word, *others]) if others else word
