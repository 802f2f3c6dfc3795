"""What search tells people: something new meets a search that they keep."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.notifications.enums import Rhythm
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event
from search.models import SavedSearch
from search.selectors import still_visible

#: What a notification holds of an address.
LONGEST_URL = 500


def _owner(event: Event) -> Iterator[Recipient]:
    saved = SavedSearch.objects.filter(pk=event.object_id, alerts=True).first()
    if saved is not None:
        yield Recipient(saved.user_id)


def _telling(event: Event, user: User) -> Telling | None:
    """Tell how many new pages there are for this person: never of one that they may not see any more."""
    saved = SavedSearch.objects.filter(pk=event.object_id, user=user, alerts=True).first()
    count = len(still_visible(user, event.data.get("keys", []))) if saved else 0
    if saved is None or not count:
        return None
    title = ngettext(
        "%(count)d new result for your search “%(search)s”", "%(count)d new results for your search “%(search)s”", count
    ) % {"count": count, "search": saved}
    latest_first = f"{saved.address}&tri=date"
    url = latest_first if len(latest_first) <= LONGEST_URL else reverse("search:saved")
    return Telling(title, url, f"search.saved:{saved.pk}", str(saved))


declare(
    NotificationKind(
        key="search.alert",
        label=_("Something new meets a search that you keep"),
        reason=_("You keep this search."),
        audience=_owner,
        telling=_telling,
        default=Rhythm.DAILY,
    )
)
