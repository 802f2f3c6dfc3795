"""The index follows what happens, no more and no less."""

import logging
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction

from portal.taxonomy.models import GlossaryEntry, Occupation
from search import api, indexing
from search.engines import database_engine
from search.engines.base import RebuildSuperseded
from search.engines.database import postings
from search.models import IndexBlock, IndexState, IndexTask, SearchDocument, VocabularyWord, postings_of
from search.selectors import search_site

AddNote = Callable[..., Occupation]


def total(text: str) -> int:
    return search_site(user=AnonymousUser(), text=text, chosen={}).result.total


@pytest.mark.django_db(transaction=True)
def test_a_save_is_found_once_committed(notes: Any) -> None:
    with transaction.atomic():
        note = Occupation.objects.create(code="K1", name="Charpente")
        assert IndexTask.objects.filter(key=f"note:{note.pk}").exists()
        assert total("charpente") == 0
    assert total("charpente") == 1
    assert not IndexTask.objects.exists()
    note.name = "Menuiserie"
    note.save()
    assert (total("charpente"), total("menuiserie")) == (0, 1)
    note.delete()
    assert total("menuiserie") == 0
    assert not postings_of(IndexState.load().live_generation).objects.exists()
    assert not VocabularyWord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_leaves_nothing(notes: Any) -> None:
    with transaction.atomic():
        Occupation.objects.create(code="K1", name="Charpente")
        transaction.set_rollback(True)
    assert not IndexTask.objects.exists()
    assert not SearchDocument.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_touch_announces_what_no_signal_tells(notes: Any) -> None:
    note = Occupation.objects.create(code="K1", name="Charpente")
    Occupation.objects.update(name="Menuiserie")
    assert total("menuiserie") == 0
    api.touch(note)
    assert total("menuiserie") == 1


def test_a_source_may_withdraw_a_document(add_note: AddNote, notes: Any) -> None:
    note = add_note("Charpente")
    notes.fields[note.code] = {"absent": True}
    note.save()
    indexing.drain()
    assert total("charpente") == 0


