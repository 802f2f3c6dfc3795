"""Reads of a member's own registrations."""

from agenda.enums import RegistrationState
from agenda.models import Registration, RegistrationQuerySet
from portal.accounts.models import User


def registrations_of_member(user: User) -> RegistrationQuerySet:
    """Return what a member asked for and has not withdrawn, in the order of the dates."""
    own = Registration.objects.filter(user=user).exclude(
        state__in=[RegistrationState.CANCELLED, RegistrationState.UNCONFIRMED]
    )
    related = ("session__plan", "session__occurrence__event")
    return own.select_related(*related).order_by("session__starts_at", "pk")
