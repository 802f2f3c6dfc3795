"""The states of a registration and of an invitation."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: How long the link that confirms an address is good.
CONFIRMATION_LASTS = timedelta(hours=24)
#: How long an invitation is good.
INVITATION_LASTS = timedelta(days=14)
#: Mails of invitation that one person has sent in 24 hours: three full lists for who animates, one for a manager.
ANIMATOR_A_DAY, MANAGER_A_DAY = 600, 200
#: Within how many working days the animators answer; said to whoever waits.
ANSWER_WORKING_DAYS = 3


class RegistrationState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("address not confirmed")
    #: The address had an account already: nothing will come of this row.
    KNOWN = "known", _("address already known")
    AWAITING = "awaiting", _("awaiting approval")
    APPROVED = "approved", pgettext_lazy("a registration", "approved")
    REFUSED = "refused", pgettext_lazy("a registration", "refused")


#: What animators ever see.
CONFIRMED_STATES = (RegistrationState.AWAITING, RegistrationState.APPROVED, RegistrationState.REFUSED)


class InvitationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("an invitation", "sent")
    ACCEPTED = "accepted", pgettext_lazy("an invitation", "accepted")
    REVOKED = "revoked", pgettext_lazy("an invitation", "withdrawn")
    EXPIRED = "expired", pgettext_lazy("an invitation", "expired")
