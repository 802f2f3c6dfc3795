"""A sheet of Bretagne with somebody who looks after it, and the team of its region."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from directory.models import Organisation
from portal.accounts.models import User
from portal.accounts.services import appoint_animator
from portal.mail.models import OutboxMessage
from portal.taxonomy.models import Territory
from project_sheets.models import ProjectSheetPage
from project_sheets.review.selectors import reading_of
from tests.factories.accounts import UserFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.sheets import LeadFactory, SheetFactory
from tests.factories.taxonomy import AudienceFactory, DepartmentFactory, ThemeFactory
from tests.support.forms import form_data

Mails = Callable[[str], list[OutboxMessage]]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def decide(client: Client, name: str, sheet: ProjectSheetPage, **typed: str):
    prefix = {"changes": "changes", "refuse": "refuse", "approve": "approve"}.get(name, name)
    read = typed.pop("read", None)
    data = {f"{prefix}-{field}": value for field, value in typed.items()}
    data["read"] = reading_of(ProjectSheetPage.objects.get(pk=sheet.pk)) if read is None else read
    return client.post(reverse(f"sheet_review:{name}", args=[sheet.uid]), data)


@dataclass
class Desk:
    """Somebody at the form of a sheet."""

    sheet: ProjectSheetPage
    user: User
    client: Client

    def url(self, name: str, *arguments: Any) -> str:
        return reverse(f"sheet_editing:{name}", args=[self.sheet.uid, *arguments])

    def shown(self, step: str) -> dict[str, list[str]]:
        return form_data(self.client.get(self.url("step", step)).content.decode(), "seen")

    def save(
        self, step: str, *, action: str = "save", shown: dict[str, Any] | None = None, **typed: Any
    ) -> HttpResponse:
        """Post a step as it is shown, with what is typed."""
        data = {**(shown or self.shown(step)), **typed, "action": action}
        return self.client.post(self.url("step", step), data)

    @property
    def draft(self) -> ProjectSheetPage:
        self.sheet.refresh_from_db()
        return self.sheet.get_latest_revision_as_object()


@pytest.fixture
def sheet(db: None) -> ProjectSheetPage:
    """A published sheet with all that publishing asks for."""
    return SheetFactory(
        title="Plateforme", themes=[ThemeFactory()], audiences=[AudienceFactory()], territories=[DepartmentFactory()]
    )


@pytest.fixture
def desk(sheet: ProjectSheetPage) -> Desk:
    user = LeadFactory(sheet=sheet)
    return Desk(sheet, user, client_of(user))


@pytest.fixture
def colleague(sheet: ProjectSheetPage) -> Desk:
    """Another person who looks after the same sheet."""
    user = LeadFactory(sheet=sheet, first_name="Collègue")
    return Desk(sheet, user, client_of(user))


@pytest.fixture
def animator(sheet: ProjectSheetPage) -> User:
    user = UserFactory(first_name="Animatrice")
    appoint_animator(user=user, territory=sheet.region)
    return user


@pytest.fixture
def other_animator(sheet: ProjectSheetPage) -> User:
    user = UserFactory(first_name="Ailleurs")
    elsewhere, _created = Territory.objects.get_or_create(
        level=Territory.Level.REGION, code="24", defaults={"name": "Centre-Val de Loire", "vintage": 2026}
    )
    appoint_animator(user=user, territory=elsewhere)
    return user


@pytest.fixture
def partner(db: None) -> Organisation:
    return OrganisationFactory(name="Mission locale du Pays de Brest")


@pytest.fixture
def mails() -> Callable[[str], list[OutboxMessage]]:
    """Return the messages of a kind, in the order in which they were decided."""

    def of(kind: str) -> list[OutboxMessage]:
        return list(OutboxMessage.objects.filter(kind=f"project_sheets.{kind}").order_by("pk"))

    return of


@pytest.fixture
def submitted(desk: Desk, animator: User) -> Desk:
    """A new version of a published sheet, in review."""
    desk.save("identite", summary="Le nouveau résumé.")
    assert desk.client.post(desk.url("submit"), {"note": "Le budget est neuf."}).status_code == 302
    return desk
