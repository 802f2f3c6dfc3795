"""One small portal with every role in it, and a secret in every field that is for members.

The permission matrix and the leak test walk through it; nothing else depends on its content.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from wagtail.models import Locale, Page, Site

from directory.enums import Visibility
from directory.models import Membership, Organisation, OrganisationKind, Profile
from portal.accounts.data_rights.models import DataExport
from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.content.models import HomePage, PortalDocument
from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.enums import FundingCategory, PartnerRole
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
    TeamRole,
    Testimony,
    Wave,
)
from project_sheets.services import add_lead, open_region

ROLES = ("visitor", "member", "lead", "other_lead", "editor", "animator", "other_animator", "administrator")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"

#: What is planted in each members-only field; a visitor may never meet any of these words.
SECRETS = {
    "action.body": "zsecretactiontext",
    "team_role.label": "zsecretteamrole",
    "partnership.contribution": "zsecretcontribution",
    "funding_line.label": "zsecretfundinglabel",
    "funding_line.funder": "Zsecretfunder",
    "funding_line.channel": "Zsecretchannel",
    "funding_line.instrument": "zsecretinstrument",
    "funding_line.qualifier": "zsecretqualifier",
    "indicator.label": "zsecretindicator",
    "indicator.unit": "zsecretunit",
    "indicator_value.note": "zsecretnote",
    "indicator_value.source": "zsecretsource",
    "partnership.signed_on": "18 mars 2016",
    "testimony.quote": "zsecretquote",
    "testimony.author": "zsecretwitness",
    "document.title": "zsecretdocument",
    "document.file": "zsecretfilecontent",
    "sheet.body": "zsecretbody",
    "sheet.public_profile": "zsecretprofile",
    "sheet.results": "zsecretresults",
    "sheet.stated_state_share": "zsecretshare",
    "sheet.total_budget": "7654321",
    "funding_line.amount": "1234567",
    "indicator_value.achieved": "4242",
    "sheet.consortium_agreement_date": "17 mars 2017",
    "lead.first_name": "Zsecretlead",
    "draft.title": "Zsecretdraft",
    "profile.job_title": "zsecretjob",
    "profile.presentation": "zsecretpresentation",
    "profile.skill": "zsecretskill",
    "profile.contact_email": "zsecretcontact@test.example",
}

#: What is planted in parts of a profile that its owner keeps to themselves; no member meets these words.
KEPT_FROM_MEMBERS = {
    "profile.phone": "+33296424242",
    "profile.presentation": "zkeptpresentation",
    "profile.skill": "zkeptskill",
    "profile.contact_email": "zkeptcontact@test.example",
    "profile.job_title": "zkeptjob",
}


@dataclass
class World:
    """The portal under test: its people by role and its things."""

    users: dict[str, Any] = field(default_factory=dict)
    sheet: ProjectSheetPage | None = None
    draft: ProjectSheetPage | None = None
    call: Call | None = None
    organisation: Organisation | None = None
    theme: Theme | None = None
    region: Territory | None = None
    department: Territory | None = None
    document: SheetDocument | None = None
    resource_file: PortalDocument | None = None
    place: Membership | None = None
    export: DataExport | None = None
    #: What the modules of tests/rights add, by a name of theirs.
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """Return a browser in which ``role`` has signed in."""
        client = Client()
        if role != "visitor":
            client.force_login(self.users[role], backend="portal.accounts.backends.MemberBackend")
        return client


def read(response: Any) -> bytes:
    """Return the whole body; reading a streamed file to its end also closes it."""
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def make_user(role: str, **fields: Any) -> User:
    """Create an approved account named by its role."""
    fields.setdefault("first_name", role)
    fields.setdefault("membership_status", User.MembershipStatus.APPROVED)
    return User.objects.create_user(f"{role}@test.example", "Une-phrase-de-test-longue", **fields)


#: What the accounts of some roles say of themselves.
OF_ROLES = {
    "lead": {"first_name": SECRETS["lead.first_name"], "job_title": SECRETS["profile.job_title"]},
    "other_lead": {"job_title": KEPT_FROM_MEMBERS["profile.job_title"]},
}


def make_territories() -> dict[str, Territory]:
    """Create two regions with a département each."""
    made = {}
    for region_code, region, department_code, department in (
        ("53", "Bretagne", "35", "Ille-et-Vilaine"),
        ("24", "Centre-Val de Loire", "41", "Loir-et-Cher"),
    ):
        made[region_code] = Territory.objects.get_or_create(
            level=Territory.Level.REGION, code=region_code, defaults={"name": region, "vintage": 2026}
        )[0]
        made[department_code] = Territory.objects.get_or_create(
            level=Territory.Level.DEPARTMENT,
            code=department_code,
            defaults={"name": department, "vintage": 2026, "region": made[region_code]},
        )[0]
    return made


def make_projects_index() -> ProjectsIndexPage:
    """Create the site's home page and the top of the sheets, where they are missing."""
    index = ProjectsIndexPage.objects.first()
    if index is not None:
        return index
    home = HomePage.objects.first()
    if home is None:
        # A test of two connections leaves an empty database, without what migrations put there.
        Locale.objects.get_or_create(language_code="fr")
        root = Page.get_first_root_node() or Page.add_root(instance=Page(title="Racine", slug="racine"))
        home = root.add_child(instance=HomePage(title="Accueil", slug="accueil"))
        Site.objects.all().delete()
        Site.objects.create(hostname="testserver", root_page=home, is_default_site=True)
    return home.add_child(instance=ProjectsIndexPage(title="Projets lauréats", slug="projets"))


