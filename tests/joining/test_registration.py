"""Asking to join: nothing lost, nothing twice, nothing told."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.contrib.auth.hashers import get_hasher
from django.core.signing import dumps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import OrganisationKind
from portal.accounts.data_rights.models import Consent
from portal.accounts.models import User
from portal.accounts.services import set_membership_status
from portal.joining.enums import RegistrationState
from portal.joining.models import Registration
from portal.mail.models import OutboxMessage
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, PendingUserFactory, UserFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.taxonomy import CommuneFactory, DepartmentFactory, RegionFactory
from tests.joining.conftest import mails, path_in, registration, typed

pytestmark = pytest.mark.django_db

SENT = "/inscription/envoyee/"
PASSWORD = "Une phrase longue à moi seule"


def confirmation_path() -> str:
    return path_in(mails("confirm_address")[-1], "/inscription/confirmer/")


def test_a_request_is_stored_and_its_address_to_be_confirmed(send) -> None:
    response = send(message="Bonjour")
    assert (response.status_code, response["Location"]) == (302, SENT)
    made = Registration.objects.get()
    assert (made.state, made.email, made.message) == ("unconfirmed", "conseillere@mission.example", "Bonjour")
    assert timezone.now() - made.consented_at < timedelta(minutes=1)
    [mail] = mails("confirm_address")
    assert mail.to == made.email
    assert "24 heures" in mail.text
    assert not User.objects.filter(email=made.email).exists()


def test_get_confirms_nothing_and_post_opens_a_pending_account(send, client) -> None:
    animator = AnimatorFactory()
    other = AnimatorFactory(region=RegionFactory(code="24", name="Centre-Val de Loire"))
    send()
    path = confirmation_path()
    assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert not User.objects.filter(email="conseillere@mission.example").exists()
    response = client.post(path)
    assert (response.status_code, response["Location"]) == (302, "/inscription/en-attente/")
    account = User.objects.get(email="conseillere@mission.example")
    assert account.membership_status == User.MembershipStatus.PENDING
    assert (account.first_name, account.job_title) == ("Conseillère", "Conseillère en insertion")
    consent = Consent.objects.get(user=account, subject="charter")
    assert consent.given_at == Registration.objects.get().consented_at, "when they agreed, not when they confirmed"
    assert [mail.to for mail in mails("to_approve")] == [animator.email]
    assert other.email not in OutboxMessage.objects.values_list("to", flat=True)
    # The same click again changes nothing and tells nobody again.
    assert client.post(path).status_code == 302
    assert len(mails("to_approve")) == 1
    assert Client().post(path).status_code == 200


def test_a_request_without_region_or_team_goes_to_the_administrators(send, client) -> None:
    administrator = AdministratorFactory()
    send(region="")
    client.post(confirmation_path())
    assert [mail.to for mail in mails("to_approve")] == [administrator.email]
    assert Registration.objects.get().region is None


@pytest.mark.parametrize("status", [None, "approved", "pending", "refused", "suspended"])
def test_every_address_gets_the_same_page_after_the_same_work(status: str | None, monkeypatch, brittany) -> None:
    """The request itself runs the same statements; what differs is done by the worker."""
    asked = []
    monkeypatch.setattr("portal.joining.views.registration.answer", type("Queue", (), {"enqueue": asked.append}))

    hashes = []
    hasher = get_hasher()
    monkeypatch.setattr(
        type(hasher), "encode", lambda self, password, salt: hashes.append(password) or f"md5${salt}${len(hashes)}"
    )

    def post(email: str) -> tuple[list[str], bytes]:
        browser, before = Client(), len(hashes)
        with CaptureQueriesContext(connection) as captured:
            response = browser.post("/inscription/", typed(email=email, password=PASSWORD))
        assert response["Location"] == SENT
        assert len(hashes) == before + 1, "the costliest work, once for everybody"
        # Names of savepoints and lengths of lists differ from one run to the next; statements and their order do not.
        statements = [re.sub(r'"s\d+_x\d+"', "", query["sql"]).split("WHERE")[0][:60] for query in captured]
        return statements, browser.get(SENT).content

    post("premiere@test.example")
    expected, page = post("inconnue@test.example")
    account = UserFactory(email="connue@test.example")
    if status:
        set_membership_status(user=account, status=status)
    address = "Connue@Test.example" if status else "nouvelle@test.example"
    assert post(address) == (expected, page)
    assert not any("accounts_user" in sql for sql in expected)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("approved", "already_member"),
        ("pending", "already_pending"),
        ("refused", "already_refused"),
        ("suspended", "already_refused"),
    ],
)
def test_the_owner_of_a_known_address_is_told_and_nothing_opens(send, status: str, kind: str) -> None:
    account = UserFactory(email="connue@test.example", first_name="Titulaire")
    set_membership_status(user=account, status=status)
    send(email="CONNUE@test.example", first_name="Zoltan", password=PASSWORD)
    [mail] = OutboxMessage.objects.filter(to="connue@test.example")
    assert mail.kind == f"joining.{kind}"
    assert "Titulaire" in mail.text
    assert "Zoltan" not in mail.text, "what a stranger types is not mailed to a member"
    made = Registration.objects.get()
    assert (made.state, made.password) == (RegistrationState.KNOWN, "")
    account.refresh_from_db()
    assert (account.membership_status, account.check_password(PASSWORD)) == (status, False)


def test_a_form_sent_twice_is_one_request_and_one_mail(send) -> None:
    uid = "5f0c3b6e-3f0a-4c53-9c3b-2a3d1c8f9e10"
    assert send(uid=uid)["Location"] == SENT
    assert send(uid=uid)["Location"] == SENT
    assert Registration.objects.get().uid == UUID(uid)
    assert len(mails("confirm_address")) == 1
    # Going back and writing another address is another request, once too.
    for _click in range(2):
        send(uid=uid, email="autre@test.example")
    assert Registration.objects.count() == 2
    assert {mail.to for mail in mails("confirm_address")} == {"conseillere@mission.example", "autre@test.example"}


def test_of_two_requests_for_one_address_one_opens_the_account(send, client) -> None:
    send(first_name="Une")
    first = confirmation_path()
    send(first_name="Deux")
    client.post(confirmation_path())
    response = Client().post(first)
    assert response.status_code == 200
    assert User.objects.get(email="conseillere@mission.example").first_name == "Deux"
    assert Registration.objects.filter(state=RegistrationState.KNOWN).count() == 1


def test_a_password_stands_only_in_the_browser_that_typed_it(send, client) -> None:
    send(password=PASSWORD)
    assert not Client().post(confirmation_path()).wsgi_request.user.check_password(PASSWORD)
    User.objects.all().delete()
    send(password=PASSWORD)
    client.post(confirmation_path())
    assert User.objects.get(email="conseillere@mission.example").check_password(PASSWORD)
    assert not Registration.objects.exclude(password="").filter(state=RegistrationState.AWAITING).exists()


def test_another_browser_is_told_that_the_password_is_not_kept(send) -> None:
    send(password=PASSWORD)
    assert Client().get(confirmation_path()).context["loses_password"]


def test_an_old_link_offers_a_new_one(send, client) -> None:
    send()
    old = confirmation_path()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "joining/confirm_expired.html" in [used.name for used in client.get(old).templates]
        assert client.post(old)["Location"] == SENT
        assert not User.objects.filter(email="conseillere@mission.example").exists()
        assert len(mails("confirm_address")) == 2
        assert client.post(confirmation_path())["Location"] == "/inscription/en-attente/"


@pytest.mark.parametrize("token", ["x", "a:b:c", dumps("zzz", salt="joining.confirmation"), dumps("0" * 32)])
def test_a_forged_link_opens_nothing(client, token: str) -> None:
    assert client.get(f"/inscription/confirmer/{token}/").status_code == 404
    assert client.post(f"/inscription/confirmer/{token}/").status_code == 404


def test_the_organisation_is_found_by_its_name_or_acronym(send, mission) -> None:
    send(organisation_name="  mission LOCALE de rennes", region="")
    made = Registration.objects.get()
    assert (made.organisation, made.proposed_name) == (mission, "")
    assert made.region == RegionFactory(), "the region of the seat"
    send(organisation_name="mlr", email="b@test.example")
    assert Registration.objects.get(email="b@test.example").organisation == mission


def test_a_name_that_may_be_several_comes_back_with_them(send, mission) -> None:
    response = send(organisation_name="Mission locale")
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == ["organisation_choice"]
    assert [value for value, _label in form.fields["organisation_choice"].choices] == [str(mission.pk), "new"]
    assert "Je cherche des pairs." in response.content.decode()
    assert send(organisation_name="Mission locale", organisation_choice=str(mission.pk))["Location"] == SENT
    assert Registration.objects.get().organisation == mission


def test_two_organisations_of_one_name_are_told_apart(send, mission) -> None:
    twin = OrganisationFactory(name="Mission locale de Rennes")
    assert list(send(organisation_name="Mission locale de Rennes").context["form"].errors) == ["organisation_choice"]
    send(organisation_name="Mission locale de Rennes", organisation_choice=str(twin.pk))
    assert Registration.objects.get().organisation == twin


def test_an_unknown_organisation_is_proposed_with_its_kind_and_commune(send, mission) -> None:
    kind = OrganisationKind.objects.get(pk=mission.kind_id)
    response = send(organisation_name="Zzyzx nouvelle")
    assert set(response.context["form"].errors) == {"proposed_kind", "proposed_place"}
    values = {"organisation_name": "Zzyzx nouvelle", "proposed_kind": kind.slug, "region": ""}
    assert send(**values, proposed_place="Rennes 35000")["Location"] == SENT
    made = Registration.objects.get()
    assert (made.organisation, made.proposed_name, made.proposed_kind) == (None, "Zzyzx nouvelle", kind)
    assert made.proposed_seat == CommuneFactory()
    assert made.region == RegionFactory()


def test_a_commune_that_is_two_wants_its_postal_code(send, mission) -> None:
    other = DepartmentFactory(code="22", name="Côtes-d’Armor")
    CommuneFactory(code="22999", name="Rennes", postal_codes=["22999"], department=other)
    values = {"organisation_name": "Zzyzx", "proposed_kind": mission.kind.slug}
    assert list(send(**values, proposed_place="Rennes").context["form"].errors) == ["proposed_place"]
    send(**values, proposed_place="22999 rennes")
    assert Registration.objects.get().proposed_seat.code == "22999"


def test_without_communes_a_proposal_needs_none(send) -> None:
    kind = OrganisationFactory(name="Autre chose").kind
    assert send(organisation_name="Zzyzx", proposed_kind=kind.slug)["Location"] == SENT


@pytest.mark.parametrize("forged", ["999999", "-1", "abc", "1 OR 1=1", "9" * 400, "\x00"])
def test_a_forged_organisation_is_refused_at_its_field(send, mission, forged: str) -> None:
    response = send(organisation_name="Mission locale", organisation_choice=forged)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["organisation_choice"]


def test_an_unlisted_organisation_cannot_be_named(send, mission) -> None:
    hidden = OrganisationFactory(name="Mission cachée", is_listed=False)
    response = send(organisation_name="Mission cachée", organisation_choice=str(hidden.pk))
    assert "organisation_choice" in response.context["form"].errors
    assert "Mission cachée –" not in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "pas une adresse"),
        ("email", "a@b.fr\r\nBcc: tous@example.fr"),
        ("email", "a" * 250 + "@example.fr"),
        ("first_name", ""),
        ("first_name", "a\x00b"),
        ("first_name", "Ann\u202ee"),
        ("first_name", "x" * 81),
        ("first_name", "Gagnez https://spam.example"),
        ("last_name", "a\r\nb"),
        ("last_name", "www.spam.example"),
        ("job_title", ""),
        ("job_title", "x" * 121),
        ("organisation_name", "x" * 151),
        ("organisation_name", "ab"),
        ("region", "99"),
        ("region", "\x00"),
        ("message", "x" * 501),
        ("message", "a\x07b"),
        ("password", "trop court"),
        ("password", "x" * 201),
        ("consent", ""),
    ],
)
def test_bad_input_gets_an_error_at_its_field_and_loses_nothing(send, field: str, value: str) -> None:
    response = send(**{field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    content = response.content.decode()
    assert 'aria-invalid="true"' in content
    if field != "message":
        assert "Je cherche des pairs." in content
    assert not Registration.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_a_robot_is_told_the_same_and_forgotten(send) -> None:
    assert send(website="https://spam.example")["Location"] == SENT
    assert not Registration.objects.exists()


def test_the_trap_is_hidden_and_the_password_never_comes_back(send, client) -> None:
    content = client.get("/inscription/").content.decode()
    assert '<div hidden><label for="id_website"' in content
    assert PASSWORD not in send(password=PASSWORD, consent="").content.decode()


def test_after_five_requests_one_waits_without_losing_the_text() -> None:
    RegionFactory()
    browsers = [Client() for _one in range(6)]
    statuses = [browser.post("/inscription/", typed()).status_code for browser in browsers]
    assert statuses == [302] * 5 + [429]
    response = Client().post("/inscription/", typed(message="À garder"))
    assert "À garder" in response.content.decode()
    assert Registration.objects.count() == 5


def test_one_form_does_not_bring_any_number_of_addresses(client, monkeypatch) -> None:
    """The identifier of a form is the browser's word: it spares nobody a turn, and a second click no hash."""
    RegionFactory()
    hashed: list[str] = []
    monkeypatch.setattr("portal.joining.services.registrations.make_password", lambda text: hashed.append(text) or "h")
    form = typed(password=PASSWORD)
    for _click in range(8):
        assert client.post("/inscription/", form).status_code == 302
    assert len(hashed) == 1
    statuses = [client.post("/inscription/", form | {"email": f"{n}@test.example"}).status_code for n in range(20)]
    assert statuses == [302] * 19 + [429]


