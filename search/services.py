"""Writes of search: saved searches and what is new for them, questions without a result."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.accounts.models import User
from portal.moderation.guard import find_personal_data
from portal.notifications.services import record_event
from search.addresses import address_of
from search.analysis import clean_text
from search.engines import get_engine
from search.engines.base import SearchRequest
from search.engines.question import words_of
from search.models import NewDocument, SavedSearch, UnansweredQuestion, VocabularyWord
from search.selectors import still_visible
from search.sources import tokens_for

MOST_SAVED = 50
#: In an address each sign of another alphabet takes six signs or more.
LONGEST_ADDRESS = SavedSearch._meta.get_field("address").max_length or 0
MOST_UNANSWERED = 5_000
MOST_WORDS = 6
#: Questions asked seldom are forgotten after this, the others after a year.
SELDOM_KEPT, KEPT = timedelta(days=30), timedelta(days=365)
#: New documents that a run of the alerts looks at, and keys that an event carries.
BATCH = 500


class TooManySavedSearches(Exception):
    """The member keeps ``MOST_SAVED`` searches already."""


class TooLongSearch(Exception):
    """The address of the search does not fit in its column."""


@transaction.atomic
def save_search(*, user: User, text: str, chosen: Mapping[str, Sequence[str]]) -> SavedSearch:
    """Keep a search of ``user``, with alerts; the same search is kept once, and its alerts come back.

    Raises TooManySavedSearches and TooLongSearch. Called by the member themselves.
    """
    address = address_of(text, chosen)
    if len(address) > LONGEST_ADDRESS:
        raise TooLongSearch
    known = SavedSearch.objects.filter(user=user)
    if not known.filter(address=address).exists() and known.count() >= MOST_SAVED:
        raise TooManySavedSearches
    kept = {name: sorted(values) for name, values in chosen.items() if values}
    saved, _created = known.get_or_create(user=user, address=address, defaults={"text": text, "chosen": kept})
    if not saved.alerts:
        set_alerts(saved=saved, alerts=True)
    return saved


def set_alerts(*, saved: SavedSearch, alerts: bool) -> None:
    """Switch the alerts of a saved search; called by its owner."""
    saved.alerts = alerts
    saved.save(update_fields=["alerts"])


def forget_search(*, saved: SavedSearch) -> None:
    """Delete a saved search; called by its owner."""
    saved.delete()


@transaction.atomic
def send_alerts() -> int:
    """Record an event for each saved search that new documents meet; returns how many.

    The reader's rights of now decide, and are asked again when the news is told.
    """
    rows = list(NewDocument.objects.order_by("pk")[:BATCH])
    if not rows:
        return 0
    keys = [row.key for row in rows]
    engine, recorded = get_engine(), 0
    waiting = (
        SavedSearch.objects.filter(alerts=True, user__is_active=True).select_related("user").order_by("user_id", "pk")
    )
    for user, searches in groupby(waiting.iterator(chunk_size=500), key=lambda saved: saved.user):
        tokens = tokens_for(user)
        for saved in searches:
            chosen = {name: tuple(values) for name, values in saved.chosen.items()}
            met = engine.match(SearchRequest(saved.text, tokens, chosen), keys)
            seen = still_visible(user, [key for key in keys if key in met])
            if seen:
                record_event("search.alert", about=saved, key=f"{saved.pk}:{rows[-1].pk}", data={"keys": seen[:50]})
                recorded += 1
    NewDocument.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return recorded


def note_unanswered(text: str) -> None:
    """Count a question that found nothing, without anything of the person who asked it.

    Kept are its words in their order, in lower case, where it is short, holds no number, address
    or other personal data that ``moderation`` knows, and says one word of the public vocabulary at least: a
    name alone is not kept.
    """
    words = words_of(text)
    shown = " ".join(clean_text(text).lower().split())
    if not 1 <= len(words) <= MOST_WORDS or len(shown) > 120 or "@" in shown or any(sign.isdigit() for sign in shown):
        return
    if (
        find_personal_data(clean_text(text))
        or not VocabularyWord.objects.filter(pk__in=[word.exact for word in words]).exists()
    ):
        return
    today = timezone.localdate()
    known = UnansweredQuestion.objects.filter(words=shown)
    if not known.update(times=F("times") + 1, last_day=today) and UnansweredQuestion.objects.count() < MOST_UNANSWERED:
        UnansweredQuestion.objects.get_or_create(words=shown, defaults={"first_day": today, "last_day": today})


def forget_unanswered() -> None:
    """Delete the questions that nobody has asked for long."""
    today = timezone.localdate()
    UnansweredQuestion.objects.filter(last_day__lt=today - KEPT).delete()
    UnansweredQuestion.objects.filter(times__lt=3, last_day__lt=today - SELDOM_KEPT).delete()
