"""Decisions on possible duplicates."""

from django.db import transaction
from django.utils import timezone

from directory.enums import PairDecision
from directory.models import DuplicatePair
from portal.accounts.models import User


@transaction.atomic
def keep_apart(*, pair: DuplicatePair, by: User) -> None:
    """Remember for ever that the two are two; a pair that was merged meanwhile stays merged."""
    locked = DuplicatePair.objects.select_for_update().get(pk=pair.pk)
    if locked.decision == PairDecision.WAITING:
        locked.decision, locked.decided_by, locked.decided_at = PairDecision.DISTINCT, by, timezone.now()
        locked.save(update_fields=["decision", "decided_by", "decided_at"])
