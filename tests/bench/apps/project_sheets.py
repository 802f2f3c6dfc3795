"""Fact sheets: list, filtered list, region, call, sheet, and calls of 57 projects in 3 waves."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify

from directory.models import Organisation
from portal.accounts.models import User
from portal.taxonomy.models import Audience, Sector, Territory, Theme
from project_sheets.enums import AmountStatus, DocumentKind, FundingCategory, PartnerRole
from project_sheets.models import (
    Action,
    Call,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    Programme,
    ProjectSheetPage,
    ProjectsIndexPage,
    SheetDocument,
    SheetLead,
    TeamRole,
    Testimony,
    Wave,
)
from project_sheets.services import open_region
from tests.bench.apps import directory
from tests.bench.pages import BenchPage
from tests.bench.texts import ACTIONS, CALL_PURPOSE, GROUPS, PROJECT_NAMES, QUOTE, TEAM, paragraph, paragraphs

AFTER = ("directory",)
PREFIX = "essai-"
PROJECTS_A_CALL, WAVES = 57, 3
LEADS = 20
DOCUMENTS = (("Bilan annuel", DocumentKind.REPORT), ("Affiche", DocumentKind.POSTER))
INDICATORS = ("Personnes accompagnées", "Entrées en emploi ou en formation")
#: Shares of the budget, in per cent; the rest stays to be found.
SHARES = (
    (FundingCategory.STATE, 55),
    (FundingCategory.EU, 20),
    (FundingCategory.REGION, 9),
    (FundingCategory.OWN, 6),
)


def first_sheet() -> str:
    """Return the address of the first sheet: the same one, with the same rows, at every size."""
    return ProjectSheetPage.objects.get(slug__startswith=f"{PREFIX}0-").public_path


def its_region() -> str:
    """Return the address of the first sheet's region."""
    return first_sheet().rsplit("/", 2)[0] + "/"


PAGES = [
    BenchPage("list", "/projets/", target_ms=12),
    BenchPage("list-filtered", "/projets/?theme=logement&page=1"),
    BenchPage("region", its_region),
    BenchPage("call", f"/appels/{PREFIX}0/"),
    BenchPage("sheet", first_sheet, target_ms=12),
    BenchPage("map", "/projets/?vue=carte"),
    BenchPage("call-report", f"/appels/{PREFIX}0/bilan/", target_ms=200),
]


class World:
    """What sheets refer to, read once."""

    def __init__(self) -> None:
        index = ProjectsIndexPage.objects.get()
        territories = Territory.objects.current()
        # Codes from 95 on are islands without départements, where nearly nobody lives.
        regions = territories.regions().filter(code__lt="95")
        self.regions = [open_region(index=index, territory=region, slug=slugify(region.name)) for region in regions]
        self.departments: dict[int, list[Territory]] = {}
        for department in territories.departments():
            self.departments.setdefault(department.region_id or 0, []).append(department)
        self.themes, self.audiences = list(Theme.objects.all()), list(Audience.objects.all())
        self.sectors = list(Sector.objects.all())
        self.organisations = list(Organisation.objects.filter(slug__startswith=directory.PREFIX))
        self.leads = [make_lead(number) for number in range(LEADS)]
        self.calls: dict[int, tuple[Call, list[Wave]]] = {}

    def call(self, number: int) -> tuple[Call, list[Wave]]:
        """Return a call with its waves, made if need be."""
        if number not in self.calls:
            self.calls[number] = make_call(number)
        return self.calls[number]


def make_lead(number: int) -> User:
    """Return an account that looks after sheets."""
    fields = {"first_name": "Référente", "last_name": str(number), "membership_status": "approved"}
    return User.objects.get_or_create(email=f"bench-lead-{number}@demo.example", defaults=fields)[0]


def make_call(number: int) -> tuple[Call, list[Wave]]:
    """Return the call of this number; calls follow one another every six months."""
    programme, _created = Programme.objects.get_or_create(name="Programme d’essai", defaults={"acronym": "PE"})
    opened = date(2018, 10, 1) + timedelta(days=182 * number)
    fields: dict[str, Any] = {
        "programme": programme,
        "title": f"Intégration professionnelle, appel n° {number + 1}",
        "short_title": f"IP {number + 1}",
        "published_on": opened,
        "closes_on": opened + timedelta(days=90),
        "purpose": CALL_PURPOSE,
        "stated_project_count": PROJECTS_A_CALL,
        "stated_wave_count": WAVES,
    }
    call, _created = Call.objects.get_or_create(slug=f"{PREFIX}{number}", defaults=fields)
    waves = [Wave.objects.get_or_create(call=call, number=wave + 1)[0] for wave in range(WAVES)]
    return call, waves


