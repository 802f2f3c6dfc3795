"""Keeping the pages of organisations true: reminders, and one click to answer them."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from directory.models import Membership, Organisation
from directory.models.organisations import FRESH_FOR, STALE_AFTER
from directory.selectors import managers_of
from directory.tokens import freshness_token
from portal.core.addresses import absolute_of
from portal.core.dates import format_day
from portal.mail.services import queue_mail

#: Reminders of one run at most; the others are sent the next day.
BATCH = 500


def ask_to_confirm() -> int:
    """Ask the managers of pages that nobody has confirmed for six months, again at twelve; returns how many pages.

    Two reminders and no third: who has not answered a year after is not written to any more.
    """
    now = timezone.now()
    managed = Membership.objects.active().filter(
        organisation=OuterRef("pk"), role=Membership.Role.MANAGER, user__is_active=True
    )
    pages = Organisation.objects.filter(Exists(managed), is_listed=True, merged_into=None).annotate(
        right_since=Coalesce("last_confirmed_at", "created_at")
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
    stamp = organisation.confirmed_at
    organisation.last_asked_at = timezone.now()
    # Nothing that people read changes: no cache is renewed.
    Organisation.objects.filter(pk=organisation.pk).update(last_asked_at=organisation.last_asked_at)
    for manager in managers_of(organisation):
        queue_mail(
            "directory.confirm_page",
            to=manager.email,
            key=f"directory:fresh:{organisation.uid}:{organisation.last_asked_at.date()}:{manager.pk}",
            context={
                "organisation": organisation.name,
                "day": format_day(timezone.localdate(stamp)),
                "page": absolute_of("directory:organisation", organisation.slug),
            },
            url=absolute_of("directory:confirm", freshness_token(organisation)),
        )


@transaction.atomic
def confirm_page(*, organisation: Organisation) -> None:
    """Note that the page is right today; for whoever holds its link, or writes the page."""
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    locked.last_confirmed_at = timezone.now()
    locked.save(update_fields=["last_confirmed_at", "updated_at"])