def make_sheet(region_page: Any, call: Call, holder: Organisation, **fields: Any) -> ProjectSheetPage:
    """Create a published sheet; ``fields`` override the ordinary ones."""
    values = {"title": "Projet", "summary": "Un résumé public.", "call": call, "holder": holder, **fields}
    sheet = ProjectSheetPage(**values)
    region_page.add_child(instance=sheet)
    if sheet.live:
        sheet.save_revision().publish()
        sheet.refresh_from_db()
    return sheet


def make_call() -> Call:
    """Create a call with one wave."""
    programme = Programme.objects.create(name="Plan d’investissement dans les compétences", acronym="PIC")
    call = Call.objects.create(
        programme=programme, title="Intégration professionnelle", slug="ipr", published_on=date(2018, 10, 1)
    )
    Wave.objects.create(call=call, number=1)
    return call


def make_organisation(name: str = "Structure d’essai", **fields: Any) -> Organisation:
    """Create an organisation, listed unless said otherwise."""
    kind, _created = OrganisationKind.objects.get_or_create(slug="association", defaults={"name": "Association"})
    return Organisation.objects.create(name=name, kind=kind, **fields)


def _fill_with_secrets(sheet: ProjectSheetPage, partner: Organisation) -> SheetDocument:
    """Plant every secret; the titles of actions and the names of partners are public."""
    sheet.body = SECRETS["sheet.body"]
    sheet.public_profile = SECRETS["sheet.public_profile"]
    sheet.results = SECRETS["sheet.results"]
    sheet.stated_state_share = SECRETS["sheet.stated_state_share"]
    sheet.total_budget = Decimal(SECRETS["sheet.total_budget"])
    sheet.consortium_agreement_date = date(2017, 3, 17)
    sheet.actions = [Action(title="Action publique", body=SECRETS["action.body"])]
    sheet.team_roles = [TeamRole(label=SECRETS["team_role.label"])]
    contribution = SECRETS["partnership.contribution"]
    sheet.partnerships = [
        Partnership(
            organisation=partner, role=PartnerRole.CONSORTIUM, contribution=contribution, signed_on=date(2016, 3, 18)
        ),
    ]
    sheet.funding_lines = [
        FundingLine(
            label=SECRETS["funding_line.label"],
            category=FundingCategory.STATE,
            amount=Decimal(SECRETS["funding_line.amount"]),
            # Who pays is for members; a body that the directory lists is named there besides.
            funder=make_organisation(SECRETS["funding_line.funder"], is_listed=False),
            channel=make_organisation(SECRETS["funding_line.channel"], is_listed=False),
            instrument=SECRETS["funding_line.instrument"],
            qualifier=SECRETS["funding_line.qualifier"],
        )
    ]
    indicator = Indicator(label=SECRETS["indicator.label"], unit=SECRETS["indicator.unit"])
    indicator.values = [
        IndicatorValue(
            year=2019,
            achieved=Decimal(SECRETS["indicator_value.achieved"]),
            note=SECRETS["indicator_value.note"],
            source=SECRETS["indicator_value.source"],
        )
    ]
    sheet.indicators = [indicator]
    sheet.testimonies = [
        Testimony(quote=SECRETS["testimony.quote"], author=SECRETS["testimony.author"], consent_date=date(2020, 1, 1))
    ]
    content = ContentFile(PDF + SECRETS["document.file"].encode(), name="document.pdf")
    sheet.documents = [SheetDocument(title=SECRETS["document.title"], file=content)]
    sheet.save_revision().publish()
    return SheetDocument.objects.get(sheet_id=sheet.pk)


