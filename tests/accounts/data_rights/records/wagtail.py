"""What Wagtail keeps of those who write pages."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import (
    APIToken,
    Comment,
    CommentReply,
    ModelLogEntry,
    Page,
    PageLogEntry,
    PageSubscription,
    TaskState,
    UploadedFile,
    WorkflowState,
)
from wagtail.users.models import UserProfile

from portal.accounts.models import User
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories import SheetFactory, UserFactory


def _in_journal(user: User) -> Any:
    kind = ContentType.objects.get_for_model(User)
    line = {"content_type": kind, "object_id": str(user.pk), "label": str(user), "action": "wagtail.edit"}
    return ModelLogEntry.objects.create(**line, user=user, timestamp=timezone.now(), data={"name": str(user)})


def _page(user: User) -> Page:
    sheet = SheetFactory()
    Page.objects.filter(pk=sheet.pk).update(owner=user)
    return Page.objects.get(pk=sheet.pk)


def _comment(user: User) -> Comment:
    return Comment.objects.create(page=SheetFactory(), user=user, text="Un avis", contentpath="title")


def _workflow_state(user: User) -> WorkflowState:
    sheet = SheetFactory()
    return sheet.get_parent().specific.get_workflow().start(sheet, user)


def _task_state(user: User) -> TaskState:
    state = _workflow_state(UserFactory()).current_task_state
    state.finished_by = user
    state.save()
    return state


def _editing(user: User) -> EditingSession:
    kind = ContentType.objects.get_for_model(User)
    return EditingSession.objects.create(user=user, content_type=kind, object_id="1", last_seen_at=timezone.now())


def _form_state(user: User) -> FormState:
    kind = ContentType.objects.get_for_model(User)
    return FormState.objects.create(user=user, content_type=kind, object_id="1", last_updated_at=timezone.now())


MAKERS: Makers = {
    "wagtailadmin.EditingSession": _editing,
    "wagtailadmin.FormState": _form_state,
    "wagtailcore.APIToken": lambda user: APIToken.objects.create(user=user, name=MARKER),
    "wagtailcore.Comment": _comment,
    "wagtailcore.CommentReply": lambda user: CommentReply.objects.create(
        comment=_comment(UserFactory()), user=user, text="Une réponse"
    ),
    "wagtailcore.ModelLogEntry": _in_journal,
    "wagtailcore.Page": _page,
    "wagtailcore.PageLogEntry": lambda user: PageLogEntry.objects.create(
        page=SheetFactory(),
        user=user,
        timestamp=timezone.now(),
        content_type=ContentType.objects.get_for_model(Page),
        label="Une fiche",
        action="wagtail.edit",
    ),
    "wagtailcore.PageSubscription": lambda user: PageSubscription.objects.create(
        page=SheetFactory(), user=user, comment_notifications=True
    ),
    "wagtailcore.Revision": lambda user: SheetFactory().save_revision(user=user),
    "wagtailcore.TaskState": _task_state,
    "wagtailcore.UploadedFile": lambda user: UploadedFile.objects.create(
        uploaded_by_user=user, file=ContentFile(MARKER.encode(), name="x.txt")
    ),
    "wagtailcore.WorkflowState": _workflow_state,
    "wagtailusers.UserProfile": lambda user: UserProfile.objects.get_or_create(user=user)[0],
}
