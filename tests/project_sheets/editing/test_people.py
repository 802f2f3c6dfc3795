"""Beginning a sheet, sharing it, handing it over."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from directory.models import Membership
from portal.mail.models import OutboxMessage
from project_sheets.models import ProjectSheetPage, RegionIndexPage, SheetInvitation
from tests.factories.accounts import PendingUserFactory, UserFactory
from tests.factories.directory import OrganisationFactory
from tests.project_sheets.editing.conftest import Desk, client_of
from tests.support.queries import assert_constant_queries

Mails = Callable[[str], list[OutboxMessage]]


def test_a_member_begins_a_sheet_that_nobody_else_sees(desk: Desk) -> None:
    member = UserFactory()
    client = client_of(member)
    region = RegionIndexPage.objects.get()
    typed = {"title": "Kodiko", "holder": desk.sheet.holder.name, "region": region.pk}
    assert client.post(reverse("sheet_editing:create"), {**typed, "holder": "Inconnue"}).status_code == 422
    response = client.post(reverse("sheet_editing:create"), typed)
    sheet = ProjectSheetPage.objects.get(title="Kodiko")
    assert response.url == reverse("sheet_editing:step", args=[sheet.uid, "identite"])
    assert (sheet.live, sheet.region_id, sheet.leads.get().user) == (False, region.territory_id, member)
    assert client.get(response.url).status_code == 200
    assert Client().get(sheet.public_path).status_code == 404
    assert desk.client.get(response.url).status_code == 404


def test_only_who_acts_for_the_holder_begins_a_sheet_in_its_name(desk: Desk) -> None:
    stranger, editor = UserFactory(), UserFactory()
    Membership.objects.create(user=editor, organisation=desk.sheet.holder, role=Membership.Role.EDITOR)
    region = RegionIndexPage.objects.get().pk
    for user, named in ((stranger, None), (editor, desk.sheet.holder)):
        typed = {"title": f"Fiche {user.pk}", "holder": desk.sheet.holder.name, "region": region}
        client_of(user).post(reverse("sheet_editing:create"), typed)
        sheet = ProjectSheetPage.objects.get(title=f"Fiche {user.pk}")
        assert (sheet.holder, sheet.events.get().on_behalf_of) == (desk.sheet.holder, named)


def test_who_is_not_admitted_begins_none(desk: Desk) -> None:
    assert client_of(PendingUserFactory()).get(reverse("sheet_editing:create")).status_code in {302, 403}


def test_a_colleague_accepts_and_writes_too(desk: Desk, mails: Mails) -> None:
    colleague = UserFactory(email="collegue@test.example")
    assert desk.client.post(desk.url("people"), {"email": "Collegue@test.example"}).status_code == 302
    desk.client.post(desk.url("people"), {"email": "collegue@test.example"})
    (mail,) = mails("invitation")
    invitation = SheetInvitation.objects.get()
    url = reverse("sheet_editing:invitation", args=[invitation.uid])
    assert url in mail.text
    assert client_of(UserFactory()).post(url).status_code == 404, "it was sent to somebody else"
    client = client_of(colleague)
    assert invitation.sheet.title in client.get(reverse("sheet_editing:list")).content.decode()
    assert client.get(url).status_code == 200
    assert not desk.sheet.leads.filter(user=colleague).exists(), "opening a page accepts nothing"
    assert client.post(url).url == desk.url("overview")
    assert desk.sheet.leads.count() == 2
    # Used up.
    assert "close" in client.get(url).content.decode()


def test_a_sheet_is_handed_over_when_the_colleague_accepts(desk: Desk, mails: Mails) -> None:
    colleague = UserFactory()
    desk.client.post(desk.url("people"), {"email": colleague.email, "hands_over": "on"})
    assert desk.client.get(desk.url("overview")).status_code == 200
    url = reverse("sheet_editing:invitation", args=[SheetInvitation.objects.get().uid])
    client_of(colleague).post(url)
    assert [lead.user for lead in desk.sheet.leads.all()] == [colleague]
    assert desk.client.get(desk.url("overview")).status_code == 403


def test_an_open_invitation_becomes_what_is_asked_for_last(desk: Desk, colleague: Desk, mails: Mails) -> None:
    invited = UserFactory()
    desk.client.post(desk.url("people"), {"email": invited.email})
    desk.client.post(desk.url("people"), {"email": invited.email, "hands_over": "on"})
    invitation = SheetInvitation.objects.get()
    assert (invitation.hands_over, invitation.invited_by) == (True, desk.user)
    colleague.client.post(colleague.url("people"), {"email": invited.email})
    invitation.refresh_from_db()
    assert (invitation.hands_over, invitation.invited_by) == (True, desk.user), "it is not the colleague’s to take back"
    assert len(mails("invitation")) == 1
    client_of(invited).post(reverse("sheet_editing:invitation", args=[invitation.uid]))
    assert {lead.user for lead in desk.sheet.leads.all()} == {colleague.user, invited}


def test_who_no_longer_looks_after_a_sheet_lets_nobody_in(desk: Desk, colleague: Desk) -> None:
    invited = UserFactory()
    colleague.client.post(colleague.url("people"), {"email": invited.email})
    desk.client.post(desk.url("remove_lead", desk.sheet.leads.get(user=colleague.user).pk))
    client_of(invited).post(reverse("sheet_editing:invitation", args=[SheetInvitation.objects.get().uid]))
    assert [lead.user for lead in desk.sheet.leads.all()] == [desk.user]


def test_nobody_leaves_a_sheet_alone(desk: Desk, colleague: Desk) -> None:
    mine, theirs = desk.sheet.leads.order_by("pk")
    assert desk.client.post(desk.url("remove_lead", theirs.pk)).status_code == 302
    desk.client.post(desk.url("remove_lead", mine.pk))
    assert desk.sheet.leads.get() == mine


def test_an_invitation_is_withdrawn(desk: Desk) -> None:
    invited = UserFactory()
    desk.client.post(desk.url("people"), {"email": invited.email})
    invitation = SheetInvitation.objects.get()
    desk.client.post(desk.url("withdraw_invitation", invitation.uid))
    client_of(invited).post(reverse("sheet_editing:invitation", args=[invitation.uid]))
    assert not desk.sheet.leads.filter(user=invited).exists()


def test_an_editor_of_the_holder_writes_the_sheet_and_another_does_not(desk: Desk) -> None:
    editor, stranger = UserFactory(), UserFactory()
    editors = Membership.Role.EDITOR
    Membership.objects.create(user=editor, organisation=desk.sheet.holder, role=editors)
    Membership.objects.create(user=stranger, organisation=OrganisationFactory(), role=editors)
    assert client_of(editor).get(desk.url("step", "identite")).status_code == 200
    assert client_of(stranger).get(desk.url("step", "identite")).status_code == 403


def test_the_list_asks_as_much_for_three_sheets_as_for_one(desk: Desk) -> None:
    from project_sheets.services import add_lead
    from tests.factories.sheets import SheetFactory

    user = UserFactory()
    client = client_of(user)
    assert_constant_queries(
        add_row=lambda: add_lead(sheet=SheetFactory(call=desk.sheet.call), user=user),
        call=lambda: client.get(reverse("sheet_editing:list")),
        budget=40,
    )
