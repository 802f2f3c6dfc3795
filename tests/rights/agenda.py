"""Events, their organisers' pages, registrations."""

from django.core.files.base import ContentFile

from agenda.enums import Access, DocumentAccess, RegistrationState
from agenda.links import calendar_token, check_in_token, registration_token
from agenda.models import EventDocument, Occurrence, Registration
from agenda.services.calendars import renew_calendar
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import PDF, World

#: Who prepares the event: its organisation's editor, the animators of its region, administrators.
KEEPERS = ("editor", "animator", "administrator")
#: Who prepares events at all.
ORGANISERS = (*KEEPERS, "other_animator")

SECRETS = {
    "event.online_url": "zsecretconference",
    "event.document": "zsecreteventdocument",
    "event.members_title": "Zsecretmembersevent",
    "registration.full_name": "Zsecretparticipant",
    "registration.answer": "zsecretanswer",
}
#: Read by the people registered, and by organisers on their own pages.
NEVER_TOLD = ("event.online_url", "registration.full_name", "registration.answer")
ENTRANCES = ("/agenda/", "/agenda/?passes=1", "/agenda/calendrier.ics", "/agenda/flux/", "/agenda/integration/")


def build(world: World) -> None:
    """Add an event of the region, with a link, a file and somebody registered; and one of members alone."""
    from tests.factories.agenda import EventFactory, first_date, session_of

    shared = {"region": world.region, "organiser": world.organisation, "themes": [world.theme]}
    event = EventFactory(
        title="Rencontre publique",
        mode="mixte",
        online_url=f"https://visio.example/{SECRETS['event.online_url']}",
        parts=[{"title": "Matin"}, {"title": "Après-midi", "access": Access.LAUREATES}],
        **shared,
    )
    EventFactory(title=SECRETS["event.members_title"], visibility=Access.MEMBERS, **shared)
    draft = EventFactory(title="Zbrouillon", status="draft", **shared)
    document = EventDocument.objects.create(
        event=event,
        title=SECRETS["event.document"],
        access=DocumentAccess.MEMBERS,
        file=ContentFile(PDF, name="document.pdf"),
    )
    Occurrence.objects.filter(event=event).update(report="Ce qui en est sorti.", report_published_at=event.created_at)
    registration = Registration.objects.create(
        session=session_of(event),
        full_name=SECRETS["registration.full_name"],
        state=RegistrationState.PENDING,
        answers={"1": SECRETS["registration.answer"]},
    )
    key = renew_calendar(user=world.users["member"])
    world.things["agenda"] = {
        "event": event,
        "draft": draft,
        "date": first_date(event),
        "morning": session_of(event, 0),
        "afternoon": session_of(event, 1),
        "document": document,
        "link": registration_token(registration.uid, registration.link_key),
        "code": check_in_token(registration.uid, registration.link_key),
        "calendar": calendar_token(world.users["member"].pk, key.key),
        "registration": registration,
    }


def _event(path: str, statuses: dict[str, int], name: str = "event") -> Row:
    return row(lambda world: f"/agenda/{world.things['agenda'][name].slug}/{path}", statuses)


def _form(part: str, statuses: dict[str, int]) -> Row:
    def path(world: World) -> str:
        return str(world.things["agenda"][part].get_registration_url())

    return row(path, statuses)


def _link(path: str, statuses: dict[str, int], name: str = "link", prefix: str = "inscriptions") -> Row:
    return row(lambda world: f"/agenda/{prefix}/{world.things['agenda'][name]}{path}", statuses)


def _desk(path: str, statuses: dict[str, int]) -> Row:
    return row(lambda world: f"/animation/evenements/{world.things['agenda']['event'].uid}/{path}", statuses)


def _date(path: str, statuses: dict[str, int]) -> Row:
    def address(world: World) -> str:
        things = world.things["agenda"]
        told = path.format(session=things["morning"].pk, registration=things["registration"].uid)
        return f"/animation/evenements/{things['event'].uid}/dates/{things['date'].pk}/{told}"

    return row(address, statuses)


DESK = {**only(*ORGANISERS, others=403), "visitor": 302}
KEPT = {**only(*KEEPERS, others=403), "visitor": 302}
#: Answers to POST alone.
POSTED = everyone(405)
PREFIX = "animation/evenements/"
DATE = f"{PREFIX}<uuid:uid>/dates/<int:pk>/"

