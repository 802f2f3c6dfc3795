"""Messages to organisations, relayed: neither side learns the other's address from the portal."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from directory.models import Organisation, OrganisationMessage
from directory.selectors import relay_addresses
from portal.mail.services import queue_mail

#: Said beside the form, and in the page “Données personnelles”.
KEPT_FOR = timedelta(days=365)


def find_same_message(*, uid: UUID, organisation: Organisation, values: dict[str, str]) -> OrganisationMessage | None:
    """Return the message that this very form has already given, if its content is the same."""
    same = OrganisationMessage.objects.filter(uid=uid, organisation=organisation)
    return same.filter(email=values["email"], message=values["message"]).first()


def send_message(
    *, uid: UUID, organisation: Organisation, values: dict[str, str], in_name_of: Organisation | None = None
) -> OrganisationMessage:
    """Store a message and hand it to the outbox, once: a form sent twice gives one message.

    It goes to the organisation's own address, else to each of its managers; answers go to the sender.
    """
    same = find_same_message(uid=uid, organisation=organisation, values=values)
    if same is not None:
        return same
    try:
        return _store(uid, organisation, values, in_name_of)
    except IntegrityError:
        found = find_same_message(uid=uid, organisation=organisation, values=values)
        return found or _store(uuid4(), organisation, values, in_name_of)


@transaction.atomic
def _store(
    uid: UUID, organisation: Organisation, values: dict[str, str], in_name_of: Organisation | None
) -> OrganisationMessage:
    message = OrganisationMessage.objects.create(uid=uid, organisation=organisation, **values)
    for number, address in enumerate(relay_addresses(organisation)):
        queue_mail(
            "directory.relay_message",
            to=address,
            key=f"directory.relay_message:{message.uid}:{number}",
            reply_to=message.email,
            context={
                "organisation": organisation.name,
                "subject": message.subject,
                "name": message.name,
                "email": message.email,
                "in_name_of": in_name_of.name if in_name_of else "",
                "message": message.message,
            },
        )
    return message


def delete_old_messages() -> int:
    """Delete the messages whose time is over; returns how many."""
    deleted, _by_model = OrganisationMessage.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