def make_sheet(index: int, draw: Random, world: World) -> ProjectSheetPage:
    """Add the sheet number ``index`` to the tree, without its rows; one in twenty is a draft."""
    region = draw.choice(world.regions)
    call, waves = world.call(index // PROJECTS_A_CALL)
    assert call.closes_on is not None
    start = call.closes_on + timedelta(days=draw.randrange(60, 400))
    title = f"{draw.choice(PROJECT_NAMES)} – {region.title} {index}"
    confirmed = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=draw.randrange(700))
    sheet = ProjectSheetPage(
        title=title,
        slug=f"{PREFIX}{index}-{slugify(title)}"[:200],
        live=index % 20 != 19,
        holder=draw.choice(world.organisations),
        call=call,
        wave=waves[index % WAVES],
        award_date=start - timedelta(days=30),
        start_date=start,
        end_date=start + timedelta(days=1095),
        duration_months=36,
        summary=paragraph(draw, 2)[:280],
        objective=paragraph(draw, 3),
        body=paragraphs(draw, 3, 3),
        public_profile=paragraph(draw, 2),
        results=paragraphs(draw, 2, 3),
        total_budget=Decimal(draw.randrange(400, 2500) * 1000),
        stated_state_share="près de 80 %",
        consortium_agreement_date=start - timedelta(days=10),
        first_published_at=confirmed,
        last_published_at=confirmed,
        last_confirmed_at=confirmed,
    )
    return region.add_child(instance=sheet)


def rows_of_sheet(sheet: ProjectSheetPage, draw: Random, world: World) -> list[models.Model]:
    """Return the rows of a sheet: what its holder would have filled in."""
    order = iter(range(1000))
    rows: list[models.Model] = [
        Action(sheet=sheet, sort_order=next(order), title=title, body=paragraph(draw, 3))
        for title in draw.sample(ACTIONS, 5)
    ]
    rows += [
        TeamRole(sheet=sheet, sort_order=next(order), label=label, count=draw.choice([None, 1, 2, 4]))
        for label in draw.sample(TEAM, 4)
    ]
    rows += [
        Partnership(
            sheet=sheet,
            sort_order=next(order),
            organisation=one,
            role=draw.choice(PartnerRole.values),
            contribution=paragraph(draw, 1),
        )
        for one in draw.sample(world.organisations, 6)
    ]
    rows.append(Partnership(sheet=sheet, sort_order=next(order), label=draw.choice(GROUPS), quantity=12))
    rows.append(Testimony(sheet=sheet, sort_order=0, quote=QUOTE, author="Participante", consent_date=date(2023, 5, 1)))
    rows += [
        SheetDocument(
            sheet=sheet,
            sort_order=number,
            title=title,
            kind=kind,
            format="PDF",
            size=draw.randrange(50_000, 900_000),
            file="sheets/essai.pdf",
        )
        for number, (title, kind) in enumerate(DOCUMENTS)
    ]
    rows += [SheetLead(sheet=sheet, user=user) for user in draw.sample(world.leads, 2)]
    return rows + funding_lines(sheet, draw, world) + indicators(sheet, draw)


def funding_lines(sheet: ProjectSheetPage, draw: Random, world: World) -> list[models.Model]:
    """Return four sources of money that stay below the budget."""
    assert sheet.total_budget is not None
    return [
        FundingLine(
            sheet=sheet,
            sort_order=number,
            label=f"Financement {category.label}",
            category=category,
            funder=draw.choice(world.organisations),
            amount=sheet.total_budget * share / 100,
            amount_status=AmountStatus.GRANTED,
            instrument="PIC",
        )
        for number, (category, share) in enumerate(SHARES)
    ]


def indicators(sheet: ProjectSheetPage, draw: Random) -> list[models.Model]:
    """Return two indicators with three years each."""
    made: list[models.Model] = []
    for number, label in enumerate(INDICATORS):
        indicator = Indicator(
            sheet=sheet, sort_order=number, label=label, unit="personnes", default_target=Decimal(150)
        )
        made.append(indicator)
        made += [
            IndicatorValue(indicator=indicator, year=2020 + year, target=150, achieved=draw.randrange(60, 190))
            for year in range(3)
        ]
    return made


def links_of_sheet(sheet: ProjectSheetPage, draw: Random, world: World) -> list[models.Model]:
    """Return the links of a sheet to the words that all apps share."""
    places = world.departments.get(sheet.region_id or 0, [])
    chosen = {
        "themes": ("theme", draw.sample(world.themes, draw.randrange(1, 5))),
        "audiences": ("audience", draw.sample(world.audiences, draw.randrange(1, 4))),
        "sectors": ("sector", draw.sample(world.sectors, 2)),
        "territories": ("territory", draw.sample(places, min(len(places), draw.randrange(1, 4)))),
    }
    return [
        getattr(ProjectSheetPage, relation).through(projectsheetpage_id=sheet.pk, **{f"{field}_id": one.pk})
        for relation, (field, ones) in chosen.items()
        for one in ones
    ]


def save_rows(rows: list[models.Model]) -> None:
    """Write rows model by model: indicators before their values, which then know their numbers."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in sorted(rows, key=lambda row: isinstance(row, IndicatorValue)):
        by_model.setdefault(type(row), []).append(row)
    for model, ones in by_model.items():
        model._default_manager.bulk_create(ones, batch_size=500)


@transaction.atomic
def generate(scale: int, seed: int) -> None:
    """Bring the portal up to ``scale`` sheets; number n is the same whatever was made before."""
    known = ProjectSheetPage.objects.filter(slug__startswith=PREFIX).count()
    if known >= scale:
        return
    world, rows = World(), []
    for index in range(known, scale):
        draw = Random(f"sheet {seed} {index}")  # noqa: S311 -- data, not secrets
        sheet = make_sheet(index, draw, world)
        rows += rows_of_sheet(sheet, draw, world) + links_of_sheet(sheet, draw, world)
    save_rows(rows)
