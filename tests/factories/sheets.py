"""Calls, fact sheets and their rows."""

from datetime import date
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.utils.text import slugify
from factory.django import DjangoModelFactory
from wagtail_factories import PageFactory

from portal.accounts.models import User
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
    RegionIndexPage,
    SheetDocument,
    TeamRole,
    Testimony,
    Wave,
)
from project_sheets.services import add_lead, open_region
from tests.factories.accounts import UserFactory
from tests.factories.content import HomePageFactory, SinglePageFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.files import PDF
from tests.factories.taxonomy import RegionFactory

#: Relations of a sheet to the shared words, which a test gives as lists.
WORDS = ("themes", "audiences", "sectors", "occupations", "territories", "extra_regions")


class ProgrammeFactory(DjangoModelFactory):
    """The plan of investment in skills."""

    name = "Plan d’investissement dans les compétences"
    acronym = "PIC"

    class Meta:
        model = Programme
        django_get_or_create = ("name",)


class CallFactory(DjangoModelFactory):
    """A call of the programme, without waves."""

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"Appel {n}")
    slug = factory.LazyAttribute(lambda made: slugify(made.title))
    published_on = date(2018, 10, 1)

    class Meta:
        model = Call


class WaveFactory(DjangoModelFactory):
    """The next wave of its call."""

    call = factory.SubFactory(CallFactory)
    number = factory.LazyAttribute(lambda made: made.call.waves.count() + 1)

    class Meta:
        model = Wave


class ProjectsIndexPageFactory(SinglePageFactory):
    """The top of the fact sheets."""

    title = "Projets lauréats"
    slug = "projets"
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = ProjectsIndexPage


class RegionPageFactory(factory.Factory):
    """A region as the portal opens it: its page, its team's rights, its review workflow."""

    index = factory.SubFactory(ProjectsIndexPageFactory)
    territory = factory.SubFactory(RegionFactory)
    slug = factory.LazyAttribute(lambda made: slugify(made.territory.name))

    class Meta:
        model = RegionIndexPage

    @classmethod
    def _create(cls, model_class: type[RegionIndexPage], *args: Any, **kwargs: Any) -> RegionIndexPage:
        return open_region(**kwargs)


class SheetFactory(PageFactory):
    """A published sheet of Bretagne; ``territories=[…]``, ``themes=[…]``… fill its relations."""

    title = factory.Sequence(lambda n: f"Projet {n}")
    summary = "Ce que lit chaque visiteur."
    call = factory.SubFactory(CallFactory)
    holder = factory.SubFactory(OrganisationFactory)
    parent = factory.SubFactory(RegionPageFactory)

    class Meta:
        model = ProjectSheetPage

    @classmethod
    def _create(cls, model_class: type[ProjectSheetPage], *args: Any, **kwargs: Any) -> ProjectSheetPage:
        words = {name: kwargs.pop(name) for name in WORDS if name in kwargs}
        sheet = super()._create(model_class, *args, **kwargs)
        for name, values in words.items():
            setattr(sheet, name, values)
        revision = sheet.save_revision()
        if sheet.live:
            revision.publish()
            sheet.refresh_from_db()
        else:
            sheet.save()
        return sheet


class DraftSheetFactory(SheetFactory):
    """A sheet that is not published."""

    live = False


class _RowFactory(DjangoModelFactory):
    """A row of a sheet, written to the database; the sheet's next revision takes it in."""

    sheet = factory.SubFactory(SheetFactory)

    class Meta:
        abstract = True


class ActionFactory(_RowFactory):
    """An action whose text is for members."""

    title = factory.Sequence(lambda n: f"Action {n}")
    body = "Le détail de l’action."

    class Meta:
        model = Action


class TeamRoleFactory(_RowFactory):
    """A function in the team, its head count unknown."""

    label = "conseillers en insertion professionnelle"

    class Meta:
        model = TeamRole


class PartnershipFactory(_RowFactory):
    """An organisation that is a partner."""

    organisation = factory.SubFactory(OrganisationFactory)
    role = PartnerRole.PARTNER

    class Meta:
        model = Partnership


class FundingLineFactory(_RowFactory):
    """Ten thousand euros of the State."""

    label = factory.Sequence(lambda n: f"Subvention {n}")
    category = FundingCategory.STATE
    amount = Decimal(10_000)

    class Meta:
        model = FundingLine


class IndicatorFactory(_RowFactory):
    """Something measured each year, without values."""

    label = factory.Sequence(lambda n: f"Indicateur {n}")
    unit = "personnes"

    class Meta:
        model = Indicator


class IndicatorValueFactory(DjangoModelFactory):
    """What was achieved in 2019."""

    indicator = factory.SubFactory(IndicatorFactory)
    year = 2019
    achieved = Decimal(100)

    class Meta:
        model = IndicatorValue


class TestimonyFactory(_RowFactory):
    """Words whose author agreed."""

    __test__ = False  # Not a class of tests, whatever pytest makes of its name.
    quote = "Ce parcours m’a aidée."
    author = "Une stagiaire"
    consent_date = date(2020, 1, 1)

    class Meta:
        model = Testimony


class SheetDocumentFactory(_RowFactory):
    """A small PDF of the sheet."""

    title = factory.Sequence(lambda n: f"Pièce {n}")
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="document.pdf"))

    class Meta:
        model = SheetDocument


class LeadFactory(UserFactory):
    """A person who looks after ``sheet``, a new one unless given."""

    first_name = "Référente"

    @factory.post_generation
    def sheet(self: User, create: bool, extracted: ProjectSheetPage | None) -> None:
        """Put the account beside the sheet."""
        if create:
            add_lead(sheet=extracted or SheetFactory(), user=self)
