"""Claiming an organisation, correcting its page, confirming it."""

import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from directory.claims.services import (
    ClaimData,
    NotAMemberError,
    approve_claim,
    refuse_claim,
    submit_claim,
    suggest_correction,
)
from directory.enums import CorrectionState
from directory.freshness.services import ask_to_confirm
from directory.models import ClaimRequest, Correction, Membership, Organisation
from directory.selectors import relay_addresses
from directory.tokens import freshness_token, work_address_token
from portal.accounts.services import appoint_animator
from portal.mail.models import OutboxMessage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from portal.notifications.selectors import unread_count
from tests.directory.factories import OrganisationFactory
from tests.directory.test_editing import client_of
from tests.factories import AdministratorFactory, ManagerFactory, MembershipFactory, UserFactory
from tests.notifications.support import tell_now
from tests.support.world import PDF
from tests.taxonomy.factories import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(seat=CommuneFactory(), website="https://www.structure.example/")


@pytest.fixture
def animator(organisation: Organisation) -> Any:
    user = UserFactory()
    assert organisation.seat is not None
    appoint_animator(user=user, territory=organisation.seat.region)
    return user


def mails(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(kind=f"directory.{kind}").order_by("pk"))


def test_a_claim_is_proven_accepted_and_gives_the_badge(organisation: Organisation, animator: Any) -> None:
    member = UserFactory()
    url = f"/annuaire/structures/{organisation.slug}/gerer/"
    posted = {"message": "J’en suis la directrice.", "work_email": "direction@structure.example"}
    proof = SimpleUploadedFile("preuve.pdf", PDF, "application/pdf")
    assert client_of(member).post(url, {**posted, "proof": proof}).status_code == 302
    # Sent twice, it is one.
    client_of(member).post(url, posted)
    claim = ClaimRequest.objects.get()
    assert [mail.to for mail in mails("claim_to_decide")] == [animator.email]
    [asked] = mails("confirm_work_address")
    assert asked.to == "direction@structure.example"
    link = f"/annuaire/adresse-professionnelle/{work_address_token(claim.uid)}/"
    # Machines open links: opening proves nothing.
    assert Client().get(link).status_code == 200
    claim.refresh_from_db()
    assert claim.email_confirmed_at is None
    Client().post(link)
    detail = client_of(animator).get(f"/animation/structures/demandes/{claim.uid}/")
    facts = {fact["label"]: fact["value"] for fact in detail.context["facts"]}
    assert any("même domaine" in str(value) for value in facts.values())
    name = claim.proof.name
    client_of(animator).post(f"/animation/structures/demandes/{claim.uid}/accepter/")
    place = Membership.objects.active().get(user=member, organisation=organisation)
    assert place.role == Membership.Role.MANAGER
    organisation.refresh_from_db()
    assert organisation.verified_at is not None
    assert "Vérifiée" in Client().get(organisation.get_absolute_url()).content.decode()
    assert [mail.to for mail in mails("claim_approved")] == [member.email]
    claim.refresh_from_db()
    assert not claim.proof
    assert name


def test_a_claim_is_refused_with_a_reason_and_decided_once(organisation: Organisation, animator: Any) -> None:
    claim = submit_claim(organisation=organisation, user=UserFactory(), given=ClaimData("Moi", "a@b.example", None))
    url = f"/animation/structures/demandes/{claim.uid}/"
    assert client_of(animator).post(f"{url}refuser/", {"reason": ""}).status_code == 422
    client_of(animator).post(f"{url}refuser/", {"reason": "Rien ne le prouve."})
    client_of(animator).post(f"{url}accepter/")
    assert not Membership.objects.exists()
    [mail] = mails("claim_refused")
    assert "Rien ne le prouve." in mail.text
    elsewhere = UserFactory()
    appoint_animator(user=elsewhere, territory=CommuneFactory(code="41018", name="Blois").region)


def test_a_claim_needs_a_proof_and_an_organisation_without_manager(organisation: Organisation) -> None:
    url = f"/annuaire/structures/{organisation.slug}/gerer/"
    client = client_of(UserFactory())
    assert client.post(url, {"message": "Moi"}).status_code == 422
    disguised = SimpleUploadedFile("preuve.pdf", b"MZ\x90", "application/pdf")
    response = client.post(url, {"message": "Moi", "proof": disguised})
    assert response.status_code == 422
    assert "proof" in response.context["form"].errors
    ManagerFactory(organisation=organisation)
    client.post(url, {"message": "Moi", "work_email": "a@b.example"})
    assert not ClaimRequest.objects.exists()


