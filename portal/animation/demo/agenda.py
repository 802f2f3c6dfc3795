"""The agenda of the demonstration: the Session Lab of the sources, the next one, a series of webinars."""

from datetime import date, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from agenda.enums import Access, EventKind, EventStatus, Frequency, Mode, OrganiserRole, RegistrationMode
from agenda.models import Contribution, Event, Organiser, SessionPlan, Subject
from agenda.recurrence import Series, rule_of
from agenda.services.dates import make_dates
from agenda.services.reports import save_outcome
from portal.animation.demo.calls import SESSION_LAB_LABEL, SESSION_LAB_URL
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.sheets import demo_sheet
from portal.animation.demo.tools import Say, audiences, demo_uid, tell, territory, themes

ARCHIVE, NEXT_LAB, WEBINARS = "session-lab-ipr", "prochaine-session-lab", "webinaires"
PRESENTED = ("adventus", "kodiko", "melting-breizh", "sesame")
EXPECTED = (
    "Représentants de l’État, de la Région, des départements et des collectivités territoriales, Service public de "
    "l’insertion et de l’emploi, Service public de l’emploi, Pôle emploi, Cap emploi, missions locales…"
)
#: Subject → slug of its theme, in the order that the participants gave them.
SUBJECTS = (
    ("La santé", "sante"),
    ("Les solutions alternatives de logement", "logement"),
    ("Les titres de séjour", "titres-de-sejour"),
    ("La rémunération des bénéficiaires", "remuneration"),
)


@transaction.atomic
def load_agenda(say: Say) -> None:
    """Add the events that are missing; those that are there stay as people changed them."""
    makers = {ARCHIVE: _archive, NEXT_LAB: _next_lab, WEBINARS: _webinars}
    missing = {key for key in makers if not Event.objects.filter(uid=demo_uid("event", key)).exists()}
    for key, make in makers.items():
        if key in missing:
            make()
    tell(say, len(missing), len(makers))


def _event(key: str, *, organisers: tuple[tuple[str, str], ...], theme_slugs: list[str], **fields: Any) -> Event:
    region = territory("reg-53")
    event = Event(uid=demo_uid("event", key), region=region, territory=region, **fields)
    event.save()
    event.themes.set(themes(theme_slugs))
    event.audiences.set(audiences(["bpi"]))
    for position, (slug, role) in enumerate(organisers):
        Organiser.objects.create(event=event, organisation=demo_organisation(slug), role=role, position=position)
    return event


LAB_ORGANISERS = (
    ("dreets-bretagne", OrganiserRole.ORGANISES.value),
    ("gref-bretagne", OrganiserRole.SUPPORTS.value),
    ("ti-lab", OrganiserRole.LINKED.value),
)


def _archive() -> None:
    """Add the Session Lab of the source, which says neither its date nor its place."""
    event = _event(
        ARCHIVE,
        organisers=LAB_ORGANISERS,
        theme_slugs=["emploi", "cooperation", "sante", "logement", "titres-de-sejour", "remuneration"],
        title="Session Lab « Intégration professionnelle des réfugiés »",
        kind=EventKind.SESSION_LAB,
        status=EventStatus.ARCHIVED,
        published_at=timezone.now(),
        summary=(
            "Une matinée ouverte à tous les acteurs pour partager les enjeux et connaître les projets bretons, un "
            "après-midi réservé aux porteurs de projets pour travailler en forum ouvert."
        ),
        body=(
            "Les Sessions Lab sont organisées par la DREETS Bretagne, avec l’appui du GREF Bretagne, en lien avec "
            "Notre communauté La Place Bretagne et le Ti Lab, le laboratoire d’innovation publique breton.\n\n"
            "Le matin, les lauréats ont présenté les projets qu’ils déploient en Bretagne et ont échangé en groupe "
            "avec les acteurs. L’après-midi, ils ont construit ensemble leur programme."
        ),
        follow_up=(
            "Après cette Session Lab, les acteurs et les lauréats ont poursuivi les échanges : des ponts ont été créés "
            "entre les projets et des collaborations ont émergé. Ils restent en lien régulier sur ces thématiques, et "
            "de futurs temps de rencontre seront proposés."
        ),
        registration_mode=RegistrationMode.NONE,
        source_url=SESSION_LAB_URL,
        source_label=SESSION_LAB_LABEL,
    )
    event.sheets.set([demo_sheet(key) for key in PRESENTED])
    SessionPlan.objects.create(
        event=event,
        position=0,
        title="Matinée ouverte à tous",
        goal="Partager les enjeux et mieux connaître les projets du territoire",
        access=Access.PUBLIC,
        audience_note=EXPECTED,
    )
    SessionPlan.objects.create(
        event=event,
        position=1,
        title="Après-midi des lauréats",
        goal="Échanger entre porteurs de projets sur des sujets opérationnels",
        access=Access.LAUREATES,
        method="En forum ouvert : le programme de l’après-midi est construit ensemble",
    )
    _archived_contributions(event)
    make_dates(event=event)
    _archived_outcome(event)


