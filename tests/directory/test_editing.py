"""The page of an organisation, written by those who look after it."""

import threading
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connections
from django.test import Client
from django.urls import reverse

from directory.editing.forms import OrganisationPageForm
from directory.editing.services import OrganisationChange, update_organisation
from directory.models import FormerName, Membership, Organisation
from portal.accounts.services import appoint_animator
from tests.directory.factories import KindFactory, OrganisationFactory
from tests.factories import AdministratorFactory, EditorFactory, MembershipFactory, UserFactory
from tests.taxonomy.factories import CommuneFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"


@pytest.fixture
def organisation() -> Organisation:
    return OrganisationFactory(name="Mission locale", kind=KindFactory())


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


@pytest.fixture
def editor(organisation: Organisation) -> Client:
    return client_of(EditorFactory(organisation=organisation))


def address(organisation: Organisation) -> str:
    return f"/mon-espace/ma-structure/{organisation.slug}/modifier/"


def written(organisation: Organisation, **changes: Any) -> dict[str, Any]:
    """What the form posts when nothing but ``changes`` is changed."""
    return {"name": organisation.name, "kind": organisation.kind_id, **changes}


def test_all_fields_are_written_and_the_page_counts_as_confirmed(organisation: Organisation, editor: Client) -> None:
    rennes, theme = CommuneFactory(postal_codes=["35000"]), ThemeFactory()
    response = editor.post(
        address(organisation),
        written(
            organisation,
            siret="732 829 320 00074",
            former_names="PAIO (1990)\nPermanence d’accueil",
            usual_names="La ML",
            phone="39 49",
            website="example.org",
            place="Rennes 35000",
            themes=[theme.pk],
            relay_email="accueil@ml.example",
        ),
    )
    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.siret, organisation.phone) == (SIRET, "3949")
    assert organisation.website == "https://example.org"
    assert organisation.seat == rennes
    assert organisation.last_confirmed_at is not None
    assert list(organisation.themes.all()) == [theme]
    names = {(name.name, name.kind, name.until and name.until.year) for name in organisation.other_names.all()}
    assert names == {("PAIO", "former", 1990), ("Permanence d’accueil", "former", None), ("La ML", "usual", None)}
    shown = Client().get(organisation.get_absolute_url()).content.decode()
    assert "PAIO" in shown
    assert "accueil@ml.example" not in shown
    # Saved again as it is shown, nothing is lost.
    form = editor.get(address(organisation)).context["form"]
    posted = {name: form[name].value() for name in form.fields if form[name].value()}
    again = editor.post(address(organisation), posted)
    assert again.status_code == 302, again.context["form"].errors
    assert FormerName.objects.filter(organisation=organisation).count() == 3
    organisation.refresh_from_db()
    assert (organisation.seat, organisation.siret) == (rennes, SIRET)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "X"),
        ("name", "Deux\nlignes"),
        ("siret", "00000000000000"),
        ("siret", "123"),
        ("phone", "appelez-moi"),
        ("place", "Nulle-Part 99999"),
        ("postal_code", "29"),
        ("website", "javascript:alert(1)"),
        ("relay_email", "pas une adresse"),
        ("former_names", "A" * 200),
        ("phone_extension", "douze"),
        ("description", "a\x00b"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    organisation: Organisation, editor: Client, field: str, value: str
) -> None:
    posted = written(organisation, acronym="Gardé", **{field: value})
    response = editor.post(address(organisation), posted)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    page = BeautifulSoup(response.content, "html.parser")
    assert page.find("input", {"name": "acronym"})["value"] == "Gardé"
    organisation.refresh_from_db()
    assert organisation.acronym == ""


def test_the_siret_of_another_is_refused_at_its_field(organisation: Organisation, editor: Client) -> None:
    OrganisationFactory(siret=SIRET)
    response = editor.post(address(organisation), written(organisation, siret=SIRET))
    assert response.status_code == 422


