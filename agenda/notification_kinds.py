"""What the agenda tells people, and that events can be followed."""

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from agenda.models import Event as AgendaEvent
from agenda.selectors.desk import ANNOUNCED, announcement_audience
from agenda.selectors.people import animators_of, organisers_to_tell
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.notifications.enums import Rhythm
from portal.notifications.follows import declare_followable
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event
from portal.notifications.selectors import followers_as_recipients


def group_of(event: AgendaEvent) -> str:
    """Return the group under which the news of one event stand together."""
    return f"agenda.event:{event.pk}"


def _animators(event: Event) -> Iterator[Recipient]:
    for user in animators_of(event.about):
        yield Recipient(user.pk)


def _organisers(event: Event) -> Iterator[Recipient]:
    for user in organisers_to_tell(event.about):
        yield Recipient(user.pk)


def _followers(event: Event) -> Iterator[Recipient]:
    """Yield who follows a theme of the event, its territory, one of its organisers, or the event itself."""
    about: AgendaEvent = event.about
    yield from followers_as_recipients(about, reason=str(_("You follow this event.")))
    for theme in about.themes.all():
        yield from followers_as_recipients(theme, reason=_("You follow the theme %(name)s.") % {"name": theme})
    for row in about.organisers.select_related("organisation"):
        reason = _("You follow %(name)s.") % {"name": row.organisation}
        yield from followers_as_recipients(row.organisation, reason=reason)
    if about.territory is not None:
        reason = _("You follow the territory %(name)s.") % {"name": about.territory}
        yield from followers_as_recipients(about.territory, reason=reason)


def _announced(event: Event) -> Iterator[Recipient]:
    """Yield those to whom the event is announced; their mail, with the date joined, is the agenda's own."""
    found = announcement_audience(event.about, event.data["audience"])
    for pk in found.values_list("pk", flat=True).iterator(chunk_size=1000):
        yield Recipient(pk, rhythm=Rhythm.NEVER)


def _telling(title: str, *, to_desk: bool = False) -> Callable[[Event, User], Telling | None]:
    def tell(event: Event, user: User) -> Telling | None:
        events = AgendaEvent.objects
        found = (events.editable_by(user) if to_desk else events.visible_to(user)).filter(pk=event.object_id).first()
        if found is None:
            return None
        url = reverse("agenda_desk:event", args=[found.uid]) if to_desk else found.get_absolute_url()
        # Why an event was given back goes with the news of it: it is all that its organisers wait for.
        text = str(event.data.get("reason", ""))
        return Telling(_(title) % {"title": found.title}, url, group_of(found), found.title, text=text)

    return tell


declare_followable(
    "agenda.Event",
    label=gettext_lazy("Event"),
    visible=AgendaEvent.objects.visible_to,
    url=AgendaEvent.get_absolute_url,
)
declare(
    NotificationKind(
        key="event.submitted",
        label=gettext_lazy("An event waits for approval"),
        reason=gettext_lazy("You animate the region of this event."),
        audience=_animators,
        telling=_telling(gettext_noop("“%(title)s” waits for your approval"), to_desk=True),
        default=Rhythm.NOW,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="event.returned",
        label=gettext_lazy("An event is given back to its organisers"),
        reason=gettext_lazy("You prepare this event."),
        audience=_organisers,
        telling=_telling(gettext_noop("“%(title)s” needs changes"), to_desk=True),
        default=Rhythm.NOW,
        mandatory=True,
    )
)
declare(
    NotificationKind(
        key="event.published",
        label=gettext_lazy("An event on what I follow"),
        reason=gettext_lazy("You follow a theme, a territory or an organisation of this event."),
        audience=_followers,
        telling=_telling(gettext_noop("New date: “%(title)s”")),
        default=Rhythm.WEEKLY,
    )
)
declare(
    NotificationKind(
        key=ANNOUNCED,
        label=gettext_lazy("An event announced by the organisers"),
        reason=gettext_lazy("The organisers announce this event to the members concerned."),
        audience=_announced,
        telling=_telling(gettext_noop("Announced: “%(title)s”")),
        default=Rhythm.NOW,
    )
)