def _write_profiles(lead: User, discreet: User, outgoing: User) -> None:
    """Have one member plant their secrets for members, one keep theirs, and one show a function to everyone."""
    profile = Profile.objects.get(user=lead)
    profile.presentation = SECRETS["profile.presentation"]
    profile.contact_email = SECRETS["profile.contact_email"]
    profile.contact_email_visibility = Visibility.MEMBERS
    profile.photo.save("photo.webp", ContentFile(b"RIFF"), save=False)
    profile.save()
    profile.skills.create(name=SECRETS["profile.skill"], normalized_name=SECRETS["profile.skill"])
    kept = Profile.objects.get(user=discreet)
    kept.presentation = KEPT_FROM_MEMBERS["profile.presentation"]
    kept.contact_email, kept.phone = KEPT_FROM_MEMBERS["profile.contact_email"], KEPT_FROM_MEMBERS["profile.phone"]
    for part in ("presentation", "contact_email", "phone", "skills", "job_title"):
        setattr(kept, f"{part}_visibility", Visibility.NOBODY)
    kept.save()
    kept.skills.create(name=KEPT_FROM_MEMBERS["profile.skill"], normalized_name=KEPT_FROM_MEMBERS["profile.skill"])
    Profile.objects.filter(user=outgoing).update(name_visibility=Visibility.PUBLIC)


def _make_export(user: User) -> DataExport:
    now = timezone.now()
    export = DataExport(user=user, ready_at=now, expires_at=now + DataExport.LIFETIME)
    export.file.save("donnees.zip", ContentFile(b"PK"))
    return export


def build_world() -> World:
    """Build the portal under test."""
    world = World(users={"visitor": AnonymousUser()})
    places = make_territories()
    world.region, world.department = places["53"], places["35"]
    index = make_projects_index()
    here = open_region(index=index, territory=places["53"], slug="bretagne")
    there = open_region(index=index, territory=places["24"], slug="centre-val-de-loire")
    world.theme = Theme.objects.get_or_create(slug="logement", defaults={"name": "Logement"})[0]
    audience = Audience.objects.get_or_create(slug="bpi", defaults={"name": "Bénéficiaires"})[0]
    world.call = make_call()
    world.organisation = make_organisation("Structure porteuse")
    partner = make_organisation("Structure partenaire")
    world.sheet = make_sheet(here, world.call, world.organisation, title="Projet public", slug="projet-public")
    world.sheet.themes = [world.theme]
    world.sheet.audiences = [audience]
    world.sheet.territories = [places["35"]]
    world.document = _fill_with_secrets(world.sheet, partner)
    world.draft = make_sheet(
        here, world.call, world.organisation, title=SECRETS["draft.title"], slug="projet-brouillon", live=False
    )
    world.resource_file = PortalDocument.objects.create(
        title="Document des membres", file=ContentFile(PDF, name="document.pdf"), members_only=True
    )
    other = make_sheet(there, world.call, partner, title="Projet d’ailleurs", slug="projet-d-ailleurs")
    for role in ROLES[1:-1]:
        world.users[role] = make_user(role, **OF_ROLES.get(role, {}))
    world.users["administrator"] = make_user("administrator", is_superuser=True)
    add_lead(sheet=world.sheet, user=world.users["lead"])
    add_lead(sheet=world.draft, user=world.users["lead"])
    add_lead(sheet=other, user=world.users["other_lead"])
    editor = {"organisation": world.organisation, "role": Membership.Role.EDITOR}
    world.place = Membership.objects.create(user=world.users["editor"], **editor)
    _write_profiles(world.users["lead"], world.users["other_lead"], world.users["animator"])
    world.export = _make_export(world.users["member"])
    appoint_animator(user=world.users["animator"], territory=places["53"])
    appoint_animator(user=world.users["other_animator"], territory=places["24"])
    _complete(world)
    return world


@contextmanager
def standing_world(blocker: DjangoDbBlocker) -> Iterator[World]:
    """Give one world to all tests of a module, which only read, or write within a transaction of their own.

    A test that needs real transactions cannot be in that module.
    """
    with blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def _complete(world: World) -> None:
    """Add what each app brings."""
    from tests.rights import parts

    for part in parts():
        if build := getattr(part, "build", None):
            build(world)
