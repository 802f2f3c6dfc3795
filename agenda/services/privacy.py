"""What is forgotten of participants: after a year, and when somebody leaves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agenda.enums import LIVE_STATES, RegistrationState
from agenda.models import Event, Guest, Registration, RegistrationLog
from agenda.services.places import cancel
from portal.accounts.personal_data import Person

#: How long a guest is known after the event, and the answers of anyone: for its report and certificates.
KEPT = timedelta(days=365)
FORGOTTEN = {"full_name": "", "organisation_name": "", "answers": {}}


def forget_old_guests(*, now: datetime | None = None) -> int:
    """Delete names, answers and addresses a year after the event; returns how many guests. A scheduled job."""
    before = (now or timezone.now()) - KEPT
    old = Registration.objects.filter(session__occurrence__ends_at__lt=before)
    with transaction.atomic():
        old.filter(~Q(full_name="") | ~Q(organisation_name="") | ~Q(answers={})).update(**FORGOTTEN)
        recent = Registration.objects.filter(guest=OuterRef("pk"), session__occurrence__ends_at__gte=before)
        count, _details = Guest.objects.filter(~Exists(recent)).delete()
    return count


@transaction.atomic
def forget_participant(person: Person) -> None:
    """Give back the places of somebody who leaves, and empty what they wrote; figures and opinions stay.

    An event whose organisers were reached at an address of theirs names the portal's own instead.
    """
    emails = Q(pk__in=[])
    for email in person.emails:
        emails |= Q(guest__email__iexact=email)
        for event in Event.objects.filter(contact_email__iexact=email):
            event.contact_email = ""
            event.save(update_fields=["contact_email"])
    own = Registration.objects.filter(Q(user_id=person.account.pk) | emails)
    to_come = own.filter(state__in=[*LIVE_STATES, RegistrationState.UNCONFIRMED])
    for registration in to_come.filter(session__occurrence__ends_at__gte=timezone.now()):
        cancel(registration=registration, actor=None, told=False)
    own.update(**FORGOTTEN)
    RegistrationLog.objects.filter(registration__in=own).update(reason="")
