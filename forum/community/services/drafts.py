"""What is being written, kept until it is sent."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from forum.community.models import Draft
from forum.community.services.files import drop_files
from portal.accounts.models import User

#: A draft that nobody has touched for this long is deleted with its files.
KEPT = timedelta(days=60)
#: Fields of the forms that a draft keeps, each cut at what its form accepts, and a little more.
FIELDS = {"subject": 300, "content": 25_000, "space": 20, "territory": 20, "organisation": 20, "is_anonymous": 5}
POLL_FIELDS = {"poll_question": 300, "poll_options": 3_000, "poll_days": 5, "poll_multiple": 5}


def draft_for(*, user: User, key: str) -> Draft:
    """Return the draft of the form ``key``, made at first use."""
    return Draft.objects.get_or_create(user=user, key=key)[0]


def save_draft(*, user: User, key: str, typed: dict[str, Any]) -> Draft:
    """Keep what is typed in the form ``key`` as it is now; nothing is checked but lengths."""
    kept = {
        name: str(typed[name]).replace("\0", "")[:length]
        for name, length in (FIELDS | POLL_FIELDS).items()
        if typed.get(name)
    }
    draft, _created = Draft.objects.update_or_create(
        user=user, key=key, defaults={"values": kept, "updated_at": timezone.now()}
    )
    return draft


@transaction.atomic
def discard_draft(*, user: User, key: str) -> None:
    """Forget the draft of a form, with the files that went with no message."""
    for draft in Draft.objects.filter(user=user, key=key):
        drop_files(draft.files.all())
        draft.delete()


def forget_old_drafts() -> None:
    """Delete the drafts that nobody has touched for 60 days; a daily job calls this."""
    for draft in Draft.objects.filter(updated_at__lt=timezone.now() - KEPT).select_related("user"):
        discard_draft(user=draft.user, key=draft.key)