def test_who_may_write_it(organisation: Organisation) -> None:
    rennes = CommuneFactory()
    organisation.seat = rennes
    organisation.save()
    here, elsewhere = UserFactory(), UserFactory()
    appoint_animator(user=here, territory=rennes.region)
    colleague = MembershipFactory(organisation=organisation, role=Membership.Role.MEMBER).user
    for user, status in ((here, 200), (elsewhere, 404), (colleague, 403)):
        assert client_of(user).get(address(organisation)).status_code == status


def test_an_animator_is_warned_of_what_a_new_name_resembles() -> None:
    rennes = CommuneFactory(postal_codes=["35000"])
    OrganisationFactory(name="Mission locale de Rennes", seat=rennes)
    animator = UserFactory()
    appoint_animator(user=animator, territory=rennes.region)
    posted = {"name": "Mission locale  Rennes", "kind": KindFactory().pk, "place": "Rennes 35000"}
    client = client_of(animator)
    response = client.post("/animation/structures/ajouter/", posted)
    assert response.status_code == 422
    assert [one.organisation.name for one in response.context["similar"]] == ["Mission locale de Rennes"]
    assert client.post("/animation/structures/ajouter/", {**posted, "sure": "1"}).status_code == 302
    assert Organisation.objects.filter(name="Mission locale Rennes").exists()


def test_names_alike_are_told_while_one_types(client: Client) -> None:
    known = OrganisationFactory(name="Mission locale de Rennes")
    OrganisationFactory(name="Mission locale de Renne cachée", is_listed=False)
    found = client.get("/annuaire/structures/semblables/", {"nom": "mision locale de renes"}).json()["found"]
    assert [one["name"] for one in found] == [known.name]
    own = {"nom": known.name, "sauf": known.slug}
    assert client.get("/annuaire/structures/semblables/", own).json()["found"] == []
    assert client.get("/annuaire/structures/semblables/", {"nom": "\x00", "sauf": "\x00"}).json()["found"] == []


def test_an_animator_adds_to_their_regions_alone_as_an_import_does() -> None:
    rennes, animator = CommuneFactory(postal_codes=["35000"]), UserFactory()
    centre = DepartmentFactory(code="41", name="Loir-et-Cher", region=RegionFactory(code="24", name="Centre"))
    CommuneFactory(code="41018", name="Blois", department=centre, postal_codes=["41000"])
    appoint_animator(user=animator, territory=rennes.region)
    own, url = client_of(animator), "/animation/structures/ajouter/"
    posted = {"name": "Une école", "kind": KindFactory().pk}
    for place in ("", "Blois 41000"):
        response = own.post(url, {**posted, "place": place})
        assert response.status_code == 422
        assert "place" in response.context["form"].errors
    assert not Organisation.objects.exists()
    assert own.post(url, {**posted, "place": "Rennes 35000"}).status_code == 302
    administrator = client_of(AdministratorFactory())
    for name, place in (("Une mairie", "Blois 41000"), ("Un réseau national", "")):
        assert administrator.post(url, {**posted, "name": name, "place": place}).status_code == 302


def test_names_alike_are_not_asked_without_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.duplicates.views.NAMES", 2)
    url = "/annuaire/structures/semblables/?nom=mission"
    assert [client.get(url).status_code for _time in range(3)] == [200, 200, 429]