def test_a_visitor_suggests_a_correction_and_a_manager_closes_it(organisation: Organisation) -> None:
    manager = ManagerFactory(organisation=organisation)
    url = f"/annuaire/structures/{organisation.slug}/corriger/"
    assert Client().post(url, {"message": "x"}).status_code == 422
    for _time in range(2):
        assert Client().post(url, {"message": "Le téléphone a changé."}).status_code == 302
    Client().post(url, {"message": "Je suis un robot.", "website": "x"})
    correction = Correction.objects.get()
    assert [mail.to for mail in mails("correction")] == [manager.email]
    own = client_of(manager)
    assert "Le téléphone a changé." in own.get("/mon-espace/ma-structure/").content.decode()
    close = f"/annuaire/corrections/{correction.uid}/fermer/"
    assert client_of(UserFactory()).post(close, {"etat": "done"}).status_code == 404
    own.post(close, {"etat": "done"})
    correction.refresh_from_db()
    assert correction.state == CorrectionState.DONE


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_a_correction_sent_twice_at_once_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = OrganisationFactory()
    ManagerFactory(organisation=organisation)
    together, failed = threading.Barrier(2), list[str]()

    def wait_for_the_other(_organisation: Organisation) -> None:
        """Hold a writer who found no such correction until the other has found none either, if it can."""
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=2)

    monkeypatch.setattr("directory.claims.services.region_id_of", wait_for_the_other)

    def suggest() -> None:
        try:
            suggest_correction(organisation=organisation, message="Le téléphone a changé.", author=None)
        except Exception as error:  # noqa: BLE001 -- told to the test's own thread
            failed.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=suggest) for _time in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed
    assert (Correction.objects.count(), len(mails("correction"))) == (1, 1)


def test_corrections_are_throttled(organisation: Organisation) -> None:
    url = f"/annuaire/structures/{organisation.slug}/corriger/"
    statuses = [Client().post(url, {"message": f"Remarque {number}"}).status_code for number in range(6)]
    assert statuses == [302] * 5 + [429]


def old(organisation: Organisation, days: int) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_managers_are_asked_at_six_months_and_at_twelve_and_not_again(organisation: Organisation) -> None:
    manager = ManagerFactory(organisation=organisation)
    MembershipFactory(organisation=organisation)
    alone = OrganisationFactory()
    for one in (organisation, alone):
        old(one, 170)
    assert ask_to_confirm() == 0
    old(organisation, 190)
    assert [ask_to_confirm(), ask_to_confirm()] == [1, 0]
    # Asked through the ledger: with its reason, as each chose, left by one click.
    assert [tell_now(), tell_now()] == [1, 0]
    [mail] = mails("confirm_page")
    assert mail.to == manager.email
    assert mail.unsubscribe_url
    assert f"Vous gérez {organisation.name}" in mail.text
    link = next(line for line in mail.text.splitlines() if "/annuaire/confirmer/" in line)
    assert Client().get(urlsplit(link).path).status_code == 200
    # Half a year later, still unanswered.
    Organisation.objects.filter(pk=organisation.pk).update(
        last_asked_at=timezone.now() - timedelta(days=185), created_at=timezone.now() - timedelta(days=375)
    )
    assert [ask_to_confirm(), ask_to_confirm()] == [1, 0]
    Organisation.objects.filter(pk=organisation.pk).update(
        last_asked_at=timezone.now() - timedelta(days=200), created_at=timezone.now() - timedelta(days=600)
    )
    assert ask_to_confirm() == 0


def test_a_suspended_manager_hears_of_nothing_and_holds_no_page(organisation: Organisation, animator: Any) -> None:
    manager = ManagerFactory(organisation=organisation)
    manager.membership_status = manager.MembershipStatus.SUSPENDED
    manager.save()
    old(organisation, 190)
    assert ask_to_confirm() == 0
    assert relay_addresses(organisation) == []
    suggest_correction(organisation=organisation, message="Le téléphone a changé.", author=None)
    assert [mail.to for mail in mails("correction")] == [animator.email]
    assert claim_of(organisation, UserFactory()).is_awaiting, "another may ask to manage it"
    # An administrator is a member, whatever their status says.
    manager.is_superuser = True
    manager.save()
    assert (relay_addresses(organisation), ask_to_confirm()) == ([manager.email], 1)


