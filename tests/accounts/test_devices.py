"""My connected devices, and news of a new one."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from portal.accounts.devices import device_label
from portal.accounts.models import EmailChange, KnownDevice, User
from portal.accounts.security.selectors import devices_of
from portal.accounts.security.services import forget_old_traces
from portal.mail.models import OutboxMessage
from tests.accounts.conftest import FIREFOX, is_in, last_mail, sign_in
from tests.support.queries import assert_constant_queries
from tests.support.world import make_user

URL = "/mon-espace/securite/appareils/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, {"Firefox", "Windows"}),
        (PHONE, {"Safari", "iPhone"}),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", {"Edge", "Linux"}),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", {"Chrome", "Android"}),
        ("curl/8", set()),
        ("<script>alert(1)</script>", set()),
    ],
)
def test_a_device_is_told_in_words(user_agent: str, words: set[str]) -> None:
    label = device_label(user_agent)
    assert all(word in label for word in words)
    assert "<" not in label
    assert label


def test_the_list_shows_this_device_first(signed_in: Client, member: User) -> None:
    other = Client(headers={"User-Agent": PHONE})
    sign_in(other)
    signed_in.get("/mon-espace/")
    html = signed_in.get(URL).content.decode()
    assert "iPhone" in html
    assert html.count("<tr>") == 3
    [first, second] = devices_of(member, current_key=signed_in.session.session_key)
    assert (first["is_current"], second["is_current"]) == (True, False)


def test_each_button_says_which_device_it_signs_out(signed_in: Client, member: User) -> None:
    for number in range(2):
        other = Client(headers={"User-Agent": PHONE})
        sign_in(other)
        row = UserSession.objects.filter(session_key=other.session.session_key)
        row.update(last_seen_at=timezone.now() - timedelta(minutes=5 * number + 5))
    names = re.findall(r">(Déconnecter [^<]*iPhone[^<]*)</button>", signed_in.get(URL).content.decode())
    assert len(set(names)) == 2


def test_one_device_is_signed_out(signed_in: Client, member: User) -> None:
    other = Client(headers={"User-Agent": PHONE})
    sign_in(other)
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert signed_in.post(URL, {"session": row.pk}).status_code == 302
    assert other.get("/mon-espace/").status_code == 302
    assert signed_in.get("/mon-espace/").status_code == 200


def test_all_others_are_signed_out(signed_in: Client, member: User) -> None:
    others = [Client() for _number in range(3)]
    for other in others:
        sign_in(other)
    signed_in.post(URL, {"others": "1"})
    assert [other.get("/mon-espace/").status_code for other in others] == [302] * 3
    assert signed_in.get("/mon-espace/").status_code == 200


def test_somebody_else_s_session_is_not_found(signed_in: Client) -> None:
    make_user("autre")
    other = Client()
    sign_in(other, "autre@test.example")
    row = UserSession.objects.get(session_key=other.session.session_key)
    assert signed_in.post(URL, {"session": row.pk}).status_code == 404
    assert other.get("/mon-espace/").status_code == 200


@pytest.mark.parametrize("session", ["", "x", "-1", "9" * 40, "1 OR 1=1", "٣"])
def test_bad_identifiers_are_not_found(signed_in: Client, session: str) -> None:
    assert signed_in.post(URL, {"session": session}).status_code == 404
    assert is_in(signed_in)


def test_a_forged_form_ends_nothing(member: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(member, backend="portal.accounts.backends.MemberBackend")
    assert client.post(URL, {"others": "1"}).status_code == 403


def test_a_session_that_no_sign_in_page_opened_is_listed_too(client: Client, member: User) -> None:
    client.force_login(member, backend="portal.accounts.backends.MemberBackend")
    client.get("/mon-espace/")
    assert len(devices_of(member, current_key=client.session.session_key)) == 1


def test_activity_is_written_once_in_ten_minutes(signed_in: Client, member: User) -> None:
    signed_in.get("/mon-espace/")
    row = UserSession.objects.get(user=member)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=1))
    signed_in.get("/mon-espace/")
    assert UserSession.objects.get(user=member).last_seen_at < row.last_seen_at
    session = signed_in.session
    session["accounts.seen_at"] = 0
    session.save()
    signed_in.get("/mon-espace/")
    assert UserSession.objects.get(user=member).last_seen_at > row.last_seen_at


def test_a_session_ends_after_thirty_days_of_use(signed_in: Client, member: User) -> None:
    signed_in.get("/mon-espace/")
    UserSession.objects.update(created_at=timezone.now() - timedelta(days=31))
    session = signed_in.session
    session["accounts.seen_at"] = 0
    session.save()
    assert signed_in.get("/mon-espace/").status_code == 302
    assert not is_in(signed_in)


def test_the_list_costs_the_same_with_more_rows(signed_in: Client, member: User) -> None:
    signed_in.get(URL)
    assert_constant_queries(add_row=lambda: sign_in(Client()), call=lambda: signed_in.get(URL), budget=12)


def test_a_new_device_is_news_and_the_first_one_is_not(member: User) -> None:
    office = {"User-Agent": FIREFOX}
    sign_in(Client(headers=office, REMOTE_ADDR="192.0.2.7"))
    assert not OutboxMessage.objects.exists()
    sign_in(Client(headers=office, REMOTE_ADDR="192.0.2.99"))
    assert not OutboxMessage.objects.exists(), "the same browser on the same network is known"
    sign_in(Client(headers={"User-Agent": PHONE}, REMOTE_ADDR="192.0.2.7"))
    assert "iPhone" in last_mail("new_device").text
    sign_in(Client(headers=office, REMOTE_ADDR="203.0.113.5"))
    assert OutboxMessage.objects.filter(kind="accounts.new_device").count() == 2
    assert KnownDevice.objects.filter(user=member).count() == 3


def test_neither_address_nor_user_agent_is_kept_of_a_known_device(member: User) -> None:
    sign_in(Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.7"))
    device = KnownDevice.objects.get(user=member)
    assert "192.0.2" not in device.fingerprint + device.label
    assert "Gecko" not in device.label


def test_old_traces_are_forgotten_and_the_others_stay(signed_in: Client, member: User) -> None:
    ended = Client()
    sign_in(ended)
    ended.session.delete()
    long_ago = timezone.now() - timedelta(days=366)
    KnownDevice.objects.create(user=member, fingerprint="x", label="Ancien", last_seen_at=long_ago)
    EmailChange.objects.create(user=member, old_email="a@b.example", new_email="c@b.example", asked_at=long_ago)
    assert forget_old_traces() == 3
    assert forget_old_traces() == 0
    assert signed_in.get("/mon-espace/").status_code == 200
    assert UserSession.objects.filter(user=member).count() == 1
    assert KnownDevice.objects.filter(user=member).count() == 1
