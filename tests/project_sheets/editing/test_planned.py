"""A new version that was accepted for a day to come."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import User
from portal.core.dates import format_day
from project_sheets.review import services
from project_sheets.review.planned import publish_planned_sheets
from tests.project_sheets.editing.conftest import Desk, Mails, client_of, decide

WHEN = "%Y-%m-%dT%H:%M"


def test_a_publication_can_be_planned(submitted: Desk, animator: User, mails: Mails) -> None:
    later = timezone.localtime(timezone.now() + timedelta(days=3))
    past = timezone.localtime(timezone.now() - timedelta(days=1))
    assert decide(client_of(animator), "approve", submitted.sheet, publish_at=past.strftime(WHEN)).status_code == 422
    assert decide(client_of(animator), "approve", submitted.sheet, publish_at=later.strftime(WHEN)).status_code == 302
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Ce que lit chaque visiteur."
    assert len(mails("scheduled")) == 1
    publish_planned_sheets()
    assert not mails("published")
    submitted.sheet.revisions.exclude(approved_go_live_at=None).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    # The moment has come: what the revision itself says is the moment before.
    revision = submitted.sheet.revisions.exclude(approved_go_live_at=None).get()
    revision.content["go_live_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    revision.save(update_fields=["content"])
    publish_planned_sheets()
    submitted.sheet.refresh_from_db()
    assert submitted.sheet.summary == "Le nouveau résumé."
    assert len(mails("published")) == 1
    publish_planned_sheets()
    assert len(mails("published")) == 1


@pytest.fixture
def planned(submitted: Desk, animator: User) -> Desk:
    """The same, accepted for in three days."""
    later = timezone.now() + timedelta(days=3)
    services.approve_sheet(sheet=submitted.sheet, by=animator, publish_at=later)
    return submitted


def test_a_planned_publication_is_put_off_from_the_site(planned: Desk, animator: User, mails: Mails) -> None:
    team, sheet = client_of(animator), planned.sheet
    later = timezone.localtime(timezone.now() + timedelta(days=10)).replace(second=0, microsecond=0)
    past = decide(team, "plan", sheet, publish_at=f"{timezone.localtime(timezone.now()) - timedelta(hours=1):{WHEN}}")
    assert past.status_code == 422
    assert "Ce moment est passé" in past.content.decode()
    assert decide(team, "plan", sheet, publish_at="").status_code == 422
    assert decide(team, "plan", sheet, publish_at=f"{later:{WHEN}}").status_code == 302
    shown = f"{later:%H:%M}"
    for page in (
        team.get(reverse("sheet_review:detail", args=[sheet.uid])),
        team.get(reverse("sheet_review:list")),
        planned.client.get(planned.url("overview")),
        planned.client.get(planned.url("step", "identite")),
        planned.client.get(reverse("sheet_editing:list")),
    ):
        assert format_day(later) in page.content.decode()
        assert shown in page.content.decode()
    assert shown in mails("scheduled")[-1].text
    assert len(mails("scheduled")) == 2
    # What Wagtail publishes by is the new moment, in the version itself too.
    revision = sheet.revisions.get(approved_go_live_at=later)
    assert revision.as_object().go_live_at == later


def test_a_planned_publication_is_done_at_once(planned: Desk, animator: User, mails: Mails) -> None:
    assert client_of(animator).post(reverse("sheet_review:publish_now", args=[planned.sheet.uid])).status_code == 302
    planned.sheet.refresh_from_db()
    assert planned.sheet.summary == "Le nouveau résumé."
    assert len(mails("published")) == 1
    assert not planned.sheet.revisions.exclude(approved_go_live_at=None).exists()
    again = client_of(animator).post(reverse("sheet_review:publish_now", args=[planned.sheet.uid]), follow=True)
    assert "n’est plus prévue" in again.content.decode()
    assert len(mails("published")) == 1


def test_a_planned_publication_is_called_off_for_a_reason(planned: Desk, animator: User, mails: Mails) -> None:
    team, sheet = client_of(animator), planned.sheet
    assert decide(team, "call_off", sheet, text="").status_code == 422
    assert decide(team, "call_off", sheet, text="Le ministre vient lundi.").status_code == 302
    (mail,) = mails("called_off")
    assert (mail.to, "Le ministre vient lundi." in mail.text) == (planned.user.email, True)
    assert "/admin/" not in mail.text + mail.html
    assert "Le ministre vient lundi." in planned.client.get(planned.url("overview")).content.decode()
    publish_planned_sheets()
    sheet.refresh_from_db()
    assert sheet.summary == "Ce que lit chaque visiteur."
    # Its writers have it again, and propose it again.
    assert planned.save("identite", summary="Un résumé d’après.").status_code == 302
    assert planned.client.post(planned.url("submit"), {"note": ""}).status_code == 302
    decide(team, "approve", sheet)
    sheet.refresh_from_db()
    assert sheet.summary == "Un résumé d’après."