def test_one_button_confirms_a_page_without_signing_in(organisation: Organisation) -> None:
    manager = ManagerFactory(organisation=organisation)
    old(organisation, 200)
    ask_to_confirm()
    fan_out_due()
    organisation.refresh_from_db()
    link = f"/annuaire/confirmer/{freshness_token(organisation)}/"
    assert Client(enforce_csrf_checks=True).get(link).status_code == 200
    organisation.refresh_from_db()
    assert organisation.last_confirmed_at is None
    Client().post(link)
    organisation.refresh_from_db()
    first = organisation.last_confirmed_at
    assert first is not None
    assert (tell_now(), unread_count(manager)) == (0, 0), "what is answered is mailed to nobody"
    # The link has served.
    Client().post(link)
    organisation.refresh_from_db()
    assert organisation.last_confirmed_at == first
    assert Client().get("/annuaire/confirmer/forgé/").status_code == 410


def test_claims_are_limited_by_account_and_what_was_typed_stays(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("directory.claims.views.CLAIMS", 1)
    other, posted = OrganisationFactory(), {"message": "J’en suis.", "work_email": "victime@ailleurs.example"}
    first, second = (f"/annuaire/structures/{one.slug}/gerer/" for one in (organisation, other))
    client = client_of(UserFactory())
    assert client.post(first, posted).status_code == 302
    response = client.post(second, posted)
    assert response.status_code == 429
    assert response.context["form"].non_field_errors()
    assert "victime@ailleurs.example" in response.content.decode()
    assert len(mails("confirm_work_address")) == 1
    assert client_of(UserFactory()).post(second, posted).status_code == 302


def claim_of(organisation: Organisation, user: Any) -> ClaimRequest:
    return submit_claim(organisation=organisation, user=user, given=ClaimData("Moi", "a@b.example", None))


def test_a_claim_of_somebody_who_is_no_member_any_more_is_not_accepted(
    organisation: Organisation, animator: Any
) -> None:
    member = UserFactory()
    claim = claim_of(organisation, member)
    member.membership_status = member.MembershipStatus.SUSPENDED
    member.save()
    with pytest.raises(NotAMemberError):
        approve_claim(claim=claim, by=animator)
    url = f"/animation/structures/demandes/{claim.uid}/"
    response = client_of(animator).post(f"{url}accepter/")
    assert (response.status_code, response["Location"]) == (302, url)
    claim.refresh_from_db()
    assert claim.is_awaiting
    assert not Membership.objects.exists()


def test_a_document_that_is_gone_is_not_found(organisation: Organisation, animator: Any) -> None:
    claim = claim_of(organisation, UserFactory())
    ClaimRequest.objects.filter(pk=claim.pk).update(proof="claims/perdu.pdf", proof_name="perdu.pdf")
    assert client_of(animator).get(f"/animation/structures/demandes/{claim.uid}/justificatif/").status_code == 404


def told() -> set[tuple[str, int]]:
    """Return who is told of what on the site, and make sure that no mail doubles the directory's own."""
    fan_out_due()
    assert not Notification.objects.exclude(mail_due_at=None).exists()
    return set(Notification.objects.filter(on_site=True).values_list("kind", "user"))


def test_claims_and_corrections_are_told_on_the_site_too(organisation: Organisation, animator: Any) -> None:
    member = UserFactory()
    claim = claim_of(organisation, member)
    suggest_correction(organisation=organisation, message="Rien ne va.", author=None)
    asked = {("directory.claim", animator.pk), ("directory.correction", animator.pk)}
    assert told() == asked
    approve_claim(claim=claim, by=animator)
    asked |= {("directory.claim_decided", member.pk)}
    assert told() == asked
    # It has a manager now, who reads what comes in.
    suggest_correction(organisation=organisation, message="Tout a changé.", author=animator)
    assert told() == asked | {("directory.correction", member.pk)}


def test_a_claim_that_was_decided_meanwhile_is_told_to_no_animator(organisation: Organisation, animator: Any) -> None:
    member = UserFactory()
    refuse_claim(claim=claim_of(organisation, member), by=AdministratorFactory(), reason="Rien ne le prouve.")
    assert told() == {("directory.claim_decided", member.pk)}
    title = Notification.objects.get().title
    assert organisation.name in title
    assert "Rien ne le prouve." not in title