def test_an_animator_keeps_a_page_in_their_regions_and_its_managers_may_move_it(organisation: Organisation) -> None:
    rennes, animator = CommuneFactory(postal_codes=["35000"]), UserFactory()
    away = RegionFactory(code="24", name="Centre")
    loir = DepartmentFactory(code="41", name="Loir-et-Cher", region=away)
    blois = CommuneFactory(code="41018", name="Blois", department=loir, postal_codes=["41000"])
    appoint_animator(user=animator, territory=rennes.region)
    Organisation.objects.filter(pk=organisation.pk).update(seat=rennes)
    own, url = client_of(animator), address(organisation)
    for place in ("Blois 41000", ""):
        response = own.post(url, written(organisation, place=place, territories=[loir.pk]))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["place"]
    assert own.post(url, written(organisation, place="Rennes 35000", territories=[loir.pk])).status_code == 302
    # Without a seat it is looked after where it acts.
    Organisation.objects.filter(pk=organisation.pk).update(seat=None)
    organisation.territories.set([rennes.department])
    assert list(own.post(url, written(organisation, territories=[loir.pk])).context["form"].errors) == ["territories"]
    assert own.post(url, written(organisation, territories=[rennes.department_id])).status_code == 302
    manager = client_of(MembershipFactory(organisation=organisation, role=Membership.Role.MANAGER).user)
    assert manager.post(url, written(organisation, place="Blois 41000")).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).seat == blois


def test_managers_say_of_what_it_is_a_part_and_circles_are_refused(organisation: Organisation) -> None:
    head = OrganisationFactory(name="Réseau régional", acronym="RR", siret=SIRET)
    branch = OrganisationFactory(name="Antenne nord", parent=organisation)
    manager = MembershipFactory(organisation=organisation, role=Membership.Role.MANAGER).user
    client, url, kept = client_of(manager), address(organisation), {"branches": [branch.pk]}

    def errors(**values: Any) -> list[str]:
        response = client.post(url, written(organisation, **{**kept, **values}))
        return list(response.context["form"].errors) if response.status_code == 422 else []

    assert errors(parent="Antenne nord") == ["parent"]
    assert errors(parent=organisation.name) == ["parent"]
    assert errors(parent="Réseau regionale") == ["parent"]
    assert "Réseau régional" in client.post(url, written(organisation, parent="Réseau regionale")).content.decode()
    assert errors(parent="rr") == ["parent"], "its own managers take in its branches"
    MembershipFactory(user=manager, organisation=head, role=Membership.Role.MANAGER)
    for named in ("rr", f"https://portail.example{head.get_absolute_url()}"):
        assert errors(parent=named) == []
        assert Organisation.objects.get(pk=organisation.pk).parent == head
    # Left as it is shown, nothing changes.
    form = client.get(url).context["form"]
    assert (form["parent"].value(), form["branches"].value()) == (head.name, [branch.pk])
    # A branch is taken in by those who look after both, and let go by those above it.
    other = OrganisationFactory(name="Antenne sud")
    assert errors(new_branch="Antenne sud") == ["new_branch"]
    MembershipFactory(user=manager, organisation=other, role=Membership.Role.MANAGER)
    assert errors(new_branch="Réseau régional", parent=head.name) == ["new_branch"]
    assert errors(new_branch="Antenne sud", branches=[], branches_shown=[branch.pk]) == []
    assert list(Organisation.objects.get(pk=organisation.pk).branches.all()) == [other]
    editor = client_of(EditorFactory(organisation=organisation))
    assert not {"parent", "branches", "new_branch"} & set(editor.get(url).context["form"].fields)
    assert editor.post(url, written(organisation, parent="Réseau régional")).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).parent is None, "the last save of the manager emptied it"


def test_a_branch_that_found_another_place_meanwhile_stays_there(organisation: Organisation) -> None:
    elsewhere, leaving, joining = OrganisationFactory(), OrganisationFactory(parent=organisation), OrganisationFactory()
    change = OrganisationChange(fields={}, links={}, names=[], joining=[joining], leaving=[leaving])
    Organisation.objects.filter(pk__in=[leaving.pk, joining.pk]).update(parent=elsewhere)
    update_organisation(organisation=organisation, change=change, by=AdministratorFactory())
    assert elsewhere.branches.count() == 2


