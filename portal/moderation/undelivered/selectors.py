"""Reads of what did not arrive: of the members of one's region, and never what was written to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from portal.accounts.models import User
from portal.accounts.rules import is_administrator, is_animator
from portal.mail.enums import MailCategory
from portal.mail.models import AddressMark, OutboxMessage
from portal.mail.selectors import blocked_addresses, dead_messages
from portal.notifications.announcements.audiences import belonging_to
from portal.notifications.fan_out import members

#: A server may quote what it refused: an address in it could be one that signs in, or somebody's mailbox.
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|\bwww\.\S+|[^\s<>@:;,]{1,64}@[^\s<>:;,]+", re.IGNORECASE)
HIDDEN = "…"


@dataclass(frozen=True)
class DeadLetter:
    """One e-mail that was given up, as an animator may know of it: for whom, of which sort, why, since when."""

    pk: int
    person: User
    sort: str
    why: str
    written_at: datetime
    is_marked: bool


def people_known_to(user: User) -> QuerySet[User]:
    """Return the members to whom ``user`` may announce: of the regions that they animate, all for an administrator."""
    found = members()
    return found if is_administrator(user) else found.filter(belonging_to(user.animated_region_ids))


def dead_letters_for(user: User) -> QuerySet[OutboxMessage]:
    """Return what was given up of the mails to these people, the last first, without its content."""
    known = people_known_to(user).annotate(address=Lower("email")).filter(address=Lower(OuterRef("to")))
    return dead_messages().filter(Exists(known))


def dead_letter_count(user: User) -> int:
    """Return how many e-mails wait for ``user`` to have them sent again: not those that nobody can."""
    if not is_animator(user):
        return 0
    marked = AddressMark.objects.filter(address=Lower(OuterRef("to"))).exclude(marked_at=None)
    return dead_letters_for(user).filter(Q(category=MailCategory.ACCOUNT) | ~Exists(marked)).count()


def read_dead_letters(messages: Sequence[OutboxMessage]) -> list[DeadLetter]:
    """Return the lines of one page; two queries, whatever the number of messages.

    Neither subject nor text: both may be private, or hold a link that signs in.
    """
    addresses = {message.to.lower() for message in messages}
    found = members().annotate(address=Lower("email")).filter(address__in=addresses)
    people = {user.email.lower(): user for user in found}
    blocked = blocked_addresses(addresses)
    return [
        DeadLetter(
            pk=message.pk,
            person=people[message.to.lower()],
            sort=str(MailCategory(message.category).label),
            why=_ADDRESS.sub(HIDDEN, message.last_error),
            written_at=message.created_at,
            is_marked=message.to.lower() in blocked and message.category != MailCategory.ACCOUNT,
        )
        for message in messages
        if message.to.lower() in people
    ]
