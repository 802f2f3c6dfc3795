"""Inviting one by one and from a list, and what an invitation opens."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.signing import dumps
from django.test import Client
from django.utils import timezone

from directory.models import Membership, Organisation
from portal.accounts.data_rights.models import Consent
from portal.accounts.models import User
from portal.accounts.services import set_membership_status
from portal.joining.enums import InvitationState, RegistrationState
from portal.joining.models import Invitation
from portal.joining.selectors import mailed_lately
from portal.joining.services.approvals import refuse_registration
from portal.joining.services.invitations import Invitee, NotAllowedError, invite, resend_invitation
from portal.joining.services.retention import forget_old_requests
from portal.joining.tokens import invitation_token
from portal.mail.enums import MailStatus
from tests.factories.accounts import AnimatorFactory, UserFactory
from tests.factories.directory import EditorFactory, OrganisationFactory
from tests.joining.conftest import (
    ANIMATION,
    GUEST,
    STRUCTURE,
    mails,
    path_in,
    registration,
    send_preview,
    signed_in,
    upload,
)
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

PASSWORD = "Une phrase longue à moi seule"
NEWCOMER = {
    "first_name": "Invitée",
    "last_name": "D’essai",
    "job_title": "Conseillère",
    "password": PASSWORD,
    "consent": "on",
}
Role = Membership.Role


def form(**changes: str) -> dict[str, str]:
    values = {"email": GUEST, "first_name": "Invitée", "last_name": "D’essai", "organisation": "", "role": "member"}
    return values | changes


def invited(by: User, organisation: Organisation | None = None, *, email: str = GUEST, role: str = "member") -> str:
    """Invite somebody; return the path of the link in the mail."""
    invite(invitees=[Invitee(email, "Invitée", "D’essai", organisation, role)], by=by)
    return path_in(mails("invitation")[-1], "/invitation/")


def test_an_animator_invites_one_person(animator, mission) -> None:
    client = signed_in(animator)
    for _click in range(2):
        assert client.post(ANIMATION, form(organisation="mlr", role="manager"))["Location"] == ANIMATION
    made = Invitation.objects.get()
    assert (made.email, made.organisation, made.role) == (GUEST, mission, Role.MANAGER)
    assert (made.region, made.invited_by, made.state) == (mission.seat.region, animator, InvitationState.OPEN)
    [mail] = mails("invitation")
    assert mail.to == GUEST
    assert str(animator) in mail.text
    assert "Mission locale de Rennes" in mail.text
    assert GUEST in client.get(ANIMATION).content.decode()


def test_a_link_opens_an_account_by_post_alone_and_once(animator, mission) -> None:
    path = invited(animator, mission, role="editor")
    browser = Client()
    assert browser.get(path).status_code == 200
    assert not User.objects.filter(email=GUEST).exists()
    response = browser.post(path, NEWCOMER)
    assert response["Location"] == "/mon-espace/premiers-pas/"
    assert browser.get("/mon-espace/premiers-pas/").status_code == 200, "the link has proven the address: signed in"
    account = User.objects.get(email=GUEST)
    assert account.is_member
    assert account.check_password(PASSWORD)
    assert Membership.objects.get(user=account).role == Role.EDITOR
    assert Consent.objects.filter(user=account, subject="charter").exists()
    assert [mail.to for mail in mails("welcome")] == [GUEST]
    assert Invitation.objects.get().accepted_by == account
    for again in (browser, Client()):
        response = again.post(path, NEWCOMER)
        assert (response.status_code, response.context["is_accepted"]) == (404, True)
    assert len(mails("welcome")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("last_name", "a\x00b"),
        ("job_title", "x" * 121),
        ("password", "trop court"),
        ("password", "motdepassemotdepasse"),
        ("consent", ""),
    ],
)
def test_what_a_newcomer_types_badly_is_said_at_its_field(animator, field: str, value: str) -> None:
    response = Client().post(invited(animator), NEWCOMER | {field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.filter(email=GUEST).exists()
    assert Invitation.objects.get().is_open


def test_a_member_gains_a_place_and_keeps_their_names_without_being_signed_in(manager, mission) -> None:
    account = UserFactory(email=GUEST, first_name="Titulaire")
    path, browser = invited(manager, mission), Client()
    assert browser.get(path).context["account"] == account
    assert browser.post(path)["Location"] == "/connexion/"
    assert "_auth_user_id" not in browser.session, "whoever holds the mail has not proven a second factor"
    account.refresh_from_db()
    assert account.first_name == "Titulaire"
    assert Membership.objects.get(user=account).organisation == mission
    assert not mails("welcome"), "a member is not welcomed twice"


def test_an_invitation_is_the_approval_of_who_waits(manager, mission, brittany) -> None:
    made = registration(region=brittany, email=GUEST)
    Client().post(invited(manager, mission))
    made.refresh_from_db()
    assert (made.state, made.decided_by) == (RegistrationState.APPROVED, manager)
    assert made.user.is_member
    assert len(mails("welcome")) == 1


def test_a_refusal_is_undone_by_an_animator_and_never_by_a_manager(animator, manager, mission, brittany) -> None:
    made = registration(region=brittany, email=GUEST)
    refuse_registration(registration=made, by=animator, reason="Non")
    assert Client().post(invited(manager, mission)).status_code == 404
    made.user.refresh_from_db()
    assert not made.user.is_member
    Client().post(invited(animator))
    made.refresh_from_db()
    assert made.user.is_member
    assert made.state == RegistrationState.APPROVED


@pytest.mark.parametrize("closed", [{"membership_status": "suspended"}, {"is_active": False}])
def test_a_suspended_or_closed_account_is_not_opened_again(animator, closed: dict[str, Any]) -> None:
    account = UserFactory(email=GUEST)
    User.objects.filter(pk=account.pk).update(**closed)
    assert Client().post(invited(animator)).status_code == 404
    account.refresh_from_db()
    assert not account.is_member


def test_a_forged_link_opens_nothing(animator) -> None:
    good = invited(animator)
    uid = Invitation.objects.get().uid
    forged = ["x", "a:b:c", dumps(uid.hex, salt="joining.confirmation"), dumps("zzz", salt="joining.invitation")]
    for token in [*forged, dumps("0" * 32, salt="joining.invitation"), good.strip("/").split("/")[-1][:-1] + "~"]:
        assert Client().get(f"/invitation/{token}/").status_code == 404, token
        assert Client().post(f"/invitation/{token}/", NEWCOMER).status_code == 404, token
    assert not User.objects.filter(email=GUEST).exists()


def test_an_invitation_lives_a_fortnight_and_is_sent_again(animator) -> None:
    path = invited(animator)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert Client().post(path, NEWCOMER).status_code == 404
        client = signed_in(animator)
        assert client.post(f"{ANIMATION}{Invitation.objects.get().uid}/renvoyer/")["Location"] == ANIMATION
        assert len(mails("invitation")) == 2
        assert Client().get(path).status_code == 200
    assert Invitation.objects.count() == 1


def test_a_mailbox_is_not_flooded_with_one_invitation(animator, monkeypatch) -> None:
    monkeypatch.setattr("portal.accounts.throttle.MAILS_A_DAY", 2)
    invited(animator)
    client, made = signed_in(animator), Invitation.objects.get()
    for _click in range(3):
        response = client.post(f"{ANIMATION}{made.uid}/renvoyer/", follow=True)
    assert "trop souvent" in response.content.decode()
    assert len(mails("invitation")) == 2


def test_an_inviter_has_a_share_for_a_day(manager, mission, monkeypatch) -> None:
    monkeypatch.setattr("portal.joining.services.invitations.MANAGER_A_DAY", 3)
    client = signed_in(manager)
    two = upload(client, "courriel\na@mission.example\nb@mission.example\n", desk=STRUCTURE)
    assert send_preview(client, two, desk=STRUCTURE).status_code == 302
    page = upload(client, "courriel\nc@mission.example\nd@mission.example\n", desk=STRUCTURE)
    refused = send_preview(client, page, desk=STRUCTURE)
    assert refused.status_code == 429
    assert "encore envoyer 1 invitation" in refused.content.decode()
    assert len(mails("invitation")) == 2, "all of a list or nobody"
    assert client.post(STRUCTURE, form(organisation=mission.slug)).status_code == 302
    last = client.post(STRUCTURE, form(organisation=mission.slug, email="z@mission.example"))
    assert last.status_code == 429
    assert 'value="z@mission.example"' in last.content.decode(), "nothing typed is lost"
    # Sending again is sending.
    uid = Invitation.objects.first().uid
    assert "continuez demain" in client.post(f"{STRUCTURE}{uid}/renvoyer/", follow=True).content.decode()
    assert len(mails("invitation")) == 3
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert signed_in(manager).post(f"{STRUCTURE}{uid}/renvoyer/")["Location"] == STRUCTURE
    assert len(mails("invitation")) == 4


def test_mails_of_other_days_are_not_of_the_share_of_this_one(animator, monkeypatch) -> None:
    monkeypatch.setattr("portal.joining.services.invitations.ANIMATOR_A_DAY", 2)
    made = _made(animator)
    for days in range(1, 4):
        with time_machine.travel(timezone.now() + timedelta(days=2 * days)):
            assert resend_invitation(invitation=made, by=animator)
            assert mailed_lately(animator) == 1


def test_a_full_mailbox_is_not_said_to_be_a_member_s(animator, monkeypatch) -> None:
    monkeypatch.setattr("portal.accounts.throttle.MAILS_A_DAY", 0)
    said = signed_in(animator).post(ANIMATION, form(), follow=True).content.decode()
    assert "déjà membre" not in said
    assert "trop d’invitations aujourd’hui" in said
    assert not mails("invitation")


def test_of_two_invitations_accepted_at_once_one_opens_the_account(animator, manager, mission, monkeypatch) -> None:
    """The second page was read, and sent, before the account of the first one was committed."""
    first, second = invited(animator), invited(manager, mission)
    assert Client().post(first, NEWCOMER)["Location"] == "/mon-espace/premiers-pas/"
    with monkeypatch.context() as blind:
        for module in ("services", "views"):
            blind.setattr(f"portal.joining.{module}.invitations.account_by_email", lambda email: None)
        late = Client()
        assert late.post(second, NEWCOMER | {"first_name": "Double"})["Location"] == second
    account = User.objects.get(email=GUEST)
    assert (account.first_name, Membership.objects.count()) == ("Invitée", 1), "the manager's own place alone"
    page = late.get(second)
    assert page.context["account"] == account
    assert "Un compte vient d’être ouvert" in page.content.decode()
    assert late.post(second)["Location"] == "/connexion/"
    assert Membership.objects.get(user=account).organisation == mission


def test_a_withdrawn_invitation_opens_nothing_and_its_mail_does_not_leave(animator) -> None:
    path, client = invited(animator), signed_in(animator)
    made = Invitation.objects.get()
    for _click in range(2):
        assert client.post(f"{ANIMATION}{made.uid}/annuler/")["Location"] == ANIMATION
    assert Client().post(path, NEWCOMER).status_code == 404
    assert mails("invitation")[0].status == MailStatus.CANCELLED
    client.post(f"{ANIMATION}{made.uid}/renvoyer/")
    made.refresh_from_db()
    assert made.state == InvitationState.REVOKED, "one that was withdrawn does not come back"


def test_an_accepted_invitation_is_not_withdrawn(animator) -> None:
    Client().post(invited(animator), NEWCOMER)
    made = Invitation.objects.get()
    response = signed_in(animator).post(f"{ANIMATION}{made.uid}/annuler/", follow=True)
    made.refresh_from_db()
    assert (made.state, made.revoked_at) == (InvitationState.ACCEPTED, None)
    assert "entre-temps" in response.content.decode()


def test_an_invitation_dies_with_the_right_of_its_author(manager, mission) -> None:
    path = invited(manager, mission)
    Membership.objects.filter(user=manager).update(role=Role.MEMBER)
    assert Client().get(path).status_code == 404
    Membership.objects.filter(user=manager).update(role=Role.MANAGER)
    assert Client().get(path).status_code == 200
    set_membership_status(user=manager, status="suspended")
    assert Client().post(path, NEWCOMER).status_code == 404


def test_a_manager_invites_into_their_organisations_alone(manager, mission) -> None:
    other = OrganisationFactory(name="Autre structure")
    client = signed_in(manager)
    response = client.post(STRUCTURE, form(organisation=other.slug))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["organisation"]
    assert client.post(STRUCTURE, form(organisation=mission.slug))["Location"] == STRUCTURE
    assert Invitation.objects.get().organisation == mission
    with pytest.raises(NotAllowedError):
        invite(invitees=[Invitee(GUEST, "", "", other, "member")], by=manager)
    assert client.get(ANIMATION).status_code == 403
    for stranger in (UserFactory(), EditorFactory(organisation=mission)):
        assert signed_in(stranger).get(STRUCTURE).status_code == 403
        assert signed_in(stranger).post(STRUCTURE, form(organisation=mission.slug)).status_code == 403


def test_nobody_touches_the_invitations_of_others(animator, manager, mission, elsewhere) -> None:
    invited(animator)
    made = Invitation.objects.get()
    strangers = [(AnimatorFactory(region=elsewhere), ANIMATION), (manager, STRUCTURE)]
    for stranger, desk in strangers:
        client = signed_in(stranger)
        assert GUEST not in client.get(desk).content.decode()
        for action in ("renvoyer", "annuler"):
            assert client.post(f"{desk}{made.uid}/{action}/").status_code == 404
    assert signed_in(manager).post(f"{ANIMATION}{made.uid}/annuler/").status_code == 403
    assert len(mails("invitation")) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "pas une adresse"),
        ("email", "a@b.fr\r\nBcc: tous@example.fr"),
        ("first_name", "https://spam.example"),
        ("last_name", "x" * 81),
        ("organisation", "Inconnue"),
        ("organisation", "\x00"),
        ("role", "chief"),
    ],
)
def test_bad_input_is_an_error_at_its_field(animator, mission, field: str, value: str) -> None:
    response = signed_in(animator).post(ANIMATION, form(**{field: value}))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Invitation.objects.exists()
    assert not mails("invitation")


def test_who_is_a_member_already_is_not_invited(animator, mission) -> None:
    UserFactory(email=GUEST)
    response = signed_in(animator).post(ANIMATION, form(email=GUEST.upper()), follow=True)
    assert "déjà membre" in response.content.decode()
    assert not Invitation.objects.exists()
    # A place in an organisation is something new to them.
    signed_in(animator).post(ANIMATION, form(organisation="MLR"))
    assert Invitation.objects.get().organisation == mission


def test_the_page_asks_as_many_queries_with_three_rows_as_with_one(animator, mission) -> None:
    client, numbers = signed_in(animator), iter(range(10))
    assert_constant_queries(
        add_row=lambda: invited(animator, mission, email=f"{next(numbers)}@mission.example"),
        call=lambda: client.get(ANIMATION),
        budget=25,
    )


def test_old_invitations_are_forgotten(animator) -> None:
    invited(animator)
    with time_machine.travel(timezone.now() + timedelta(days=14 + 182)):
        assert forget_old_requests() == 0
    with time_machine.travel(timezone.now() + timedelta(days=14 + 184)):
        assert forget_old_requests() == 1
    assert not Invitation.objects.exists()


def test_a_signed_in_stranger_who_holds_the_link_changes_hands(animator) -> None:
    """Somebody else's session does not go on behind the new account's."""
    browser = signed_in(UserFactory())
    browser.post(f"/invitation/{invitation_token(_made(animator).uid)}/", NEWCOMER)
    assert User.objects.get(pk=browser.session["_auth_user_id"]).email == GUEST


def _made(by: User) -> Invitation:
    invited(by)
    return Invitation.objects.get()
