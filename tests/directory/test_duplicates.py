"""Organisations that look alike: told, decided once, merged without forgetting anything, undone."""

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from directory.duplicates.detection import find_duplicates
from directory.duplicates.drafts import latest_drafts, paths_naming
from directory.duplicates.likeness import Traits, compare
from directory.duplicates.merging import CannotMergeError, merge_organisations, preview_merge, undo_merge
from directory.duplicates.relations import HISTORY, relations
from directory.enums import PairDecision
from directory.models import DuplicatePair, Membership, MergeLog, OldAddress, Organisation, OrganisationMessage
from portal.accounts.services import appoint_animator
from portal.notifications.selectors import subscriptions_to
from portal.notifications.services import follow
from tests.directory.factories import FormerNameFactory, OrganisationFactory
from tests.directory.test_editing import client_of
from tests.factories import AdministratorFactory, MembershipFactory, PartnershipFactory, SheetFactory, UserFactory
from tests.taxonomy.factories import CommuneFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
SIRET, OTHER_SIRET = "73282932000074", "35600000049837"


def traits(pk: int, name: str, **fields: Any) -> Traits:
    return Traits(pk, name, **{"siret": "", "phone": "", "seat": None, "parent": None, **fields})


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"seat": 1}, {"seat": 1}, ("name",)),
        ({"seat": 1}, {"seat": 2}, None),
        ({"siret": SIRET}, {"siret": SIRET, "name": "tout autre"}, ("siret",)),
        ({"phone": "+33296000000"}, {"phone": "+33296000000"}, ("phone",)),
        ({"phone": "+33296000000"}, {"phone": "+33296000000", "name": "xyz"}, None),
        # Two SIRETs are two establishments, whatever their names.
        ({"seat": 1, "siret": SIRET}, {"seat": 1, "siret": OTHER_SIRET}, None),
        # A branch is no duplicate of its head office.
        ({"seat": 1}, {"seat": 1, "parent": 1}, None),
        ({"seat": 1, "parent": 9}, {"seat": 1, "parent": 9}, None),
    ],
)
def test_what_looks_alike_and_why(one: dict[str, Any], other: dict[str, Any], reasons: tuple[str, ...] | None) -> None:
    first = traits(1, **{"name": "mission locale de rennes", **one})
    second = traits(2, **{"name": "mission locale rennes", **other})
    found = compare(first, second)
    assert (found.reasons if found else None) == reasons


def test_a_decision_is_remembered_for_ever() -> None:
    rennes = CommuneFactory()
    first = OrganisationFactory(name="Mission locale de Rennes", seat=rennes)
    second = OrganisationFactory(name="Mission locale Rennes", seat=rennes)
    OrganisationFactory(name="Chambre des métiers", seat=rennes)
    assert [find_duplicates(), find_duplicates()] == [1, 1]
    animator = UserFactory()
    appoint_animator(user=animator, territory=rennes.region)
    pair = DuplicatePair.objects.get()
    client_of(animator).post(f"/animation/structures/doublons/{pair.pk}/distinctes/")
    assert find_duplicates() == 0
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by) == (PairDecision.DISTINCT, animator)
    # One that looks alike no more leaves the queue by itself.
    DuplicatePair.objects.update(decision=PairDecision.WAITING)
    second.name = "Tout autre chose"
    second.save()
    assert find_duplicates() == 0
    assert not DuplicatePair.objects.exists()
    assert first.pk


def test_no_relation_to_an_organisation_is_forgotten() -> None:
    """Found by another way than the code's: from the organisation's side, hidden relations included."""
    known = {(relation.model, relation.column) for relation in relations()}
    for field in Organisation._meta.get_fields(include_hidden=True):
        if not field.is_relation or not field.auto_created or field.concrete:
            continue
        relation: Any = field
        if isinstance(field, models.ManyToManyRel):
            continue  # Its rows stand in a table of their own, which another of these relations names.
        if relation.related_model not in HISTORY:
            assert (relation.related_model, relation.field.attname) in known, relation
    tables = {model._meta.label_lower for model, _column in known}
    assert {"project_sheets.partnership", "directory.membership", "directory.organisation_themes"} <= tables
    # What the apps above the directory bring is there without being named by it.
    assert any(not label.startswith("directory.") for label in tables)
    generic = [relation for relation in relations() if relation.content_type]
    assert generic, "follows point to any model"
    assert all(apps.get_model(label) for label in tables)