ROUTES: dict[str, Row] = {
    "agenda/": row("/agenda/", everyone()),
    "agenda/mois/": row("/agenda/mois/", everyone(302)),
    "agenda/semaine/": row("/agenda/semaine/", everyone(302)),
    "agenda/carte/": row("/agenda/carte/", everyone()),
    "agenda/^(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$": row("/agenda/2026/03/", everyone()),
    "agenda/^(?P<year>[0-9]{4})/semaine/(?P<week>[0-9]{1,2})/$": row("/agenda/2026/semaine/11/", everyone()),
    "agenda/calendrier.ics": row("/agenda/calendrier.ics", everyone()),
    "agenda/calendrier/theme/<slug:slug>.ics": row("/agenda/calendrier/theme/logement.ics", everyone()),
    "agenda/calendrier/territoire/<slug:code>.ics": row("/agenda/calendrier/territoire/reg-53.ics", everyone()),
    # Behind its address alone: calendars sign in nowhere.
    "agenda/calendrier/personnel/<str:token>.ics": _link(".ics", everyone(), "calendar", "calendrier/personnel"),
    "agenda/flux/": row("/agenda/flux/", everyone()),
    "agenda/flux/theme/<slug:slug>/": row(lambda world: f"/agenda/flux/theme/{world.theme.slug}/", everyone()),
    "agenda/flux/territoire/<slug:code>/": row(
        lambda world: f"/agenda/flux/territoire/{world.region.public_code}/", everyone()
    ),
    "agenda/integration/": row("/agenda/integration/", everyone()),
    "agenda/inscriptions/envoyee/": row("/agenda/inscriptions/envoyee/", everyone()),
    # The link of a mail opens one registration to whoever holds it.
    "agenda/inscriptions/<str:token>/": _link("/", everyone()),
    "agenda/inscriptions/<str:token>/invitation.ics": _link("/invitation.ics", everyone()),
    "agenda/inscriptions/<str:token>/attestation.pdf": _link("/attestation.pdf", everyone(404)),
    "agenda/inscriptions/<str:token>/avis/": _link("/avis/", everyone(404)),
    "agenda/pointage/<str:token>/": _link("/", KEPT, "code", "pointage"),
    "agenda/documents/<uuid:uid>/<slug:name>/": row(
        lambda world: world.things["agenda"]["document"].get_absolute_url(), only(*MEMBERS)
    ),
    "agenda/<slug:slug>/": _event("", everyone()),
    "agenda/<slug:slug>/evenement.ics": _event("evenement.ics", everyone()),
    "agenda/<slug:slug>/inscription/": _event("inscription/", everyone(302)),
    "agenda/<slug:slug>/inscription/<uuid:uid>/": _form("morning", everyone()),
    "agenda/<slug:slug>/restitution/": _event("restitution/", everyone()),
    r"agenda/^(?P<slug>[-\w]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$": row(
        lambda world: world.things["agenda"]["date"].get_absolute_url(), everyone()
    ),
    r"agenda/^(?P<slug>[-\w]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/restitution/$": row(
        lambda world: f"{world.things['agenda']['date'].get_absolute_url()}restitution/", everyone()
    ),
    "mon-espace/inscriptions/": row("/mon-espace/inscriptions/", only(*MEMBERS, others=302)),
    "mon-espace/inscriptions/calendrier/": row("/mon-espace/inscriptions/calendrier/", POSTED),
    "mon-espace/inscriptions/calendrier/supprimer/": row("/mon-espace/inscriptions/calendrier/supprimer/", POSTED),
    PREFIX: row("/animation/evenements/", DESK),
    f"{PREFIX}nouveau/": row("/animation/evenements/nouveau/", DESK),
    f"{PREFIX}<uuid:uid>/": _desk("", KEPT),
    f"{PREFIX}<uuid:uid>/proposer/": _desk("proposer/", POSTED),
    f"{PREFIX}<uuid:uid>/publier/": _desk("publier/", POSTED),
    f"{PREFIX}<uuid:uid>/rendre/": _desk("rendre/", POSTED),
    f"{PREFIX}<uuid:uid>/annuler/": _desk("annuler/", POSTED),
    f"{PREFIX}<uuid:uid>/dupliquer/": _desk("dupliquer/", POSTED),
    # Who organises it may not mail the whole community; the animators of its region may.
    f"{PREFIX}<uuid:uid>/annonce/": _desk("annonce/", {**KEPT, "editor": 403}),
    f"{PREFIX}<uuid:uid>/presentation/": _desk("presentation/", KEPT),
    f"{PREFIX}<uuid:uid>/dates/": _desk("dates/", KEPT),
    f"{PREFIX}<uuid:uid>/dates/exclure/": _desk("dates/exclure/", POSTED),
    f"{PREFIX}<uuid:uid>/inscriptions/": _desk("inscriptions/", KEPT),
    f"{PREFIX}<uuid:uid>/programme/": _desk("programme/", KEPT),
    f"{PREFIX}<uuid:uid>/documents/": _desk("documents/", POSTED),
    f"{PREFIX}<uuid:uid>/documents/<uuid:document>/supprimer/": row(
        lambda world: (
            f"/animation/evenements/{world.things['agenda']['event'].uid}/documents/"
            f"{world.things['agenda']['document'].uid}/supprimer/"
        ),
        POSTED,
    ),
    DATE: _date("", KEPT),
    f"{DATE}modifier/": _date("modifier/", KEPT),
    f"{DATE}annuler/": _date("annuler/", POSTED),
    f"{DATE}retablir/": _date("retablir/", POSTED),
    f"{DATE}places/<int:session>/": _date("places/{session}/", POSTED),
    f"{DATE}inscriptions/<uuid:registration>/": _date("inscriptions/{registration}/", POSTED),
    f"{DATE}restitution/": _date("restitution/", KEPT),
    f"{PREFIX}<uuid:uid>/statistiques/": _desk("statistiques/", KEPT),
    f"{PREFIX}<uuid:uid>/statistiques.csv": _desk("statistiques.csv", KEPT),
    f"{DATE}documents/": _date("documents/", POSTED),
    f"{DATE}statistiques/": _date("statistiques/", KEPT),
    f"{DATE}pointage/": _date("pointage/", KEPT),
    f"{DATE}pointage/<uuid:registration>/": _date("pointage/{registration}/", POSTED),
    f"{DATE}inscriptions.csv": _date("inscriptions.csv", KEPT),
    f"{DATE}inscriptions.xlsx": _date("inscriptions.xlsx", KEPT),
}

PAGES: dict[str, Row] = {
    "an event that is not published": _event("", only(*KEEPERS), "draft"),
    # Visitors sign in; members are told that it is for project holders.
    "the form of a part for project holders": _form(
        "afternoon",
        {
            **only("lead", "other_lead", "editor", "animator", "other_animator", "administrator", others=403),
            "visitor": 302,
        },
    ),
}
