"""ProConnect from end to end, with a real OpenID provider: who comes in, who waits, what is refused."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.joining.models import Registration
from portal.mail.models import OutboxMessage
from portal.proconnect.models import TrustedDomain
from portal.settings.variables import read_together
from portal.taxonomy.models import Territory
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.support.openid_provider import OpenIdProvider

pytestmark = pytest.mark.django_db

START = "/connexion/proconnect/"
AGENT = "agente@dreets.example"


def leave_for(browser: Client, going: str = "") -> str:
    """Press the button; return the address of the provider."""
    response = browser.post(START, {"next": going})
    assert response.status_code == 302
    return str(response["Location"])


def come_back(browser: Client, provider: OpenIdProvider, email: str = AGENT, going: str = "") -> object:
    """Go through the whole exchange; return the portal's answer at the way back."""
    back = urlsplit(provider.sign_in(leave_for(browser, going), email))
    return browser.get(f"{back.path}?{back.query}")


def complete(browser: Client, **changes: str) -> object:
    values = {"job_title": "Chargée de mission", "region": "53", "message": "", "consent": "on", **changes}
    return browser.post("/inscription/proconnect/", values)


def linked(email: str = AGENT, **fields: object) -> User:
    user = UserFactory(email=email, **fields)
    SocialAccount.objects.create(user=user, provider="proconnect", uid=email, extra_data={"email": email})
    return user


def test_what_is_asked_of_the_provider(browser: Client, provider: OpenIdProvider) -> None:
    asked = parse_qs(urlsplit(leave_for(browser)).query)
    assert len(asked["state"][0]) >= 32
    assert len(asked["nonce"][0]) >= 32
    assert set(asked["scope"][0].split()) == set("openid given_name usual_name email uid siret idp_id".split())
    assert asked["code_challenge_method"] == ["S256"]
    assert "claims" not in asked, "an essential second factor makes sign-ins fail"


def test_a_newcomer_completes_a_request_and_waits(browser: Client, provider: OpenIdProvider) -> None:
    response = come_back(browser, provider)
    assert response["Location"] == "/inscription/proconnect/"
    page = browser.get(response["Location"]).content.decode()
    assert "Agente D’essai" in page
    assert AGENT in page
    assert complete(browser)["Location"] == "/inscription/en-attente/"
    user = User.objects.get(email=AGENT)
    assert user.membership_status == User.MembershipStatus.PENDING
    assert Registration.objects.get(user=user).is_awaiting
    assert SocialAccount.objects.get(user=user).uid == AGENT
    assert browser.get("/inscription/en-attente/").status_code == 200
    assert not OutboxMessage.objects.filter(kind="joining.confirm_address").exists(), "ProConnect has proven it"


def test_a_trusted_domain_spares_the_approval(browser: Client, provider: OpenIdProvider) -> None:
    TrustedDomain.objects.create(domain="dreets.example", region=Territory.objects.get(code="53"))
    come_back(browser, provider)
    complete(browser)
    assert User.objects.get(email=AGENT).is_member
    assert OutboxMessage.objects.filter(kind="joining.welcome", to=AGENT).count() == 1
    assert not OutboxMessage.objects.filter(kind="joining.to_approve").exists()


def test_a_domain_trusted_elsewhere_or_a_sub_domain_is_another(browser: Client, provider: OpenIdProvider) -> None:
    elsewhere = Territory.objects.create(level=Territory.Level.REGION, code="24", name="Centre", vintage=2026)
    TrustedDomain.objects.create(domain="dreets.example", region=elsewhere)
    TrustedDomain.objects.create(domain="example")
    come_back(browser, provider)
    complete(browser)
    assert not User.objects.get(email=AGENT).is_member


def test_a_linked_identity_opens_its_account(browser: Client, provider: OpenIdProvider) -> None:
    user = linked()
    response = come_back(browser, provider, going="/glossaire/")
    assert response["Location"] == "/glossaire/"
    assert int(browser.session["_auth_user_id"]) == user.pk
    assert browser.session.get_expire_at_browser_close(), "as every other way in"


def test_an_address_alone_links_nothing(browser: Client, provider: OpenIdProvider) -> None:
    UserFactory(email=AGENT)
    response = come_back(browser, provider)
    assert response["Location"] == "/connexion/"
    assert "_auth_user_id" not in browser.session
    assert not SocialAccount.objects.exists()
    assert "puis reliez ProConnect" in browser.get("/connexion/").content.decode()