@pytest.fixture
def pair() -> tuple[Organisation, Organisation]:
    kept = OrganisationFactory(name="France Travail", website="https://garde.example/")
    absorbed = OrganisationFactory(
        name="Pole emploi", siret=SIRET, phone="3949", website="https://perdu.example/", seat=CommuneFactory()
    )
    return kept, absorbed


def test_a_merge_moves_everything_and_an_undo_brings_it_back(pair: tuple[Organisation, Organisation]) -> None:
    kept, absorbed = pair
    by = AdministratorFactory()
    shared, own = ThemeFactory(), ThemeFactory()
    kept.themes.set([shared])
    absorbed.themes.set([shared, own])
    sheet = SheetFactory(holder=absorbed)
    partnership = PartnershipFactory(organisation=absorbed)
    branch = OrganisationFactory(parent=absorbed)
    FormerNameFactory(organisation=absorbed, name="ANPE")
    both = MembershipFactory(organisation=kept, role=Membership.Role.MEMBER)
    second = MembershipFactory(organisation=absorbed, user=both.user, role=Membership.Role.MANAGER)
    alone = MembershipFactory(organisation=absorbed, role=Membership.Role.EDITOR)
    follower = UserFactory()
    follow(user=follower, target=absorbed)
    preview = {row.label for row in preview_merge(kept, absorbed, by=by).relations}
    assert len(preview) >= 5

    merge = merge_organisations(kept=kept, absorbed=absorbed, by=by)

    for one in (kept, absorbed, partnership, branch, both, second, alone):
        one.refresh_from_db()
    sheet.refresh_from_db()
    assert sheet.holder_id == partnership.organisation_id == branch.parent_id == alone.organisation_id == kept.pk
    assert set(kept.themes.all()) == {shared, own}
    assert (both.role, second.left_at is None) == (Membership.Role.MANAGER, False)
    assert (kept.siret, kept.phone, kept.seat, kept.website) == (SIRET, "3949", absorbed.seat, "https://garde.example/")
    assert kept.position == "commune"
    assert subscriptions_to(kept).filter(user=follower).exists()
    assert {"ANPE", "Pole emploi"} <= {name.name for name in kept.other_names.all()}
    response = Client().get(absorbed.get_absolute_url())
    assert (response.status_code, response["Location"]) == (301, kept.get_absolute_url())
    assert absorbed not in Organisation.objects.visible_to(by)
    assert kept in Organisation.objects.matching("anpe")
    assert not any(list(paths_naming(draft.content, model, absorbed.pk)) for draft, model in latest_drafts())

    assert undo_merge(merge=merge, by=by) == 0
    assert undo_merge(merge=merge, by=by) == 0

    for one in (kept, absorbed, partnership, branch, both, second, alone):
        one.refresh_from_db()
    sheet.refresh_from_db()
    assert sheet.holder_id == partnership.organisation_id == branch.parent_id == alone.organisation_id == absorbed.pk
    assert (set(kept.themes.all()), set(absorbed.themes.all())) == ({shared}, {shared, own})
    assert (kept.siret, kept.phone, kept.seat_id, absorbed.siret) == (None, "", None, SIRET)
    assert (both.role, second.left_at) == (Membership.Role.MEMBER, None)
    assert Client().get(absorbed.get_absolute_url()).status_code == 200
    assert not OldAddress.objects.exists()
    assert any(list(paths_naming(draft.content, model, absorbed.pk)) for draft, model in latest_drafts())
    assert set(subscriptions_to(absorbed).values_list("user_id", flat=True)) == {follower.pk}


def test_what_changed_since_stays_as_it_was_left(pair: tuple[Organisation, Organisation]) -> None:
    kept, absorbed = pair
    by = AdministratorFactory()
    merge = merge_organisations(kept=kept, absorbed=absorbed, by=by)
    Organisation.objects.filter(pk=kept.pk).update(phone="+33296000000")
    assert undo_merge(merge=merge, by=by) == 1
    kept.refresh_from_db()
    assert kept.phone == "+33296000000"


def test_two_sirets_or_one_row_do_not_merge(pair: tuple[Organisation, Organisation]) -> None:
    kept, absorbed = pair
    by = AdministratorFactory()
    with pytest.raises(CannotMergeError):
        merge_organisations(kept=kept, absorbed=kept, by=by)
    Organisation.objects.filter(pk=kept.pk).update(siret=OTHER_SIRET)
    with pytest.raises(CannotMergeError):
        merge_organisations(kept=kept, absorbed=absorbed, by=by)
    assert not OldAddress.objects.exists()


