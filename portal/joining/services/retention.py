"""What joining forgets, and when."""

import logging
from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone

from portal.accounts.data_rights.erasure import forget_records
from portal.accounts.models import User
from portal.joining.enums import RegistrationState
from portal.joining.models import Invitation, Registration, RegistrationQuerySet
from portal.mail.models import OutboxMessage

logger = logging.getLogger(__name__)

UNCONFIRMED_KEPT = timedelta(days=7)
REFUSED_KEPT = timedelta(days=183)
INVITATION_KEPT = timedelta(days=183)


def forget_old_requests() -> int:
    """Delete what nobody confirmed, the refused people, and old invitations; returns how many of them.

    Run every day by the worker.
    """
    now = timezone.now()
    stale = Registration.objects.filter(
        state__in=[RegistrationState.UNCONFIRMED, RegistrationState.KNOWN], created_at__lt=now - UNCONFIRMED_KEPT
    )
    _forget_strangers(stale)
    forgotten, _by_model = stale.delete()
    closed = models.Q(expires_at__lt=now - INVITATION_KEPT) | models.Q(revoked_at__lt=now - INVITATION_KEPT)
    count, _by_model = Invitation.objects.filter(closed).delete()
    return forgotten + count + _forget_refused()


def _forget_strangers(stale: RegistrationQuerySet) -> None:
    """Delete the mails that asked for a confirmation, where nobody answered: the address may be anybody's.

    Those to an address that has asked again wait with its newer request.
    """
    asked = set(stale.filter(state=RegistrationState.UNCONFIRMED).values_list("email", flat=True))
    known = set(User.objects.filter(email__in=asked).values_list("email", flat=True))
    others = Registration.objects.filter(email__in=asked).exclude(pk__in=stale.values("pk"))
    kept = known.union(others.values_list("email", flat=True))
    OutboxMessage.objects.filter(kind="joining.confirm_address", to__in=asked - kept).delete()


def _forget_refused() -> int:
    """Delete the accounts that were refused long ago, with all that tells of them; they never were members."""
    refused = Registration.objects.filter(
        state=RegistrationState.REFUSED, decided_at__lt=timezone.now() - REFUSED_KEPT
    ).select_related("user")
    count = 0
    for registration in refused:
        try:
            with transaction.atomic():
                if registration.user and registration.user.membership_status == User.MembershipStatus.REFUSED:
                    # The mails that went to the address too, and the name in the journal.
                    forget_records(user=registration.user)
                    registration.user.delete()
                Registration.objects.filter(pk=registration.pk).delete()
                count += 1
        except models.ProtectedError:
            # Something of theirs must stay (it cannot be, short of a hand in the admin): the others go on.
            logger.exception("the refused account of registration %s could not be deleted", registration.pk)
    return count
