"""The command that loads the demonstration: who may sign in, and what a second run leaves alone."""

import io
import stat
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client

from directory.models import Membership, Organisation
from portal.accounts.data_rights.models import Consent
from portal.accounts.models import RegionTeam, User
from portal.animation.demo.accounts import ACCOUNTS, choose_password, password_file
from portal.animation.demo.leaflets import CHART_BYTES, FLYER_BYTES, POSTER_BYTES, TOLERANCE_BYTES
from portal.content.models import Announcement, HomePage, NewsPage
from project_sheets.models import ProjectSheetPage, SheetDocument, SheetLead
from tests.demo.conftest import PASSWORD, load_demo

#: A demonstration is on SQLite, always.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the portal's database, by model."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model._meta.managed
    }


def account(role: str) -> User:
    return User.objects.get(email=f"{role}@demo.example")


def edit_like_people(sheet: ProjectSheetPage) -> None:
    """Change one thing of each part, as an administrator and the accounts' holders would."""
    sheet.title, sheet.slug, sheet.summary = "Titre revu", "titre-revu", "Résumé revu."
    sheet.save_revision().publish()
    NewsPage.objects.get().delete()
    NewsPage.objects.update(slug="adresse-revue")
    Organisation.objects.filter(slug="asld").update(name="ASLD 41", slug="asld-41", description="Texte revu.")
    home = HomePage.objects.get()
    home.body.pop()
    home.save_revision().publish()
    Announcement.objects.update(text="Annonce revue.")
    member = account("membre")
    member.first_name = "Revue"
    member.set_password("une-autre-phrase-de-passe")
    member.save()
    SheetLead.objects.all().delete()
    Membership.objects.update(role=Membership.Role.EDITOR)


def test_a_second_run_changes_nothing(demo: str) -> None:
    before = everything()
    load_demo()
    assert everything() == before


def test_a_second_run_keeps_what_people_changed(demo: str) -> None:
    edit_like_people(ProjectSheetPage.objects.get(slug="adventus"))
    before = everything()
    said = load_demo()
    after = everything()
    # The article, which somebody deleted, is the one thing missing: it comes back.
    assert NewsPage.objects.count() == 1
    for label in ("project_sheets.ProjectSheetPage", "project_sheets.SheetLead", "directory.Organisation"):
        assert after[label] == before[label], label
    for label in ("directory.Membership", "accounts.User", "content.HomePage", "content.Announcement"):
        assert after[label] == before[label], label
    assert "membre@demo.example                  membre de la communauté (mot de passe changé depuis)" in said


def test_one_account_a_role_all_signing_in_with_the_password_that_is_printed(demo: str) -> None:
    assert f"Mot de passe : {PASSWORD}" in demo.splitlines()
    for data in ACCOUNTS:
        assert data.email in demo
        user = authenticate(email=data.email, password=PASSWORD)
        assert user is not None
        assert user.is_member
        assert Consent.objects.filter(user=user, subject="charter").exists()
    assert not EmailAddress.objects.exists(), "accounts keep the only list of addresses"


def test_each_account_has_its_role_and_no_other(demo: str) -> None:
    regions = {data.role: animated_regions(account(data.role)) for data in ACCOUNTS}
    assert {role: names for role, names in regions.items() if names} == {
        "animateur": ["Bretagne"],
        "animateur-autre-region": ["Centre-Val de Loire"],
    }
    assert [user.email for user in User.objects.filter(is_superuser=True)] == ["administrateur@demo.example"]
    lead = SheetLead.objects.get()
    assert (lead.user, lead.sheet.title) == (account("porteur"), "ADVENTUS")
    membership = Membership.objects.exclude(role=Membership.Role.MEMBER).get()
    assert (membership.user, membership.role) == (account("structure"), Membership.Role.MANAGER)
    assert membership.organisation.held_sheets.get().title == "Melting Breizh"


def animated_regions(user: User) -> list[str]:
    return list(RegionTeam.objects.filter(group__user=user).values_list("territory__name", flat=True))


@pytest.mark.parametrize(
    ("title", "size", "shown"),
    [
        ("Organisation de la plateforme", CHART_BYTES, "0,50\u00a0Mo"),
        ("ASLD41_AFFICHE_A3", POSTER_BYTES, "0,31\u00a0Mo"),
        ("ASLD41_FLYER_A5_0901", FLYER_BYTES, "0,31\u00a0Mo"),
    ],
)
def test_a_leaflet_weighs_what_the_source_announces(demo: str, title: str, size: int, shown: str) -> None:
    document = SheetDocument.objects.get(title=title)
    assert abs(document.size - size) <= TOLERANCE_BYTES
    assert (document.format, document.shown_size) == ("PDF", shown)
    client = Client()
    client.force_login(account("membre"), backend="portal.accounts.backends.MemberBackend")
    content = b"".join(client.get(document.get_absolute_url()).streaming_content)  # type: ignore[attr-defined]
    assert len(content) == document.size
    assert content.startswith(b"%PDF")
    assert b"/Lang (fr" in content
    assert b"/Title" in content


def test_the_password_file_is_for_its_owner_alone(demo: str) -> None:
    assert password_file().read_text(encoding="utf-8").strip() == PASSWORD
    assert stat.S_IMODE(password_file().stat().st_mode) == 0o600


def test_a_new_demo_password_reaches_the_accounts_that_had_the_last_one(
    demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = account("membre")
    member.set_password("une-autre-phrase-de-passe")
    member.save()
    monkeypatch.setenv("DEMO_PASSWORD", "encore-un-mot-de-passe")
    try:
        load_demo()
        assert authenticate(email="porteur@demo.example", password="encore-un-mot-de-passe")
        assert authenticate(email="membre@demo.example", password="une-autre-phrase-de-passe")
    finally:
        password_file().write_text(PASSWORD, encoding="utf-8")


def test_without_a_variable_the_password_is_made_once_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any
) -> None:
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.DATA_DIR = tmp_path
    made = choose_password()
    assert len(made.value) >= 15
    assert made.before == ""
    assert choose_password().value != made.value
    password_file().write_text(f"{made.value}\n", encoding="utf-8")
    assert choose_password().value == made.value


def test_a_weak_demo_password_stops_with_a_clear_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "court")
    said = io.StringIO()
    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo", stdout=said)
    assert not said.getvalue()


@pytest.mark.parametrize("module", ["portal.settings.production", ""])
def test_it_refuses_to_run_outside_the_demonstration(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", module)
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"portal\.settings\.demo"):
        call_command("load_demo", stdout=said)
    assert not said.getvalue()
