"""The platform of Loir-et-Cher, carried by the ASLD: every fact of its public presentation."""

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from portal.animation.demo.calls import CALL_SLUG
from portal.animation.demo.leaflets import flyer, organisation_chart, poster
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.tools import audiences, sectors, territories, themes
from project_sheets.enums import AmountStatus, DocumentKind, FundingCategory, PartnerRole, Periodicity
from project_sheets.models import (
    Action,
    Call,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    ProjectSheetPage,
    SheetDocument,
    TeamRole,
)

TITLE = "Une plateforme pour faciliter l’intégration professionnelle des réfugiés en Loir-et-Cher"
AGREEMENT_DATE = date(2019, 9, 10)

SUMMARY = (
    "Une équipe et un réseau de partenaires construisent avec chaque personne réfugiée un parcours vers un emploi "
    "durable, grâce à la coopération des acteurs de l’emploi et du social."
)
OBJECTIVE = (
    "Ouvrir aux bénéficiaires de la protection internationale (BPI) l’accès à un emploi durable. Chacun bâtit son "
    "parcours d’insertion avec la plateforme, dans une approche globale : le travail, la langue et la vie quotidienne "
    "avancent ensemble."
)
BODY = (
    "La plateforme est portée par l’ASLD. Elle accompagne elle-même les personnes, ou s’appuie sur les partenaires "
    "avec lesquels elle travaille déjà dans le département, comme Job 41 et les missions locales.\n\n"
    "Son consortium réunit six signataires depuis le 10 septembre 2019. D’autres partenaires prennent part aux "
    "parcours : employeurs, organismes de formation, service public de l’emploi."
)
PROFILE = "Des hommes seuls dans leur grande majorité, venus notamment d’Afghanistan, du Soudan et de Syrie."
RESULTS = (
    "En 2019, la plateforme a suivi 130 bénéficiaires de la protection internationale en Loir-et-Cher. Cet "
    "accompagnement leur a ouvert l’accès à des formations et à des emplois."
)
ACTIONS = (
    (
        "Coordonner les acteurs",
        (
            "L’information circule entre tous ceux qui interviennent auprès d’une personne. Le partenariat local, déjà "
            "solide, rend cette coordination efficace."
        ),
    ),
    (
        "Établir un diagnostic individuel",
        (
            "Pour chaque bénéficiaire de la protection internationale : son projet professionnel, son niveau de "
            "français et les étapes à franchir pour une insertion durable."
        ),
    ),
    (
        "Accompagner chaque personne",
        (
            "L’accompagnement individuel tient compte du profil de chacun. Un suivi social lève les obstacles – "
            "mobilité, santé, garde d’enfants – pour que le parcours ne se rompe pas."
        ),
    ),
    (
        "Répondre aux besoins des entreprises",
        (
            "Les projets des personnes sont rapprochés des emplois à pourvoir dans le département, en lien notamment "
            "avec le MEDEF 41, la CPME et la FFB."
        ),
    ),
    (
        "Proposer des actions adaptées",
        "Des actions sont conçues pour les bénéficiaires de la protection internationale.",
    ),
)
#: Function in the team, head count where it is known.
TEAM = (("coordinateur", 1), ("conseillers en insertion professionnelle", None), ("travailleur social", 1))
SIGNATORIES = ("asld", "conseil-departemental-de-loir-et-cher", "medef-41", "cria-41", "bio-solidaire")
#: Organisation → what it brings.
EMPLOYERS = {
    "medef-41": "Fait connaître les besoins des entreprises du département.",
    "cpme": "Fait connaître les besoins des petites et moyennes entreprises.",
    "federation-francaise-du-batiment": "Fait connaître les besoins des entreprises du bâtiment.",
}
PARTNERS = {
    "federation-francaise-du-batiment": "",
    "ecole-de-la-2e-chance": "",
    "france-travail": "Engagé dans le partenariat sous son nom d’alors, Pôle emploi.",
    "conseil-regional-du-centre-val-de-loire": (
        "Prévoit des formations « acquisition des gestes professionnels » réservées aux réfugiés : agriculture "
        "saisonnière, métallurgie, cuisine, filière bois."
    ),
}


