"""What joining tells on the site: that somebody waits for an answer. The mail with their words is its own."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.joining.models import Registration
from portal.joining.selectors import deciders_for
from portal.notifications.enums import Rhythm
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event


def group_of(registration: Registration) -> str:
    """Return the group of the news of one request, which its page marks as read."""
    return f"joining.request:{registration.pk}"


def _deciders(event: Event) -> Iterator[Recipient]:
    yield from (Recipient(user.pk) for user in deciders_for(event.about.region))


def _telling(event: Event, user: User) -> Telling | None:
    """Tell of a request while nobody has decided; without a name, which is forgotten before the news is."""
    registration = Registration.objects.visible_to(user).awaiting().filter(pk=event.object_id).first()
    if registration is None:
        return None
    url = reverse("joining:account_detail", args=[registration.uid])
    return Telling(_("Somebody asks to join the community"), url, group_of(registration))


declare(
    NotificationKind(
        key="joining.request",
        label=gettext_lazy("Somebody asks to join the community"),
        reason=gettext_lazy("You animate the region of this request."),
        audience=_deciders,
        telling=_telling,
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
        visible=lambda user: Registration.objects.visible_to(user).awaiting(),
        concerns=is_animator,
    )
)