def test_a_forged_csrf_token_is_refused(brittany) -> None:
    assert Client(enforce_csrf_checks=True).post("/inscription/", typed()).status_code == 403


def test_names_are_suggested_without_telling_what_is_hidden(client, mission) -> None:
    OrganisationFactory(name="Mission cachée", is_listed=False)
    assert client.get("/inscription/structures/?q=mission").json() == {"names": ["Mission locale de Rennes"]}
    assert client.get("/inscription/structures/?q=%00").json() == {"names": []}
    assert client.get("/inscription/structures/?q=m").json() == {"names": []}


def test_who_waits_sees_where_it_stands_in_place_of_what_is_for_members(client) -> None:
    made = registration(region=RegionFactory())
    client.force_login(made.user, backend="portal.accounts.backends.MemberBackend")
    for path in ("/", "/mon-espace/"):
        assert client.get(path)["Location"] == "/inscription/en-attente/"
    page = client.get("/inscription/en-attente/")
    assert page.context["registration"] == made
    refused = client.get("/mon-espace/premiers-pas/")
    assert refused.status_code == 403
    assert refused.context["registration"] == made
    # Public pages stay open, one's data and security too.
    for path in ("/projets/", "/annuaire/", "/contact/", "/mon-espace/mes-donnees/", "/mon-espace/securite/"):
        assert client.get(path).status_code == 200, path


def test_members_and_visitors_do_not_wait(client) -> None:
    assert client.get("/inscription/en-attente/")["Location"].startswith("/connexion/")
    client.force_login(UserFactory(), backend="portal.accounts.backends.MemberBackend")
    assert client.get("/inscription/en-attente/")["Location"] == "/mon-espace/premiers-pas/"
    assert client.get("/inscription/")["Location"] == "/mon-espace/"


def test_the_waiting_page_knows_accounts_that_came_another_way(client) -> None:
    client.force_login(PendingUserFactory(), backend="portal.accounts.backends.MemberBackend")
    response = client.get("/inscription/en-attente/")
    assert response.status_code == 200
    assert response.context["registration"] is None