def platform() -> ProjectSheetPage:
    """Return the sheet with all its rows, not saved yet; the source states no wave and no dates."""
    sheet = ProjectSheetPage(
        title=TITLE,
        holder=demo_organisation("asld"),
        call=Call.objects.get(slug=CALL_SLUG),
        award_date=date(2019, 1, 31),
        duration_months=36,
        summary=SUMMARY,
        objective=OBJECTIVE,
        body=BODY,
        public_profile=PROFILE,
        consortium_agreement_date=AGREEMENT_DATE,
        total_budget=Decimal(2_000_845),
        stated_state_share="près de 80 %",
        results=RESULTS,
    )
    sheet.audiences = audiences(["bpi"])
    sheet.themes = themes(
        [
            *("projet-professionnel", "formation", "langue-francaise", "accompagnement-global", "cooperation"),
            *("mobilite", "sante", "garde-enfants"),
        ]
    )
    sheet.sectors = sectors(["agriculture-saisonniere", "metallurgie", "restauration", "filiere-bois"])
    sheet.territories = territories(["dep-41"])
    sheet.actions = [Action(title=title, body=body) for title, body in ACTIONS]
    sheet.team_roles = [TeamRole(label=label, count=count) for label, count in TEAM]
    sheet.partnerships = _partnerships()
    sheet.funding_lines = _funding_lines()
    sheet.indicators = _indicators()
    sheet.documents = _documents()
    return sheet


def _partnerships() -> list[Partnership]:
    consortium = {"role": PartnerRole.CONSORTIUM, "signed_on": AGREEMENT_DATE}
    return [
        *(Partnership(organisation=demo_organisation(slug), **consortium) for slug in SIGNATORIES),
        Partnership(label="missions locales", quantity=3, **consortium),
        Partnership(organisation=demo_organisation("job-41"), role=PartnerRole.DELIVERY),
        Partnership(label="missions locales", role=PartnerRole.DELIVERY),
        Partnership(label="d’autres partenaires déjà engagés", role=PartnerRole.DELIVERY),
        *_contributors(PARTNERS, PartnerRole.PARTNER),
        Partnership(label="les entreprises", role=PartnerRole.PARTNER),
        Partnership(label="les CFA", role=PartnerRole.PARTNER),
        *_contributors(EMPLOYERS, PartnerRole.EMPLOYER),
    ]


def _contributors(contributions: dict[str, str], role: PartnerRole) -> list[Partnership]:
    return [
        Partnership(organisation=demo_organisation(slug), role=role, contribution=contribution)
        for slug, contribution in contributions.items()
    ]


def _funding_lines() -> list[FundingLine]:
    """Return the two parts of the State; the rest of the total is unspecified in the source."""
    state = demo_organisation("etat")
    return [
        FundingLine(
            label="Subvention de l’appel à projets",
            category=FundingCategory.STATE,
            funder=state,
            channel=demo_organisation("banque-des-territoires"),
            instrument="PIC",
            amount=Decimal(1_094_349),
            amount_status=AmountStatus.GRANTED,
            stated_share=Decimal("54.7"),
        ),
        FundingLine(
            label="Participation complémentaire de l’État",
            category=FundingCategory.STATE,
            funder=state,
            instrument="insertion par l’activité économique (IAE)",
            qualifier="essentiellement",
            amount=Decimal(501_177),
            amount_status=AmountStatus.PLANNED,
        ),
    ]


def _indicators() -> list[Indicator]:
    """Return what is counted, and what the source tells without a figure."""
    reached = Indicator(
        label="Personnes accompagnées",
        unit="personnes",
        periodicity=Periodicity.ANNUAL,
        default_target=Decimal(150),
    )
    reached.values = [
        IndicatorValue(year=2019, achieved=Decimal(130), note="Bénéficiaires de la protection internationale suivis.")
    ]
    outcome = Indicator(label="Accès à une formation ou à un emploi", unit="personnes", periodicity=Periodicity.ANNUAL)
    outcome.values = [IndicatorValue(year=2019, note="Constaté sans être chiffré.")]
    return [reached, outcome]


def _documents() -> list[SheetDocument]:
    """Return the three files of the sheet, drawn at this moment."""
    return [
        SheetDocument(
            title="Organisation de la plateforme",
            kind=DocumentKind.CHART,
            file=ContentFile(organisation_chart(), name="organisation-de-la-plateforme.pdf"),
        ),
        SheetDocument(
            title="ASLD41_AFFICHE_A3",
            kind=DocumentKind.POSTER,
            file=ContentFile(poster(), name="asld41-affiche-a3.pdf"),
        ),
        SheetDocument(
            title="ASLD41_FLYER_A5_0901",
            kind=DocumentKind.FLYER,
            file=ContentFile(flyer(), name="asld41-flyer-a5-0901.pdf"),
        ),
    ]
