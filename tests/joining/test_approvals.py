"""Deciding on who asked to join: once, by whom it concerns, and written down."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory.models import Membership, Organisation
from portal.accounts.models import User
from portal.joining.enums import RegistrationState
from portal.joining.models import Registration
from portal.joining.selectors import similar_organisations
from portal.joining.services.approvals import AlreadyDecidedError, approve_registration, refuse_registration
from portal.joining.services.registrations import answer_registration
from portal.joining.services.retention import forget_old_requests
from portal.mail.models import OutboxMessage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.factories.directory import ManagerFactory, OrganisationFactory, OrganisationKindFactory
from tests.joining.conftest import mails, registration, signed_in
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

LIST = "/animation/comptes/"
Role = Membership.Role


def detail(made: Registration, action: str = "") -> str:
    return f"{LIST}{made.uid}/{action}"


@pytest.fixture
def browser(animator):
    return signed_in(animator)


def test_admitting_opens_the_account_with_its_place_and_says_so(browser, animator, brittany, mission) -> None:
    made = registration(region=brittany, organisation=mission)
    response = browser.post(detail(made, "accepter/"), {"organisation": str(mission.pk), "role": ""})
    assert response["Location"] == LIST
    made.refresh_from_db()
    assert (made.state, made.decided_by) == (RegistrationState.APPROVED, animator)
    assert made.user.membership_status == User.MembershipStatus.APPROVED
    place = Membership.objects.get(user=made.user)
    assert (place.organisation, place.role) == (mission, Role.MANAGER), "the first person manages"
    [mail] = mails("welcome")
    assert (mail.to, mail.text.count("http://") - mail.text.count("/contact/")) == (made.email, 2)
    assert "/mon-espace/premiers-pas/" in mail.text
    [entry] = ModelLogEntry.objects.filter(action="joining.approve")
    assert (entry.user_id, entry.object_id) == (animator.pk, str(made.user.pk))


def test_the_second_person_is_a_member_unless_said_otherwise(browser, brittany, mission) -> None:
    ManagerFactory(organisation=mission)
    one, two = (registration(region=brittany, organisation=mission, email=f"{n}@test.example") for n in "ab")
    browser.post(detail(one, "accepter/"), {"organisation": str(mission.pk), "role": ""})
    browser.post(detail(two, "accepter/"), {"organisation": str(mission.pk), "role": "editor"})
    assert [Membership.objects.get(user=made.user).role for made in (one, two)] == [Role.MEMBER, Role.EDITOR]


def test_its_page_marks_the_news_of_a_request_as_read(browser, animator, brittany) -> None:
    made = registration(region=brittany)
    fan_out_due()
    told = Notification.objects.filter(user=animator, kind="joining.request")
    assert told.unread().count() == 1
    browser.get(detail(made))
    assert told.unread().count() == 0


def proposal(brittany, name: str = "Mission locale du pays de Rennes") -> Registration:
    return registration(region=brittany, proposed_name=name, proposed_kind=OrganisationKindFactory())


def test_a_proposed_organisation_is_added_as_the_animator_words_it(browser, brittany) -> None:
    made = proposal(brittany)
    page = browser.get(detail(made)).context["approval"]
    assert page["organisation"].value() == "new"
    values = {"organisation": "new", "new_name": "Mission locale RM", "new_kind": "association", "role": ""}
    assert browser.post(detail(made, "accepter/"), values)["Location"] == LIST
    added = Organisation.objects.get(name="Mission locale RM")
    assert Membership.objects.get(user=made.user).organisation == added


def test_a_proposed_organisation_is_merged_into_the_one_that_it_is(browser, brittany, mission) -> None:
    made = proposal(brittany)
    assert mission in browser.get(detail(made)).context["approval"].similar
    browser.post(detail(made, "accepter/"), {"organisation": str(mission.pk), "role": "member"})
    assert Organisation.objects.count() == 1
    assert Membership.objects.get(user=made.user).organisation == mission


def test_another_organisation_is_found_by_its_name(browser, brittany, mission) -> None:
    made = proposal(brittany, "Zzyzx")
    values = {"organisation": "other", "other_name": "mission locale"}
    response = browser.post(detail(made, "accepter/"), values)
    assert response.status_code == 422
    assert "other_name" in response.context["approval"].errors
    assert "Mission locale de Rennes" in response.content.decode()
    browser.post(detail(made, "accepter/"), values | {"other_name": "MLR"})
    assert Membership.objects.get(user=made.user).organisation == mission


def test_without_organisation_there_is_no_place(browser, brittany) -> None:
    made = proposal(brittany)
    browser.post(detail(made, "accepter/"), {"organisation": "none"})
    made.refresh_from_db()
    assert made.user.is_member
    assert not Membership.objects.exists()
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"organisation": "999999"},
        {"organisation": "\x00"},
        {"organisation": "new", "new_name": "", "new_kind": "association"},
        {"organisation": "new", "new_name": "Structure", "new_kind": "inconnu"},
        {"organisation": "new", "new_name": "x" * 151, "new_kind": "association"},
        {"organisation": "other", "other_name": ""},
        {"organisation": "none", "role": "chief"},
    ],
)
def test_a_wrong_choice_is_refused_at_its_field(browser, brittany, values) -> None:
    made = proposal(brittany)
    response = browser.post(detail(made, "accepter/"), values)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode() or response.context["approval"].errors["organisation"]
    made.refresh_from_db()
    assert made.is_awaiting


def test_refusing_tells_the_person_why_and_whom_to_write_to(browser, animator, brittany) -> None:
    made = registration(region=brittany)
    assert browser.post(detail(made, "refuser/"), {"reason": ""}).status_code == 422
    assert browser.post(detail(made, "refuser/"), {"reason": "x" * 1_001}).status_code == 422
    reason = "Votre structure n’agit pas\ndans ce champ."
    assert browser.post(detail(made, "refuser/"), {"reason": reason})["Location"] == LIST
    made.refresh_from_db()
    assert (made.state, made.decided_by) == (RegistrationState.REFUSED, animator)
    assert made.user.membership_status == User.MembershipStatus.REFUSED
    [mail] = mails("refused")
    assert mail.to == made.email
    assert "n’agit pas" in mail.text
    assert "dans ce champ" in mail.text
    assert "/contact/" in mail.text
    assert ModelLogEntry.objects.filter(action="joining.refuse", user_id=animator.pk).exists()
    page = signed_in(made.user).get("/inscription/en-attente/").content.decode()
    assert "n’agit pas" in page


def test_a_decision_is_taken_once(animator, brittany) -> None:
    other = AnimatorFactory(region=brittany)
    made = registration(region=brittany)
    approve_registration(registration=made, by=animator)
    again = approve_registration(registration=made, by=other)
    assert again.decided_by == animator
    with pytest.raises(AlreadyDecidedError):
        refuse_registration(registration=made, by=other, reason="Non")
    assert len(mails("welcome")) == 1
    assert not mails("refused")


def test_the_second_animator_is_told_who_has_decided(browser, brittany) -> None:
    other = AnimatorFactory(region=brittany, first_name="Collègue", last_name="Animatrice")
    made = registration(region=brittany)
    refuse_registration(registration=made, by=other, reason="Non")
    for action, values in (("accepter/", {"organisation": "none"}), ("refuser/", {"reason": "Encore non"})):
        response = browser.post(detail(made, action), values, follow=True)
        assert response.redirect_chain == [(detail(made), 302)]
        assert "Collègue Animatrice" in response.content.decode()
    made.refresh_from_db()
    assert made.refusal_reason == "Non"


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_two_animators_at_the_same_moment_decide_once(brittany) -> None:
    """Both have read the page; one of them decides, the other learns it, and one organisation is added."""
    animators = [AnimatorFactory(region=brittany) for _one in range(2)]
    made = proposal(brittany)
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def decide(animator: User) -> None:
        try:
            client = signed_in(animator)
            start.wait(timeout=20)
            values = {"organisation": "new", "new_name": "Zzyzx", "new_kind": "association", "role": ""}
            assert client.post(detail(made, "accepter/"), values).status_code == 302
        except BaseException as error:  # noqa: BLE001 -- told to the test's own thread
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=[animator]) for animator in animators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert Organisation.objects.filter(name="Zzyzx").count() == 1
    assert Membership.objects.filter(user=made.user).count() == 1
    assert len(mails("welcome")) == 1
    assert ModelLogEntry.objects.filter(action="joining.approve").count() == 1


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_yes_and_a_no_at_the_same_moment_leave_one_decision(brittany) -> None:
    animators = [AnimatorFactory(region=brittany) for _one in range(2)]
    made = registration(region=brittany)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def decide(animator: User, *, admits: bool) -> None:
        start.wait(timeout=20)
        try:
            if admits:
                approve_registration(registration=made, by=animator)
            else:
                refuse_registration(registration=made, by=animator, reason="Non")
            outcomes.append("decided")
        except AlreadyDecidedError:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=decide, args=[animator], kwargs={"admits": admits})
        for animator, admits in zip(animators, (True, False), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["decided", "too late"]
    assert len(mails("welcome")) + len(mails("refused")) == 1


def test_animators_see_their_regions_and_administrators_all(browser, brittany, elsewhere) -> None:
    here = registration(region=brittany)
    there = registration(region=elsewhere, email="b@test.example", last_name="Ailleurs")
    nowhere = registration(region=None, email="c@test.example", last_name="Nullepart")
    unconfirmed = registration(region=brittany, email="d@test.example", last_name="Muette", confirmed=False)
    page = browser.get(LIST).content.decode()
    assert "D’essai" in page
    assert not {"Ailleurs", "Nullepart", "Muette"} & set(page.split())
    for hidden in (there, nowhere, unconfirmed):
        assert browser.get(detail(hidden)).status_code == 404
        assert browser.post(detail(hidden, "accepter/"), {"organisation": "none"}).status_code == 404
        assert browser.post(detail(hidden, "refuser/"), {"reason": "Non"}).status_code == 404
    administrator = signed_in(AdministratorFactory())
    assert {row["registration"] for row in administrator.get(LIST).context["rows"]} == {here, there, nowhere}
    assert signed_in(UserFactory()).get(LIST).status_code == 403
    assert signed_in(UserFactory()).post(detail(here, "accepter/"), {"organisation": "none"}).status_code == 403


def test_the_list_filters_by_region_and_by_wait(brittany, elsewhere) -> None:
    AnimatorFactory(region=brittany)
    AnimatorFactory(region=elsewhere)
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        old = registration(region=brittany)
    new = registration(region=elsewhere, email="b@test.example")
    lost = registration(region=None, email="c@test.example")
    client = signed_in(AdministratorFactory())

    def found(query: str) -> list[Registration]:
        return [row["registration"] for row in client.get(LIST + query).context["rows"]]

    assert found("") == [old, new, lost], "the longest wait first"
    assert found("?region=24") == [new]
    assert found("?region=sans") == [lost]
    assert found("?attente=7") == [old]
    assert found("?attente=14") == []
    assert found("?region=%00&attente=abc&page=zz") == [old, new, lost]


def test_the_list_asks_as_many_queries_with_three_rows_as_with_one(browser, brittany, mission) -> None:
    numbers = iter(range(10))
    assert_constant_queries(
        add_row=lambda: registration(region=brittany, organisation=mission, email=f"{next(numbers)}@test.example"),
        call=lambda: browser.get(LIST),
        budget=21,
    )


def test_the_same_name_elsewhere_is_pointed_out_without_its_address(browser, brittany, elsewhere, mission) -> None:
    """An animator learns that the name is known; the login address of people of other regions is not theirs to read."""
    names = {"first_name": "CONSEILLERE", "last_name": "D'Essai"}
    far = UserFactory(**names, email="loin@test.example")
    near = UserFactory(**names, email="pres@test.example")
    Membership.objects.create(user=near, organisation=mission)
    UserFactory(first_name="Conseillère", last_name="Dautre")
    there = registration(region=elsewhere, email="ailleurs@test.example")
    made = registration(region=brittany)
    page = browser.get(detail(made))
    found = {(one.email, one.region) for one in page.context["duplicates"]}
    assert found == {("", ""), (near.email, ""), ("", str(there.region))}
    html = page.content.decode()
    assert near.email in html
    assert far.email not in html
    assert there.email not in html
    administrator = signed_in(AdministratorFactory()).get(detail(made)).content.decode()
    assert all(email in administrator for email in (far.email, near.email, there.email))


def test_the_likeliest_organisations_come_first(mission) -> None:
    OrganisationFactory(name="Mission locale de Saint-Malo")
    OrganisationFactory(name="Chambre d’agriculture")
    found = similar_organisations("mission locale rennes")
    assert [one.name for one in found] == ["Mission locale de Rennes", "Mission locale de Saint-Malo"]
    assert similar_organisations("") == []
    assert similar_organisations("’’ !") == []


def test_nobody_confirmed_then_nobody_remembers(brittany) -> None:
    waiting = registration(region=brittany)
    answer_registration(uid=registration(email="jamais@test.example", confirmed=False).uid)
    assert OutboxMessage.objects.filter(to="jamais@test.example").exists()
    refused = registration(region=brittany, email="non@test.example")
    refuse_registration(registration=refused, by=AnimatorFactory(region=brittany), reason="Non")
    forget_old_requests()
    assert Registration.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert forget_old_requests() == 1
    assert not Registration.objects.filter(email="jamais@test.example").exists()
    assert not OutboxMessage.objects.filter(to="jamais@test.example").exists()
    with time_machine.travel(timezone.now() + timedelta(days=184)):
        assert forget_old_requests() == 1
    assert not User.objects.filter(email="non@test.example").exists()
    # Neither the mails to the address, nor the name in the journal.
    assert not OutboxMessage.objects.filter(to="non@test.example").exists()
    assert not ModelLogEntry.objects.filter(action="joining.refuse").exclude(label="").exists()
    assert list(Registration.objects.all()) == [waiting]


def test_a_newer_request_of_the_same_address_keeps_its_link(brittany) -> None:
    answer_registration(uid=registration(confirmed=False).uid)
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        answer_registration(uid=registration(confirmed=False).uid)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert forget_old_requests() == 1
        assert len(mails("confirm_address")) == 2
    with time_machine.travel(timezone.now() + timedelta(days=14)):
        assert forget_old_requests() == 1
    assert not mails("confirm_address")


def test_somebody_refused_and_then_invited_is_not_forgotten(brittany) -> None:
    made = registration(region=brittany)
    refuse_registration(registration=made, by=AnimatorFactory(region=brittany), reason="Non")
    User.objects.filter(pk=made.user_id).update(membership_status=User.MembershipStatus.APPROVED)
    with time_machine.travel(timezone.now() + timedelta(days=184)):
        forget_old_requests()
    assert User.objects.filter(pk=made.user_id).exists()


def test_a_rolled_back_decision_leaves_no_mail(animator, brittany, monkeypatch) -> None:
    made = registration(region=brittany)

    def fail(**kwargs: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("portal.joining.services.approvals.welcome", fail)
    with pytest.raises(RuntimeError):
        approve_registration(registration=made, by=animator)
    made.refresh_from_db()
    assert made.is_awaiting
    assert not OutboxMessage.objects.filter(kind="joining.welcome").exists()
