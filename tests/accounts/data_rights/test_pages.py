"""The pages of "My data": what is shown, who may ask, and how a departure is proven."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from django.utils.http import urlencode

from directory.models import Membership
from portal.accounts.data_rights.models import Consent, DataExport, ErasureRequest
from portal.accounts.data_rights.services import give_consent, withdraw_consent
from portal.accounts.models import User
from portal.mail.models import OutboxMessage
from tests.accounts.conftest import path_in, prove
from tests.factories import PASSWORD, MembershipFactory, PendingUserFactory, UserFactory
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
URL = "/mon-espace/mes-donnees/"
LEAVE = f"{URL}suppression/"
VERIFICATION = "/mon-espace/securite/verification/"


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    cache.clear()


@pytest.fixture
def user(client: Client) -> User:
    made = UserFactory()
    client.force_login(made)
    return made


def test_the_page_says_what_is_held_and_agreed_to(client: Client, user: User) -> None:
    give_consent(user=user, subject="charter", version="2026-11")
    response = client.get(URL)
    assert response.status_code == 200
    assert {str(kind["label"]) for kind in response.context["held"]} >= {"Votre compte"}
    html = response.content.decode()
    assert "2026-11" in html
    assert 'href="/donnees-personnelles/"' in html


def test_a_consent_keeps_its_first_date_and_its_end() -> None:
    user = UserFactory()
    first = give_consent(user=user, subject="charter", version="1")
    assert give_consent(user=user, subject="charter", version="1") == first
    give_consent(user=user, subject="charter", version="2")
    withdraw_consent(user=user, subject="charter")
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    give_consent(user=user, subject="charter", version="1")
    assert Consent.objects.count() == 3


def test_who_waits_for_approval_has_the_same_rights(client: Client) -> None:
    client.force_login(PendingUserFactory())
    prove(client)
    assert client.get(URL).status_code == 200
    assert client.post(LEAVE).status_code == 302
    assert ErasureRequest.objects.exists()


def test_a_session_left_open_neither_leaves_nor_takes_a_copy(client: Client, user: User) -> None:
    """What was proven long ago proves nothing: leaving, asking for a copy and fetching it want a proof of now."""
    ready = DataExport(user=user, ready_at=timezone.now(), expires_at=timezone.now() + timedelta(days=1))
    ready.file.save("x.zip", ContentFile(b"x"))
    back = {LEAVE: LEAVE, f"{URL}export/": URL, f"{URL}export/{ready.uid}/": URL}
    for path, going in back.items():
        answer = client.get(path) if path.endswith(f"{ready.uid}/") else client.post(path)
        assert answer["Location"] == f"{VERIFICATION}?{urlencode({'next': going})}", path
    assert not ErasureRequest.objects.exists()
    assert DataExport.objects.get() == ready
    # The button whose post was not kept is pressed again.
    page = client.get(f"{VERIFICATION}?{urlencode({'next': URL})}").content.decode()
    assert "appuyez de nouveau" in page
    assert client.post(VERIFICATION, {"password": PASSWORD, "next": LEAVE})["Location"] == LEAVE
    assert client.get(LEAVE).status_code == 200
    assert b"".join(client.get(f"{URL}export/{ready.uid}/").streaming_content) == b"x"
    assert client.post(LEAVE)["Location"] == URL
    assert ErasureRequest.objects.get().user == user
    assert client.get(URL).context["erasure"]
    # There is nothing more to ask for.
    assert client.get(LEAVE).status_code == 302


def test_a_password_does_not_stand_for_the_second_factor(client: Client, user: User) -> None:
    TOTP.activate(user, generate_totp_secret())
    prove(client)
    assert client.post(LEAVE)["Location"].startswith(VERIFICATION)
    assert client.post(f"{URL}export/")["Location"].startswith(VERIFICATION)
    assert 'name="password"' not in client.get(VERIFICATION).content.decode()
    prove(client, method="mfa")
    assert client.post(LEAVE)["Location"] == URL


@pytest.mark.parametrize("has_password", [True, False])
def test_a_link_proves_it_as_well_and_leads_back(client: Client, user: User, has_password: bool) -> None:
    if not has_password:
        user.set_unusable_password()
        user.save()
        client.force_login(user)
    client.post(VERIFICATION, {"next": LEAVE, **({"link": "1"} if has_password else {})})
    mail = OutboxMessage.objects.get(kind="accounts.sign_in_link")
    assert mail.to == user.email
    assert client.post(path_in(mail, "/connexion/lien/"))["Location"] == LEAVE
    assert client.post(LEAVE)["Location"] == URL
    assert ErasureRequest.objects.get().user == user


def test_one_keeps_the_account_by_a_post(client: Client, user: User) -> None:
    prove(client)
    client.post(LEAVE)
    assert client.get(f"{LEAVE}annuler/").status_code == 405
    assert ErasureRequest.objects.exists()
    client.post(f"{LEAVE}annuler/")
    assert not ErasureRequest.objects.exists()


def test_what_is_missing_is_said_with_a_way_out(client: Client, user: User) -> None:
    place = MembershipFactory(user=user, role=Membership.Role.MANAGER)
    prove(client)
    response = client.get(LEAVE)
    html = response.content.decode()
    assert place.organisation.name in html
    assert 'href="/mon-espace/ma-structure/"' in html
    assert client.post(LEAVE).status_code == 409
    assert not ErasureRequest.objects.exists()


def test_forms_refuse_other_sites(user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    prove(strict)
    for path in ("export/", "suppression/", "suppression/annuler/"):
        assert strict.post(f"{URL}{path}").status_code == 403


def test_same_queries_at_one_and_three_rows(client: Client, user: User) -> None:
    counter = iter(range(10))

    def add_row() -> None:
        give_consent(user=user, subject="charter", version=str(next(counter)))
        MembershipFactory(user=user)

    assert_constant_queries(add_row=add_row, call=lambda: client.get(URL), budget=20)
