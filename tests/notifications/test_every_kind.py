"""Every declared kind: what its person may no longer see is told by no mail, whichever way it would leave."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from agenda.models import Event as AgendaEvent
from directory.enums import ClaimState
from directory.models import ClaimRequest, Correction, Membership
from forum.community.enums import Access
from forum.community.models import Message, Sanction, Space
from forum.machina_apps.forum_conversation.models import Post
from portal.accounts.models import User
from portal.content.models import NewsPage, ResourcePage
from portal.mail.delivery import deliver_due
from portal.mail.enums import MailStatus
from portal.mail.models import OutboxMessage
from portal.moderation.models import Report
from portal.notifications.announcements.models import Announcement
from portal.notifications.digests import send_digests
from portal.notifications.enums import EventState, MailState, Rhythm, Why
from portal.notifications.kinds import notification_kinds
from portal.notifications.mailing import send_due
from portal.notifications.models import Event, Notification
from project_sheets.models import ProjectSheetPage, SheetLead
from tests.factories.content import NewsPageFactory, ResourcePageFactory
from tests.notifications.support import tomorrow
from tests.support.world import World, standing_world

#: The same rules on both databases, which share the time.
pytestmark = pytest.mark.only_on("sqlite")


@dataclass(frozen=True)
class Case:
    """Who is told, of what, and what takes it out of their sight; ``prepare`` makes it tellable first."""

    role: str
    about: Callable[[World], Any]
    hide: Callable[[World], object]
    data: Callable[[World], dict[str, Any]] = field(default=lambda world: {})
    prepare: Callable[[World], object] = field(default=lambda world: None)


def _no_animator(world: World) -> None:
    world.users["animator"].groups.clear()


def _no_lead(world: World) -> None:
    SheetLead.objects.filter(user=world.users["lead"]).delete()


def _offline(world: World) -> None:
    ProjectSheetPage.objects.filter(pk=world.sheet.pk).update(live=False)


def _to_circle(world: World) -> None:
    Space.objects.filter(slug="membres-essai").update(access=Access.CIRCLE, circle="laureates:none")


def _another(model: Any, name: str) -> Callable[[World], object]:
    """Return what makes all objects of ``model`` somebody else's."""
    return lambda world: model.objects.update(**{name: world.users["other_lead"]})


def _members_answer(world: World) -> Message:
    topic = world.things["members_discussion"].topic
    return Message.objects.get(post__topic=topic, post__poster=world.users["editor"])


def _waiting(world: World) -> Message:
    return Message.objects.get(post__topic=world.things["waiting"].topic)


def _of_members(world: World) -> AgendaEvent:
    return AgendaEvent.objects.get(title="Zsecretmembersevent")


def _draft_event(world: World) -> None:
    AgendaEvent.objects.update(status="draft")


def _manager(world: World) -> None:
    Membership.objects.filter(pk=world.place.pk).update(role=Membership.Role.MANAGER)


def _no_place(world: World) -> None:
    Membership.objects.filter(pk=world.place.pk).delete()


def _sheet_since(world: World) -> dict[str, Any]:
    from project_sheets.living.selectors import fresh_since

    return {"since": str(fresh_since(ProjectSheetPage.objects.get(pk=world.sheet.pk)))}


def _page_since(world: World) -> dict[str, Any]:
    world.organisation.refresh_from_db()
    return {"since": str(world.organisation.confirmed_at)}


