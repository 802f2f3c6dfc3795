"""Writes of what did not arrive."""

from django.db import transaction

from portal.accounts.models import User
from portal.mail.services import replay_dead
from portal.moderation.journal import record
from portal.moderation.undelivered.selectors import dead_letters_for, people_known_to, read_dead_letters
from portal.notifications.announcements.audiences import belonging_to

REPLAYED = "mail.replayed"


@transaction.atomic
def send_again(*, pks: list[int], by: User) -> int:
    """Give e-mails to people whom ``by`` knows all their attempts again, noted in the journal; returns how many.

    What is somebody else's to know, or has left meanwhile, stays as it is.
    """
    sent = 0
    for letter in read_dead_letters(list(dead_letters_for(by).filter(pk__in=pks))):
        if replay_dead(pks=[letter.pk]):
            data = {"region_id": _region_of(letter.person, by)}
            record(action=REPLAYED, actor=by, target=letter.person, reason=letter.sort, data=data)
            sent += 1
    return sent


def _region_of(person: User, by: User) -> int | None:
    """Return the region under which the journal shows it: one of ``by``'s that the person belongs to."""
    known = people_known_to(by).filter(pk=person.pk)
    return next((pk for pk in sorted(by.animated_region_ids) if known.filter(belonging_to([pk])).exists()), None)
