"""Keeping the pages of organisations true: reminders, and one click to answer them."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from directory.freshness.rules import STILL_RIGHT, still_right_group
from directory.models import Membership, Organisation
from directory.models.organisations import FRESH_FOR, STALE_AFTER
from directory.selectors import managers_of
from portal.notifications.services import mark_seen, record_event

#: Reminders of one run at most; the others are sent the next day.
BATCH = 500


def ask_to_confirm() -> int:
    """Ask the managers of pages that nobody has confirmed for six months, again at twelve; returns how many pages.

    Two reminders and no third: who has not answered a year after is not written to any more. The ledger
    tells each manager as they chose.
    """
    now = timezone.now()
    places = Membership.objects.active().held_by_members()
    managed = places.filter(organisation=OuterRef("pk"), role=Membership.Role.MANAGER)
    pages = (
        Organisation.objects.listed()
        .filter(Exists(managed))
        .annotate(right_since=Coalesce("last_confirmed_at", "created_at"))
    )
    never_asked = Q(last_asked_at=None) | Q(last_asked_at__lt=F("right_since"))
    asked_once = Q(last_asked_at__lt=F("right_since") + STALE_AFTER)
    due = Q(right_since__lt=now - FRESH_FOR) & never_asked
    due |= Q(right_since__lt=now - STALE_AFTER) & asked_once & Q(last_asked_at__lt=now - FRESH_FOR / 2)
    asked = list(pages.filter(due).order_by("pk")[:BATCH])
    for organisation in asked:
        _ask(organisation)
    return len(asked)


@transaction.atomic
def _ask(organisation: Organisation) -> None:
    organisation.last_asked_at = timezone.now()
    # Nothing that people read changes: no cache is renewed.
    Organisation.objects.filter(pk=organisation.pk).update(last_asked_at=organisation.last_asked_at)
    record_event(
        STILL_RIGHT,
        about=organisation,
        key=f"{organisation.pk}:{organisation.last_asked_at.date()}",
        data={"since": str(organisation.confirmed_at)},
    )


@transaction.atomic
def confirm_page(*, organisation: Organisation) -> None:
    """Note that the page is right today; for whoever holds its link, or writes the page."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    locked.last_confirmed_at = timezone.now()
    locked.save(update_fields=["last_confirmed_at", "updated_at"])
    # Whoever was asked as well need not answer any more.
    for manager in managers_of(locked):
        mark_seen(user=manager, group=still_right_group(locked.pk))
