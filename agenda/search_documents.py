"""How events are found."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agenda.enums import SHOWN_STATUSES, Access
from agenda.models import Contribution, Event, Occurrence, Organiser, SessionPlan, Subject
from agenda.rules import accesses_of
from portal.accounts.rules import AnyUser
from search import api

#: The token of those who are of an event's audience without being all members.
LAUREATES = "laureates"
AUDIENCES = {Access.PUBLIC: api.PUBLIC, Access.MEMBERS: api.MEMBERS, Access.LAUREATES: LAUREATES}


@api.register_tokens
def laureate_tokens(user: AnyUser) -> Iterable[str]:
    """Return the token of project holders, for one of them."""
    return (LAUREATES,) if Access.LAUREATES in accesses_of(user) else ()


@api.register
class EventSource(api.DocumentSource):
    """Events as their audience reads them; those by invitation are found by nobody.

    The link of the video conference and the people registered are in none of it.
    """

    model = "agenda.Event"
    kind = "event"
    label = _("Event")
    related = (
        *("agenda.Occurrence", "agenda.SessionPlan", "agenda.Subject", "agenda.Contribution", "agenda.Organiser"),
        "taxonomy.Theme",
    )

    def queryset(self) -> QuerySet[Any]:
        """Return the events that have an audience, with the rows that their text comes from."""
        shown = Event.objects.filter(status__in=SHOWN_STATUSES, visibility__in=list(AUDIENCES))
        return shown.select_related("territory__department", "territory__region").prefetch_related(
            *("themes__parent", "organisers__organisation", "plans", "contributions", "audiences"),
            "occurrences__sessions__subjects",
        )

    def to_document(self, obj: Event) -> api.Document | None:
        """Describe an event by what all of its audience reads."""
        if obj.status not in SHOWN_STATUSES or obj.visibility not in AUDIENCES:
            return None
        days = [one.local_day for one in obj.occurrences.all() if one.local_day]
        return self.document(
            obj,
            title=obj.title,
            url=obj.get_absolute_url(),
            summary=obj.summary,
            body=_text(obj),
            keywords=_keywords(obj),
            themes=api.theme_keys(obj.themes.all()),
            territories=api.territory_keys([obj.territory]) if obj.territory else (),
            date=max(days, default=None),
            audience=frozenset({AUDIENCES[Access(obj.visibility)]}),
            breadcrumb=obj.get_kind_display(),
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Return the events that show ``instance``."""
        if isinstance(instance, Occurrence | SessionPlan | Contribution | Organiser):
            return [instance.event_id]
        if isinstance(instance, Subject):
            return [instance.session.occurrence.event_id]
        return Event.objects.filter(themes=instance).values_list("pk", flat=True)


def _text(event: Event) -> str:
    parts = [api.text_of_markdown(event.body), api.text_of_markdown(event.follow_up)]
    for plan in event.plans.all():
        parts += [plan.title, plan.goal, plan.audience_note, plan.method]
    for contribution in event.contributions.all():
        parts += [contribution.title, api.text_of_markdown(contribution.body)]
    for occurrence in event.occurrences.all():
        if occurrence.shows_outcome:
            parts += _outcome(occurrence)
    return "\n".join(part for part in parts if part)


def _outcome(occurrence: Occurrence) -> list[str]:
    """Return what came out of one date, as its page tells it."""
    parts = [api.text_of_markdown(occurrence.report)] if occurrence.has_report else []
    for session in occurrence.sessions.all():
        parts += [api.text_of_markdown(session.outcome), *(subject.title for subject in session.subjects.all())]
    return parts


def _keywords(event: Event) -> str:
    names = [theme.name for theme in event.themes.all()]
    names += [row.organisation.name for row in event.organisers.all()]
    names += [audience.name for audience in event.audiences.all()]
    return " ".join([*names, str(event.territory or ""), event.venue])