def test_a_member_links_and_unlinks(provider: OpenIdProvider) -> None:
    user = UserFactory(email="membre@ailleurs.example")
    browser = Client()
    browser.post("/connexion/", {"login": user.email, "password": "Une-phrase-de-test-longue"})
    response = come_back(browser, provider)
    assert response["Location"] == "/mon-espace/securite/"
    assert SocialAccount.objects.get(user=user).uid == AGENT
    page = browser.get("/mon-espace/securite/").content.decode()
    assert "Retirer ProConnect" in page
    assert "Votre identité est reliée" in page
    browser.post("/mon-espace/securite/proconnect/retirer/")
    assert not SocialAccount.objects.exists()
    assert OutboxMessage.objects.filter(kind="proconnect.identity", to=user.email).count() == 2


def test_an_identity_opens_one_account_only(provider: OpenIdProvider) -> None:
    owner = linked()
    other = UserFactory(email="autre@ailleurs.example")
    browser = Client()
    browser.post("/connexion/", {"login": other.email, "password": "Une-phrase-de-test-longue"})
    come_back(browser, provider)
    assert SocialAccount.objects.get().user == owner
    assert "Cette identité ouvre un autre compte" in browser.get("/mon-espace/securite/").content.decode()


def test_linking_wants_a_proof_of_now_and_leads_back_to_its_button(provider: OpenIdProvider) -> None:
    """Both addresses answer to POST alone: the verification leads to the page where their buttons stand."""
    browser = signed_in(linked())
    for path in (START, "/mon-espace/securite/proconnect/retirer/"):
        assert browser.post(path)["Location"].endswith("?next=%2Fmon-espace%2Fsecurite%2F")
    assert SocialAccount.objects.exists()


def test_signing_out_ends_the_session_at_the_provider(browser: Client, provider: OpenIdProvider) -> None:
    linked()
    come_back(browser, provider)
    response = browser.post("/deconnexion/")
    address = urlsplit(response["Location"])
    asked = parse_qs(address.query)
    assert response["Location"].startswith(f"{provider.issuer}/session/end?")
    assert asked["id_token_hint"][0].count(".") == 2
    assert len(asked["state"][0]) >= 32
    assert asked["post_logout_redirect_uri"] == [provider.signed_out]
    assert "_auth_user_id" not in browser.session
    back = urlsplit(provider.sign_in(response["Location"], AGENT))
    assert browser.get(back.path, follow=True).status_code == 200


def test_the_way_back_from_signing_out_is_this_browser_s(browser: Client, provider: OpenIdProvider) -> None:
    linked()
    come_back(browser, provider)
    back = urlsplit(provider.sign_in(browser.post("/deconnexion/")["Location"], AGENT))
    said = "déconnecté du portail et de ProConnect"
    assert said not in Client().get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert said in browser.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert said not in browser.get(f"{back.path}?{back.query}", follow=True).content.decode()


def test_a_foreign_state_is_refused(browser: Client, provider: OpenIdProvider) -> None:
    """Somebody else's way back, sent to a victim, signs nobody in."""
    linked()
    back = urlsplit(provider.sign_in(leave_for(Client()), AGENT))
    response = browser.get(f"{back.path}?{back.query}")
    assert response["Location"] == "/connexion/"
    assert "_auth_user_id" not in browser.session


def test_a_way_back_serves_once(browser: Client, provider: OpenIdProvider) -> None:
    linked()
    back = urlsplit(provider.sign_in(leave_for(browser), AGENT))
    browser.get(f"{back.path}?{back.query}")
    browser.post("/deconnexion/")
    assert browser.get(f"{back.path}?{back.query}")["Location"] == "/connexion/"
    assert "_auth_user_id" not in browser.session


def test_a_nonce_of_another_request_is_refused(browser: Client, provider: OpenIdProvider) -> None:
    linked()
    location = leave_for(browser)
    nonce = parse_qs(urlsplit(location).query)["nonce"][0]
    back = urlsplit(provider.sign_in(location.replace(nonce, "x" * len(nonce)), AGENT))
    browser.get(f"{back.path}?{back.query}")
    assert "_auth_user_id" not in browser.session