def test_a_related_change_reaches_the_document(add_note: AddNote, notes: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    note = add_note("Charpente")
    monkeypatch.setattr(type(notes), "related", ("taxonomy.GlossaryEntry",))
    monkeypatch.setattr(notes, "affected_by", lambda instance: [note], raising=False)
    notes.fields[note.code] = {"body": "menuiserie"}
    GlossaryEntry.objects.create(acronym="XYZ", slug="xyz", expansion="")
    assert IndexTask.objects.filter(key=f"note:{note.pk}").exists()
    indexing.drain()
    assert total("menuiserie") == 1


def test_one_document_that_fails_holds_nothing_up(
    add_note: AddNote, notes: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = add_note("Charpente")
    notes.fields[broken.code] = {"unknown_field": 1}
    broken.save()
    notes.fields["K9"] = {}
    Occupation.objects.create(code="K9", name="Menuiserie")
    with caplog.at_level(logging.CRITICAL):
        for _attempt in range(IndexTask.MAX_ATTEMPTS + 2):
            indexing.drain()
    assert total("menuiserie") == 1
    assert total("charpente") == 1, "the last good description stays"
    assert IndexTask.objects.get().attempts == IndexTask.MAX_ATTEMPTS
    notes.fields[broken.code] = {"body": "réparée"}
    output = StringIO()
    call_command("search_drain", stdout=output)
    assert total("réparée") == 1
    assert output.getvalue() == "1 documents indexed, 0 tasks left\n"


def test_an_unchanged_document_is_not_written_again(add_note: AddNote) -> None:
    note = add_note("Charpente")
    row = SearchDocument.objects.get(key=f"note:{note.pk}").pk
    note.save()
    indexing.drain()
    assert SearchDocument.objects.get(key=f"note:{note.pk}").pk == row


def _contents() -> dict[str, Any]:
    keys = dict(SearchDocument.objects.values_list("pk", "key"))
    rows = postings_of(IndexState.load().live_generation).objects.values_list("field", "term", "block", "data")
    return {
        "documents": sorted(SearchDocument.objects.values_list("key", "title", "digest", "body", "themes", "audience")),
        "words": {
            (field, term): {keys[block * postings.BLOCK + place]: impact for place, impact in found.items()}
            for field, term, block, data in rows
            if (found := postings.decode(bytes(data)))
        },
        "vocabulary": sorted(VocabularyWord.objects.values_list("word", "shown", "documents")),
    }


def test_a_rebuild_gives_what_updates_gave(add_note: AddNote) -> None:
    add_note("Charpente", body="bois", members_body="prix", themes=("toit",), date=date(2026, 3, 12))
    other = add_note("Menuiserie", audience=frozenset({"members", "group:3"}))
    other.name = "Menuiserie générale"
    other.save()
    indexing.drain()
    before = _contents()
    output = StringIO()
    call_command("search_rebuild", stdout=output)
    assert _contents() == before
    assert len(before["documents"]) == 2
    assert "  note: 2\n" in output.getvalue()
    assert IndexState.load().building_generation is None


def test_a_rebuild_drops_what_is_gone_and_repairs_what_is_wrong(add_note: AddNote) -> None:
    add_note("Charpente")
    gone = add_note("Menuiserie")
    Occupation.objects.filter(pk=gone.pk)._raw_delete("default")
    SearchDocument.objects.filter(title="Charpente").update(title="Faux")
    indexing.rebuild(lambda *progress: None)
    assert list(SearchDocument.objects.values_list("title", flat=True)) == ["Charpente"]


def test_search_answers_from_the_old_generation_until_the_change_over(add_note: AddNote) -> None:
    note, other = add_note("Charpente"), add_note("Toiture")
    engine = database_engine()
    generation = engine.begin_rebuild()
    assert total("charpente") == 1
    note.name = "Menuiserie"
    note.save()
    indexing.drain()
    assert (total("charpente"), total("menuiserie")) == (0, 1)
    told: list[tuple[int, int]] = []

    def change_while_filling(done: int, all_of_them: int) -> None:
        told.append((done, all_of_them))
        other.name = "Couverture"
        other.save()
        indexing.drain()
        assert (total("toiture"), total("couverture")) == (0, 1)

    engine.fill(generation, change_while_filling)
    assert told == [(2, 2)]
    assert IndexState.load().live_generation == generation
    assert [total(word) for word in ("charpente", "menuiserie", "toiture", "couverture")] == [0, 1, 0, 1]
    assert set(IndexBlock.objects.values_list("generation", flat=True)) >= {generation}


def test_a_rebuild_that_fails_leaves_search_as_it_was(add_note: AddNote, notes: Any) -> None:
    note = add_note("Charpente")
    notes.fields[note.code] = {"unknown_field": 1}
    with pytest.raises(TypeError):
        indexing.rebuild(lambda *progress: None)
    assert total("charpente") == 1
    assert SearchDocument.objects.count() == 1


def test_of_two_rebuilds_the_later_one_wins(add_note: AddNote) -> None:
    add_note("Charpente")
    engine = database_engine()
    first = engine.begin_rebuild()
    second = engine.begin_rebuild()
    with pytest.raises(RebuildSuperseded):
        engine.fill(first, lambda done, total: None)
    engine.abandon(first)
    engine.fill(second, lambda done, total: None)
    assert IndexState.load().live_generation == second
    assert total("charpente") == 1


def test_the_worker_takes_what_is_too_much_for_a_request(
    db: None, notes: Any, django_capture_on_commit_callbacks: Any
) -> None:
    rows = [Occupation(code=f"K{number}", name="Charpente") for number in range(indexing.INLINE_LIMIT + 1)]
    Occupation.objects.bulk_create(rows)
    with django_capture_on_commit_callbacks(execute=True):
        api.touch(*Occupation.objects.all())
    assert total("charpente") == indexing.INLINE_LIMIT
    assert indexing.drain() == 1
    assert total("charpente") == indexing.INLINE_LIMIT + 1


def test_the_worker_takes_it_from_one_that_saves_them_one_by_one_too(
    db: None, notes: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(indexing.INLINE_LIMIT + 1):
            Occupation.objects.create(code=f"K{number}", name="Charpente")
    assert total("charpente") == indexing.INLINE_LIMIT
    assert indexing.drain() == 1
    assert total("charpente") == indexing.INLINE_LIMIT + 1


def test_versions_of_a_document_only_grow(add_note: AddNote) -> None:
    note = add_note("Charpente")
    first = SearchDocument.objects.get().version
    SearchDocument.objects.update(version=first + 1000)
    note.name = "Menuiserie"
    note.save()
    indexing.drain()
    assert SearchDocument.objects.get().version == first + 1001
