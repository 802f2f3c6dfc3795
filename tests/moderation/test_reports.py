"""Reporting something, deciding on it, and what is written of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from directory.models import Organisation
from portal.accounts.models import User
from portal.moderation.enums import ReportReason, ReportState
from portal.moderation.models import Report
from portal.moderation.reports import Reportable, reportables
from portal.moderation.selectors import open_count, reported_things
from portal.moderation.services import NotModeratedError, decide_reports, forget_old_reports, report_thing
from portal.taxonomy.models import Territory
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.taxonomy import RegionFactory
from tests.support.queries import assert_constant_queries

pytestmark = pytest.mark.django_db

QUEUE = "/animation/moderation/"


@pytest.fixture(autouse=True)
def _fresh(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def region() -> Territory:
    return RegionFactory()


@pytest.fixture
def things(region: Territory, monkeypatch: pytest.MonkeyPatch) -> Reportable:
    """Let organisations be reported here, whatever the directory declares; hiding takes them off the list."""

    def hide(thing: Organisation, *, by: User, reason: str) -> None:
        Organisation.objects.filter(pk=thing.pk).update(is_listed=False)

    declared = Reportable(
        "directory.Organisation",
        "Structure",
        visible=Organisation.objects.visible_to,
        url=lambda thing: thing.get_absolute_url(),
        region_id=lambda thing: region.pk,
        hide=hide,
    )
    monkeypatch.setitem(reportables._entries, declared.slug, declared)
    return declared


@pytest.fixture
def thing() -> Organisation:
    return OrganisationFactory(name="Structure signalée")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def address(declared: Reportable, thing: Organisation) -> str:
    return f"/signaler/{declared.slug}/{thing.pk}/"


def made(declared: Reportable, thing: Organisation, reporter: User | None = None) -> Report:
    return report_thing(
        declared=declared,
        thing=thing,
        reporter=reporter or UserFactory(),
        reason=ReportReason.ADVERTISING,
        message="Que de la publicité.",
    )


def test_a_reader_reports_and_is_thanked(things, thing, region) -> None:
    reader = UserFactory()
    client = signed_in(reader)
    page = client.get(address(things, thing)).content.decode()
    assert "Structure signalée" in page
    response = client.post(address(things, thing), {"reason": "charter", "message": ""}, follow=True)
    assert response.redirect_chain == [(thing.get_absolute_url(), 302)]
    assert "Merci, l’équipe est prévenue." in response.content.decode()
    report = Report.objects.get()
    assert (report.reporter, report.region, report.state) == (reader, region, ReportState.OPEN)


def test_a_visitor_may_report_too(things, thing) -> None:
    assert Client().post(address(things, thing), {"reason": "illegal"}).status_code == 302
    assert Report.objects.get().reporter is None


def test_the_same_reader_reports_a_thing_once(things, thing) -> None:
    client = signed_in(UserFactory())
    for _again in range(2):
        client.post(address(things, thing), {"reason": "charter"})
    assert Report.objects.count() == 1


def test_a_form_sent_twice_is_one_report(things, thing) -> None:
    values = {"reason": "charter", "uid": "8c1a2b74-3a0e-4a5f-9b0e-0f6f1d2c3b4a"}
    for _again in range(2):
        assert Client().post(address(things, thing), values).status_code == 302
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": ""}, "id_reason_error"),
        ({"reason": "nonsense"}, "nonsense"),
        ({"reason": "other", "message": ""}, "Dites en quelques mots ce qui ne va pas."),
        ({"reason": "charter", "message": "x" * 1_001}, "xxxxx"),
        ({"reason": "charter", "message": "a\x00b"}, "Le caractère nul"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_what_was_typed(things, thing, values, error) -> None:
    response = Client().post(address(things, thing), {"message": "Deux lignes tapées", **values})
    page = response.content.decode()
    assert response.status_code == 200
    assert error in page
    if "message" not in values:
        assert "Deux lignes tapées" in page
    assert not Report.objects.exists()


def test_what_cannot_be_read_cannot_be_reported(things, thing) -> None:
    Organisation.objects.update(is_listed=False)
    assert Client().get(address(things, thing)).status_code == 404
    for path in ("/signaler/nothing/1/", f"/signaler/{things.slug}/x/", f"/signaler/{things.slug}/{'9' * 40}/"):
        assert Client().get(path).status_code == 404


def test_reports_are_limited_by_the_hour(things) -> None:
    client = signed_in(UserFactory())
    answers = [client.post(address(things, OrganisationFactory()), {"reason": "charter"}) for _n in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_the_queue_groups_the_reports_of_a_thing(things, thing, region) -> None:
    for _n in range(2):
        made(things, thing)
    made(things, OrganisationFactory(name="Autre structure"))
    animator = AnimatorFactory(region=region)
    assert [len(one.reports) for one in reported_things(animator)] == [2, 1]
    assert open_count(animator) == 2
    page = signed_in(animator).get(QUEUE).content.decode()
    assert "2 signalements" in page
    assert "Modération (2)" in page


def test_the_queue_costs_the_same_with_one_and_three(things, region) -> None:
    client = signed_in(AnimatorFactory(region=region))
    assert_constant_queries(
        add_row=lambda: made(things, OrganisationFactory()), call=lambda: client.get(QUEUE), budget=21
    )


def test_deciding_closes_all_tells_and_is_written_down(things, thing, region) -> None:
    reports = [made(things, thing) for _n in range(2)]
    animator = AnimatorFactory(region=region)
    client = signed_in(animator)
    values = {"state": "upheld", "hides": "on", "decision": "Publicité contraire à la charte."}
    response = client.post(f"{QUEUE}{reports[0].uid}/", values, follow=True)
    assert "2 signalements sont clos." in response.content.decode()
    assert set(Report.objects.values_list("state", "decided_by")) == {("upheld", animator.pk)}
    thing.refresh_from_db()
    assert not thing.is_listed
    entry = ModelLogEntry.objects.get(action="moderation.upheld")
    assert (entry.user_id, entry.data["reason"], entry.data["hidden"]) == (animator.pk, values["decision"], True)
    journal = client.get("/animation/journal/").content.decode()
    assert values["decision"] in journal
    # Again: somebody else's window.
    again = client.post(f"{QUEUE}{reports[0].uid}/", values, follow=True)
    assert "Rien n’a changé." in again.content.decode()


def test_nothing_is_withdrawn_that_is_not_to_blame(things, thing, region) -> None:
    report = made(things, thing)
    values = {"state": "dismissed", "hides": "on", "decision": "Rien à redire."}
    page = signed_in(AnimatorFactory(region=region)).post(f"{QUEUE}{report.uid}/", values).content.decode()
    assert "Un contenu sans reproche reste en ligne." in page
    report.refresh_from_db()
    assert report.state == ReportState.OPEN


def test_another_region_reads_and_decides_nothing(things, thing) -> None:
    report = made(things, thing)
    stranger = AnimatorFactory(region=RegionFactory(code="24", name="Centre-Val de Loire"))
    client = signed_in(stranger)
    assert "Structure signalée" not in client.get(QUEUE).content.decode()
    assert client.get(f"{QUEUE}{report.uid}/").status_code == 404
    with pytest.raises(NotModeratedError):
        decide_reports(report=report, by=stranger, state=ReportState.UPHELD, decision="Non.")
    decide_reports(report=report, by=AdministratorFactory(), state=ReportState.DISMISSED, decision="Le motif caché.")
    assert "Le motif caché." not in client.get("/animation/journal/").content.decode()


def test_old_decisions_are_forgotten(things, thing) -> None:
    report = made(things, thing)
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.DISMISSED, decided_at=timezone.now() - timedelta(days=366)
    )
    made(things, thing)
    assert forget_old_reports() == 1
    assert Report.objects.count() == 1