def test_a_refusal_at_the_provider_is_told(browser: Client, provider: OpenIdProvider) -> None:
    state = parse_qs(urlsplit(leave_for(browser)).query)["state"][0]
    response = browser.get(f"{START}retour/?error=access_denied&state={state}", follow=True)
    assert "Vous avez quitté ProConnect." in response.content.decode()


def test_a_provider_that_is_down_keeps_nobody_out(
    browser: Client, provider: OpenIdProvider, settings: Settings
) -> None:
    settings.PROCONNECT_URL = "http://127.0.0.1:9"
    app = settings.SOCIALACCOUNT_PROVIDERS["proconnect"]["APPS"][0]
    down = app | {"settings": {"server_url": settings.PROCONNECT_URL}}
    settings.SOCIALACCOUNT_PROVIDERS = {"proconnect": {"APPS": [down]}}
    response = browser.post(START, follow=True)
    assert "ProConnect ne répond pas." in response.content.decode()
    assert response.redirect_chain == [("/connexion/", 302)]


def test_a_suspended_account_is_not_opened(browser: Client, provider: OpenIdProvider) -> None:
    user = linked()
    User.objects.filter(pk=user.pk).update(is_active=False)
    come_back(browser, provider)
    assert "_auth_user_id" not in browser.session


def test_the_form_keeps_what_was_typed(browser: Client, provider: OpenIdProvider) -> None:
    come_back(browser, provider)
    response = complete(browser, job_title="Fonction tapée", consent="")
    assert response.status_code == 422
    assert "Fonction tapée" in response.content.decode()
    assert not User.objects.filter(email=AGENT).exists()


def test_an_account_opened_meanwhile_is_not_taken_over(browser: Client, provider: OpenIdProvider) -> None:
    come_back(browser, provider)
    UserFactory(email=AGENT)
    assert complete(browser)["Location"] == "/connexion/"
    assert not SocialAccount.objects.exists()
    assert not Registration.objects.exists()


def test_without_settings_there_is_no_proconnect(browser: Client, settings: Settings) -> None:
    settings.PROCONNECT_URL = None
    assert browser.post(START).status_code == 404
    assert "ProConnect" not in browser.get("/connexion/").content.decode()


def test_half_of_the_settings_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCONNECT_URL", "https://proconnect.example")
    with pytest.raises(ImproperlyConfigured, match="PROCONNECT_CLIENT_ID, PROCONNECT_CLIENT_SECRET"):
        read_together("PROCONNECT_URL", "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET")


@pytest.fixture
def domains(provider: OpenIdProvider) -> str:
    cache.clear()
    return "/animation/domaines/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def test_an_animator_trusts_domains_of_their_region_alone(domains: str) -> None:
    region = Territory.objects.get(code="53")
    other = Territory.objects.create(level=Territory.Level.REGION, code="24", name="Centre", vintage=2026)
    client = signed_in(AnimatorFactory(region=region))
    client.post(domains, {"domain": "@Dreets.Example", "region": "53"})
    trusted = TrustedDomain.objects.get()
    assert (trusted.domain, trusted.region) == ("dreets.example", region)
    for values in ({"domain": "dreets.example", "region": "24"}, {"domain": "dreets.example", "region": ""}):
        assert client.post(domains, values).status_code == 422
    stranger = signed_in(AnimatorFactory(region=other))
    assert stranger.post(f"{domains}{trusted.pk}/retirer/").status_code == 404
    assert client.post(f"{domains}{trusted.pk}/retirer/").status_code == 302
    assert not TrustedDomain.objects.exists()


@pytest.mark.parametrize("typed", ["", "dreets", "a b.fr", "dreets.fr/x", "x" * 300, "a\x00.fr"])
def test_what_is_no_domain_is_refused(domains: str, typed: str) -> None:
    response = signed_in(AdministratorFactory()).post(domains, {"domain": typed, "region": ""})
    assert response.status_code == 422
    assert not TrustedDomain.objects.exists()


@pytest.mark.parametrize("going", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_stays_on_the_portal(provider: OpenIdProvider, going: str) -> None:
    linked()
    browser = Client()
    assert "evil" not in come_back(browser, provider, going=going)["Location"]
