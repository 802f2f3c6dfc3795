"""Reads of the organisers' pages: their events, who is registered, figures."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from agenda.enums import (
    AnnouncementAudience,
    EventStatus,
    OccurrenceStatus,
    RegistrationState,
)
from agenda.models import Event, EventQuerySet, Occurrence, Registration, RegistrationQuerySet
from agenda.selectors.people import APPROVED
from directory.models import Membership, Organisation, Profile
from directory.selectors import organisation_ids_written_by
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_animator, is_member
from portal.notifications.enums import Rhythm
from portal.notifications.models import Event as News
from portal.notifications.models import MailSettings, Preference
from portal.taxonomy.models import Territory
from project_sheets.models import ProjectSheetPage, SheetLead

#: The kind of news under which members choose whether announcements reach them.
ANNOUNCED = "event.announced"
#: That of a draft given back to its organisers.
RETURNED = "event.returned"


def prepares_events(user: AnyUser) -> bool:
    """Whether ``user`` may prepare events: animators, and who writes for an organisation."""
    return is_animator(user) or (is_member(user) and organisation_ids_written_by(user).exists())


def events_for_desk(user: AnyUser) -> EventQuerySet:
    """Return the events that ``user`` prepares, those written to last first, each with its next and its last date."""
    dates = Occurrence.objects.filter(event=OuterRef("pk"))
    # Asked for those of one page: joined, the dates of all events would be gone through to count the pages.
    found = Event.objects.editable_by(user).annotate(
        next_at=Subquery(dates.filter(ends_at__gte=timezone.now()).order_by("starts_at").values("starts_at")[:1]),
        last_at=Subquery(dates.exclude(starts_at=None).order_by("-starts_at").values("starts_at")[:1]),
    )
    return found.select_related("territory").defer("recurrence", "body", "follow_up").order_by("-updated_at", "pk")


def submitted_count(user: User) -> int:
    """Return how many events wait for this animator's answer."""
    return Event.objects.animated_by(user).filter(status=EventStatus.SUBMITTED).count()


def occurrences_for_desk(event: Event) -> QuerySet[Occurrence]:
    """Return the dates of an event, each with how many people are registered and wait, and whether it tells a story."""
    live = "sessions__registrations"
    return (
        Occurrence.objects.filter(event=event)
        .annotate(
            seated=Count(live, filter=Q(**{f"{live}__state__in": ["confirmed", "offered"]})),
            waiting=Count(live, filter=Q(**{f"{live}__state": "waiting"})),
            pending=Count(live, filter=Q(**{f"{live}__state": "pending"})),
            has_outcome=Exists(Occurrence.objects.with_outcome().filter(pk=OuterRef("pk"))),
        )
        .order_by("starts_at", "pk")
    )


#: The order of the table: who is expected, who may come, who does not.
STATE_ORDER = [
    RegistrationState.PENDING,
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.WAITING,
    RegistrationState.REJECTED,
    RegistrationState.CANCELLED,
]


def registrations_for_desk(occurrence: Occurrence) -> RegistrationQuerySet:
    """Return the registrations of a date, without the wishes that nobody confirmed."""
    found = Registration.objects.filter(session__occurrence=occurrence).exclude(state=RegistrationState.UNCONFIRMED)
    return found.select_related("user__profile", "guest", "registered_by", "session__plan").order_by(
        "session__starts_at", "session_id", "queue_number", "created_at", "pk"
    )


def organisations_by_user(registrations: Iterable[Registration]) -> dict[int, str]:
    """Return the names of the organisations of the members among ``registrations``; one query."""
    ids = {registration.user_id for registration in registrations if registration.user_id}
    rows = Membership.objects.active().filter(user__in=ids).order_by("organisation__search_text")
    names: dict[int, list[str]] = {}
    for user_id, name in rows.values_list("user_id", "organisation__name"):
        names.setdefault(user_id, []).append(name)
    return {user_id: ", ".join(found) for user_id, found in names.items()}


def organisation_of(registration: Registration, known: dict[int, str]) -> str:
    """Return the organisation of a participant: what a guest typed, where a member works."""
    if registration.user_id:
        return known.get(registration.user_id, "")
    return registration.organisation_name


def reason_returned(event: Event) -> str:
    """Return what the animators asked to change in a draft that they gave back; empty where they did not."""
    if event.status != EventStatus.DRAFT:
        return ""
    told = News.objects.filter(
        kind=RETURNED, content_type=ContentType.objects.get_for_model(Event), object_id=str(event.pk)
    )
    data = told.order_by("-pk").values_list("data", flat=True).first()
    return str((data or {}).get("reason", ""))


def next_date(event: Event) -> Occurrence | None:
    """Return the date that an announcement is about: the next one that takes place."""
    found = event.occurrences.upcoming().filter(status=OccurrenceStatus.SCHEDULED).order_by("starts_at", "pk").first()
    if found is not None:
        found.event = event
    return found


def announcement_audience(event: Event, audience: str) -> QuerySet[User]:
    """Return the members to whom an event is announced: those of the audience who may see the event."""
    chosen = AnnouncementAudience(audience)
    members = User.objects.filter(APPROVED)
    if chosen == AnnouncementAudience.NOBODY:
        return members.none()
    if chosen == AnnouncementAudience.LAUREATES or event.visibility == "laureates":
        members = members.filter(_is_laureate(event.region_id if chosen != AnnouncementAudience.MEMBERS else None))
    if chosen == AnnouncementAudience.REGION and event.region is not None:
        members = members.filter(_acts_in(event.region))
    if event.visibility == "invited":
        members = members.filter(email__in=event.invitees.values("email"))
    return members.order_by("pk")


def announcement_recipients(event: Event, audience: str) -> QuerySet[User]:
    """Return those of the audience who are written to: who refused such mails or paused all is not."""
    return announcement_audience(event, audience).filter(~Exists(_refusals()), ~Exists(_pauses()))


def _refusals() -> QuerySet[Preference]:
    """Return the wishes to receive no mail of this kind."""
    return Preference.objects.filter(user=OuterRef("pk"), kind=ANNOUNCED, rhythm=Rhythm.NEVER)


def _pauses() -> QuerySet[MailSettings]:
    """Return the wishes to receive no mail for the time being."""
    return MailSettings.objects.filter(user=OuterRef("pk"), paused_until__gte=timezone.localdate())


def _is_laureate(region_id: int | None) -> Q:
    sheets = ProjectSheetPage.objects.live()
    sheets = sheets.filter(region_id=region_id) if region_id else sheets
    leads = SheetLead.objects.filter(sheet__in=sheets, user=OuterRef("pk"))
    holders = Membership.objects.active().filter(organisation__in=sheets.values("holder_id"), user=OuterRef("pk"))
    return Q(Exists(leads)) | Q(Exists(holders))


def _acts_in(region: Territory) -> Q:
    """Return the condition "works in ``region``": by an organisation, by the profile, or by a sheet."""
    organisations = Organisation.objects.acting_in([region]).values("pk")
    places = Membership.objects.active().filter(organisation__in=organisations, user=OuterRef("pk"))
    touching = Territory.objects.touching([region]).order_by()
    profiles = Profile.objects.filter(territories__in=touching, user=OuterRef("pk"))
    leads = SheetLead.objects.filter(sheet__region_id=region.pk, user=OuterRef("pk"))
    return Q(Exists(places)) | Q(Exists(profiles)) | Q(Exists(leads))


def announcement_counts(event: Event) -> dict[str, int]:
    """Return how many members each choice would write to."""
    return {value: announcement_recipients(event, value).count() for value in AnnouncementAudience.values}