def test_a_branch_that_the_form_did_not_show_stays(organisation: Organisation) -> None:
    """Set below after the form was opened, it was unticked by nobody, not even where the form comes back."""
    kept, leaving = (OrganisationFactory(name=name, parent=organisation) for name in ("Antenne nord", "Antenne sud"))
    client, url = client_of(AdministratorFactory()), address(organisation)

    def shown(page: Any) -> dict[str, Any]:
        """What the page would post of its branches; hidden inputs say which these were."""
        form = BeautifulSoup(page.content, "html.parser").select_one("main form:has([name=branches])")
        ticked = [box["value"] for box in form.select("[name=branches][checked]")]
        return {"branches": ticked, "branches_shown": [one["value"] for one in form.select("[name=branches_shown]")]}

    opened = shown(client.get(url))
    assert opened["branches"] == opened["branches_shown"] == [str(kept.pk), str(leaving.pk)]
    later = OrganisationFactory(name="Antenne ouest", parent=organisation)
    opened["branches"].remove(str(leaving.pk))
    wrong = client.post(url, written(organisation, phone="abc", **opened))
    assert wrong.status_code == 422
    assert shown(wrong) == opened, "neither ticked again nor shown unticked"
    assert client.post(url, written(organisation, **shown(wrong))).status_code == 302
    assert set(organisation.branches.all()) == {kept, later}
    # One who saw no branch takes none away, whatever is posted.
    odd = {"branches_shown": ["x", "\N{SUPERSCRIPT TWO}", "9" * 5_000]}
    assert client.post(url, written(organisation, **odd)).status_code == 302
    assert organisation.branches.count() == 2


def test_a_branch_that_shares_a_siret_does_not_leave_with_it(organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(siret=SIRET)
    branch = OrganisationFactory(parent=organisation, siret=SIRET)
    client = client_of(AdministratorFactory())
    posted = written(organisation, siret=SIRET, branches_shown=[branch.pk])
    response = client.post(address(organisation), posted)
    assert list(response.context["form"].errors) == ["branches"]
    assert client.post(address(branch), written(branch, siret=SIRET, parent="")).status_code == 422
    assert Organisation.objects.get(pk=branch.pk).parent == organisation


def test_a_circle_that_the_form_could_not_see_is_refused_when_it_is_written(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the other had become a branch after the form was checked."""
    branch = OrganisationFactory(name="Antenne nord", parent=organisation)
    monkeypatch.setattr(OrganisationPageForm, "_check_relatives", lambda *_given: None)
    monkeypatch.setattr(Organisation, "clean", lambda _self: None)
    client = client_of(AdministratorFactory())
    response = client.post(address(organisation), written(organisation, parent=branch.name, branches=[branch.pk]))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["parent"])
    admin = reverse(Organisation.snippet_viewset.get_url_name("edit"), args=[organisation.pk])
    rows = {f"other_names-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    response = client.post(admin, written(organisation, parent=branch.pk, **rows))
    assert list(response.context["form"].errors) == ["parent"]
    assert Organisation.objects.get(pk=organisation.pk).parent is None
    assert client.post(admin, written(organisation, parent=OrganisationFactory().pk, **rows)).status_code == 302


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
def test_two_writes_at_the_same_moment_close_no_circle() -> None:
    """Each is right by itself, and no organisation is written by both: together they would close a circle of four."""
    kind, by = KindFactory(), AdministratorFactory()
    upper, lower = (OrganisationFactory(kind=kind) for _one in range(2))
    wishes = [
        (lower, OrganisationFactory(kind=kind, parent=upper)),
        (upper, OrganisationFactory(kind=kind, parent=lower)),
    ]
    start, refused = threading.Barrier(2), list[str]()

    def write(branch: Organisation, parent: Organisation) -> None:
        try:
            start.wait(timeout=20)
            change = OrganisationChange(fields={"parent": parent}, links={}, names=[])
            update_organisation(organisation=branch, change=change, by=by)
        except Exception as error:  # noqa: BLE001 -- told to the test's own thread
            refused.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert refused == ["CircleError"]
    assert Organisation.objects.filter(pk__in=[upper.pk, lower.pk], parent=None).count() == 1