def test_an_animator_compares_merges_and_undoes(pair: tuple[Organisation, Organisation]) -> None:
    kept, absorbed = pair
    rennes = absorbed.seat
    assert rennes is not None
    Organisation.objects.filter(pk=kept.pk).update(seat=rennes)
    animator, first = UserFactory(), min(pair, key=lambda one: one.pk)
    appoint_animator(user=animator, territory=rennes.region)
    found = DuplicatePair.objects.create(first=kept, second=absorbed, score=90, reasons=["name"])
    client, url = client_of(animator), f"/animation/structures/doublons/{found.pk}/"
    assert client.get("/animation/structures/doublons/").status_code == 200
    choice = {"garder": "1" if first == kept else "2"}
    assert client.get(url, choice).context["preview"].filled
    client.post(url, choice)
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept
    merge = kept.merges.get()
    client.post(f"/animation/structures/doublons/fusions/{merge.uid}/annuler/")
    absorbed.refresh_from_db()
    assert absorbed.merged_into is None


def test_two_regions_or_none_are_an_administrator_s_to_decide() -> None:
    rennes = CommuneFactory()
    centre = DepartmentFactory(code="41", name="Loir-et-Cher", region=RegionFactory(code="24", name="Centre"))
    here, there = OrganisationFactory(seat=rennes), OrganisationFactory(seat=centre)
    nowhere = OrganisationFactory()
    animator, of_both, administrator = UserFactory(), UserFactory(), AdministratorFactory()
    appoint_animator(user=animator, territory=rennes.region)
    for region in (rennes.region, centre.region):
        appoint_animator(user=of_both, territory=region)
    across = DuplicatePair.objects.create(first=here, second=there, score=90)
    unseated = DuplicatePair.objects.create(first=here, second=nowhere, score=90)
    for user, seen in ((animator, set()), (of_both, {across}), (administrator, {across, unseated})):
        assert set(DuplicatePair.objects.visible_to(user)) == seen
    url = f"/animation/structures/doublons/{across.pk}/"
    assert client_of(animator).post(url, {"garder": "1"}).status_code == 404
    merge = merge_organisations(kept=here, absorbed=there, by=administrator)
    undo = f"/animation/structures/doublons/fusions/{merge.uid}/annuler/"
    assert client_of(animator).post(undo).status_code == 404
    for user, seen in ((animator, []), (of_both, [merge]), (administrator, [merge])):
        assert list(MergeLog.objects.visible_to(user)) == seen


def test_a_preview_counts_what_its_reader_may_not_read_without_naming_it() -> None:
    kept, absorbed = OrganisationFactory(), OrganisationFactory()
    OrganisationMessage.objects.create(
        uid=uuid4(), organisation=absorbed, name="A", email="a@b.example", subject="Sujet secret", message="…"
    )
    published = SheetFactory(holder=absorbed)
    draft = SheetFactory(holder=absorbed, title="Brouillon secret", live=False)
    reader = UserFactory()
    relations_seen = preview_merge(kept, absorbed, by=reader).relations
    moved = {row.label: row.moved for row in relations_seen}
    assert moved[str(OrganisationMessage._meta.verbose_name_plural)] == 1
    assert moved[str(type(draft)._meta.verbose_name_plural)] == 2
    named = [example for row in relations_seen for example in row.examples]
    assert published.title in named
    assert not any("secret" in example for example in named)


def test_the_admin_lists_and_offers_no_organisation_that_was_merged_away() -> None:
    kept, absorbed = OrganisationFactory(name="Gardée"), OrganisationFactory(name="Absorbée")
    Organisation.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    client = client_of(AdministratorFactory())
    views = Organisation.snippet_viewset
    addresses = (views.get_url_name("list"), views.chooser_viewset.get_url_name("choose_results"))
    for address in addresses:
        shown = client.get(reverse(address)).content.decode()
        assert (kept.name in shown, absorbed.name in shown) == (True, False), address


def test_a_merge_leaves_no_circle_of_branches() -> None:
    absorbed = OrganisationFactory(name="Tête")
    middle = OrganisationFactory(parent=absorbed)
    kept = OrganisationFactory(name="Base", parent=middle)
    merge = merge_organisations(kept=kept, absorbed=absorbed, by=AdministratorFactory())
    for one in (middle, kept):
        one.refresh_from_db()
    assert (middle.parent, kept.parent) == (None, middle)
    undo_merge(merge=merge, by=AdministratorFactory())
    middle.refresh_from_db()
    assert middle.parent == absorbed