CASES: dict[str, Case] = {
    "sheet.submitted": Case("animator", lambda world: world.draft, _no_animator),
    "sheet.approved": Case("lead", lambda world: world.draft, _no_lead),
    "sheet.rejected": Case("lead", lambda world: world.draft, _no_lead),
    "sheet.published": Case("member", lambda world: world.sheet, _offline),
    "sheet.updated": Case("member", lambda world: world.sheet, _offline),
    "sheet.still_true": Case("lead", lambda world: world.sheet, _no_lead, data=_sheet_since),
    "directory.claim": Case("animator", lambda world: world.things["claim"], _no_animator),
    "directory.claim_decided": Case(
        "member",
        lambda world: world.things["claim"],
        _another(ClaimRequest, "user"),
        prepare=lambda world: ClaimRequest.objects.update(state=ClaimState.APPROVED),
    ),
    "directory.correction": Case("animator", lambda world: Correction.objects.get(), _no_animator),
    "directory.still_right": Case(
        "editor", lambda world: world.organisation, _no_place, data=_page_since, prepare=_manager
    ),
    "moderation.reported": Case("animator", lambda world: world.things["report"], _no_animator),
    "moderation.decided": Case("member", lambda world: world.things["report"], _another(Report, "reporter")),
    "forum.question": Case("member", lambda world: world.things["members_discussion"], _to_circle),
    "forum.answer": Case("member", _members_answer, _to_circle),
    "forum.mention": Case("member", _members_answer, _to_circle),
    "forum.helped": Case("member", _members_answer, _to_circle),
    "forum.unanswered": Case("member", lambda world: world.things["members_discussion"], _to_circle),
    "forum.unanswered_animator": Case(
        "animator",
        lambda world: world.things["members_discussion"],
        lambda world: (_to_circle(world), _no_animator(world)),
    ),
    "forum.to_moderate": Case("animator", _waiting, _no_animator),
    "joining.request": Case("animator", lambda world: world.things["request"], _no_animator),
    "content.news": Case("member", lambda world: NewsPageFactory(), lambda world: NewsPage.objects.update(live=False)),
    "content.resource": Case(
        "member", lambda world: ResourcePageFactory(), lambda world: ResourcePage.objects.update(live=False)
    ),
    "forum.resource": Case(
        "administrator",
        lambda world: world.draft,
        lambda world: ProjectSheetPage.objects.filter(pk=world.draft.pk).update(live=True),
    ),
    "forum.decision": Case("lead", _waiting, _another(Post, "poster"), data=lambda world: {"decision": "refused"}),
    "forum.sanction": Case("anonymous", lambda world: world.things["suspension"], _another(Sanction, "user")),
    "event.submitted": Case("animator", lambda world: world.things["agenda"]["draft"], _no_animator),
    "event.returned": Case("editor", lambda world: world.things["agenda"]["draft"], _no_place),
    "event.published": Case("member", _of_members, _draft_event),
    "event.announced": Case("member", _of_members, _draft_event),
    "search.alert": Case(
        "member",
        lambda world: world.things["saved_search"],
        _offline,
        data=lambda world: {"keys": [f"sheet:{world.sheet.pk}"]},
    ),
    "announcements.announcement": Case(
        "member",
        lambda world: world.things["announcement"],
        lambda world: Announcement.objects.update(state="draft"),
    ),
}


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """One portal with every kind of thing in it."""
    with standing_world(django_db_blocker) as made:
        Notification.objects.all().delete()
        OutboxMessage.objects.all().delete()
        yield made


def test_every_declared_kind_has_its_case() -> None:
    declared = {kind.key for kind in notification_kinds if not kind.key.startswith("tests.")}
    assert declared == set(CASES)


def _decided(key: str, case: Case, world: World, user: User) -> list[Notification]:
    """Write the decisions of a moment at which the person still saw it: a mail at once, and one of a summary."""
    about = case.about(world)
    mandatory = notification_kinds.get(key).mandatory
    rows = []
    for rhythm in (Rhythm.NOW,) if mandatory else (Rhythm.NOW, Rhythm.DAILY):
        event = Event.objects.create(
            kind=key,
            key=f"{key}:{rhythm}",
            content_type=ContentType.objects.get_for_model(about),
            object_id=str(about.pk),
            data=case.data(world),
            state=EventState.DONE,
        )
        rows.append(
            Notification.objects.create(
                event=event,
                user=user,
                kind=key,
                title="Titre",
                url="/",
                group=f"essai:{rhythm}",
                reason="Essai",
                rhythm=rhythm,
                # Chosen for this person alone: such a rhythm stays, whatever the kind's.
                why=Why.MANDATORY if mandatory else Why.SUBSCRIPTION,
                mail_state=MailState.PENDING,
                mail_due_at=timezone.now(),
            )
        )
    return rows


@pytest.mark.parametrize("stage", ["in the ledger", "in the outbox"])
@pytest.mark.parametrize("key", CASES)
def test_what_became_invisible_is_not_told(key: str, stage: str, standing: World, db: None) -> None:
    case, due = CASES[key], tomorrow()
    case.prepare(standing)
    user = User.objects.get(email=f"{case.role}@test.example")
    rows = _decided(key, case, standing, user)
    if stage == "in the outbox":
        assert send_due() + send_digests(now=due) == len(rows), "what is visible is told"
    OutboxMessage.objects.update(next_attempt_at=timezone.now())
    case.hide(standing)
    assert send_due() + send_digests(now=due) == 0
    assert deliver_due() == 0
    assert set(OutboxMessage.objects.values_list("status", flat=True)) <= {MailStatus.CANCELLED}
    told = Notification.objects.filter(pk__in=[row.pk for row in rows]).values_list("mail_state", "why")
    assert set(told) == {(MailState.CANCELLED, Why.WITHDRAWN)}