def _archived_outcome(event: Event) -> None:
    morning, afternoon = event.occurrences.get().sessions.order_by("plan__position")
    for rank, (title, slug) in enumerate(SUBJECTS, 1):
        Subject.objects.create(session=afternoon, rank=rank, title=title, theme=themes([slug])[0])
    outcomes = {
        morning.pk: (
            "Les acteurs ont identifié et partagé les enjeux, puis élaboré des pistes de solutions en faveur de "
            "l’insertion professionnelle des bénéficiaires de la protection internationale."
        ),
        afternoon.pk: "Ce temps a permis d’identifier les freins et les leviers pour le déploiement des actions.",
    }
    save_outcome(occurrence=event.occurrences.get(), report="", outcomes=outcomes, subjects={})


def _archived_contributions(event: Event) -> None:
    Contribution.objects.create(
        event=event,
        position=0,
        organisation=demo_organisation("dreets-bretagne"),
        title="Les actions engagées en Bretagne",
        body=(
            "- les actions engagées dans la région\n"
            "- le déploiement de [l’accord-cadre État / OFII / SPE](/ressources/accord-cadre-etat-ofii-spe/)\n"
            "- [le programme HOPE](/ressources/programme-hope/)\n"
            "- [l’appel à projets du PIC « Intégration professionnelle des réfugiés »]"
            "(/appels/integration-professionnelle-des-refugies/)"
        ),
    )
    Contribution.objects.create(
        event=event,
        position=1,
        organisation=demo_organisation("dgefp"),
        title="Les enjeux et les résultats des actions lauréates du PIC",
        body="La DGEFP a présenté l’appel au niveau national : 57 projets retenus en 3 vagues de sélection.",
    )


def next_working_day(days: int, *, weekday: int) -> date:
    """Return the first day of that weekday (0 is Monday), at least so many days from now."""
    day = timezone.localdate() + timedelta(days=days)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _next_lab() -> None:
    """Add a Session Lab to which one can register: a morning open to all, an afternoon of project holders."""
    event = _event(
        NEXT_LAB,
        organisers=LAB_ORGANISERS,
        theme_slugs=["emploi", "logement", "cooperation"],
        title="Session Lab « Logement et emploi »",
        kind=EventKind.SESSION_LAB,
        status=EventStatus.PUBLISHED,
        published_at=timezone.now(),
        summary="Comment se loger quand l’emploi est loin, comment travailler quand le logement manque ?",
        body=(
            "Le logement revient dans chaque rencontre : le matin, tous les acteurs partagent ce qui marche ; "
            "l’après-midi, les porteurs de projets construisent leur programme en forum ouvert.\n\n"
            "Le déjeuner est libre. La salle est accessible en fauteuil roulant."
        ),
        venue="Ti Lab",
        address="Rennes",
        starts_on=next_working_day(45, weekday=3),
        contact_email="contact@demo.example",
    )
    event.sheets.set([demo_sheet("adventus"), demo_sheet("melting-breizh")])
    SessionPlan.objects.create(
        event=event,
        position=0,
        title="Matinée ouverte à tous",
        goal="Partager les enjeux et mieux connaître les projets du territoire",
        access=Access.PUBLIC,
        audience_note=EXPECTED.replace("Pôle emploi", "France Travail"),
        start_time=time(9, 30),
        duration_minutes=150,
        capacity_onsite=40,
    )
    SessionPlan.objects.create(
        event=event,
        position=1,
        title="Après-midi des lauréats",
        goal="Travailler entre pairs sur des sujets opérationnels",
        access=Access.LAUREATES,
        method="Forum ouvert : les participants construisent ensemble le programme",
        start_time=time(14),
        duration_minutes=150,
        capacity_onsite=20,
    )
    make_dates(event=event)


def _webinars() -> None:
    """Add six webinars, one a month."""
    first = next_working_day(7, weekday=1)
    event = _event(
        WEBINARS,
        organisers=(("gref-bretagne", OrganiserRole.ORGANISES.value),),
        theme_slugs=["langue-francaise", "formation"],
        title="Les mardis du français professionnel",
        kind=EventKind.WEBINAR,
        status=EventStatus.PUBLISHED,
        published_at=timezone.now(),
        summary="Une heure par mois pour découvrir une pratique de français à visée professionnelle et en discuter.",
        body="Chaque mois, une structure montre ce qu’elle a essayé, puis répond aux questions.",
        mode=Mode.ONLINE,
        online_url="https://visio.demo.example/mardis-du-francais",
        starts_on=first,
        recurrence=rule_of(Series(Frequency.MONTHLY_DAY, count=6), first_day=first),
        contact_email="contact@demo.example",
    )
    SessionPlan.objects.create(event=event, start_time=time(13), duration_minutes=60, capacity_online=100)
    make_dates(event=event)
