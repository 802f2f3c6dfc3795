"""One record of every declared kind for one person, with a marker in each of its personal fields.

A kind that is declared and has no maker here fails ``test_every_declared_kind_has_a_record``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
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

from directory.models import (
    ClaimRequest,
    Correction,
    DuplicatePair,
    ImportJob,
    Membership,
    MergeLog,
    OrganisationMessage,
)
from portal.accounts.data_rights.models import Consent, DataExport, Departure, ErasureRequest, InactivityNotice
from portal.accounts.models import EmailChange, KnownDevice, User
from portal.content.models import ContactMessage
from portal.joining.models import DismissedSteps, Invitation, Registration
from portal.mail.models import AddressMark, OutboxMessage
from portal.moderation.models import Report
from portal.notifications.announcements.models import Announcement
from portal.notifications.models import Digest, Event, MailSettings, Notification, Preference, Subscription
from portal.proconnect.models import TrustedDomain
from project_sheets.services import add_lead
from tests.directory.people import full_member
from tests.factories import DocumentFactory, ImageFactory, OrganisationFactory, SheetFactory, UserFactory

#: Stands in every personal field; nothing of the portal says it by itself.
MARKER = "zmarqueur"


def make_person() -> User:
    """Return a member whose account says the marker wherever it can."""
    return UserFactory(
        email=f"{MARKER}@test.example", first_name=f"Prénom{MARKER}", last_name=f"Nom{MARKER}", job_title=f"F{MARKER}"
    )


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


def _profile(user: User) -> Any:
    other = full_member()
    other.delete()
    profile = user.profile
    profile.presentation = f"Présentation{MARKER}"
    profile.phone, profile.contact_email = "+33296123456", f"pro-{MARKER}@test.example"
    profile.photo.save("x.webp", ContentFile(MARKER.encode()), save=False)
    profile.save()
    profile.skills.create(name=f"Compétence {MARKER}", normalized_name=f"competence {MARKER}")
    return profile


def _export(user: User) -> DataExport:
    now = timezone.now()
    export = DataExport(user=user, ready_at=now, expires_at=now + timedelta(days=7))
    export.file.save("x.zip", ContentFile(MARKER.encode()))
    return export


def _mail(user: User, number: str = "1") -> OutboxMessage:
    texts = dict.fromkeys(("subject", "text", "html"), f"Bonjour {MARKER} {user.email}")
    return OutboxMessage.objects.create(
        key=f"mail:{number}", kind="x.y", category="account", to=user.email, message_id=f"<{number}@x>", **texts
    )


def _event(user: User) -> Event:
    kind = ContentType.objects.get_for_model(User)
    return Event.objects.create(kind="x.y", key=str(user.pk), content_type=kind, object_id="1", actor=user)


def _contact(user: User) -> ContactMessage:
    texts = dict.fromkeys(("name", "organisation", "message"), MARKER)
    return ContactMessage.objects.create(email=user.email.upper(), subject="other", **texts)


def _registration(user: User) -> Registration:
    names = {"first_name": MARKER, "last_name": MARKER, "message": MARKER, "proposed_name": MARKER}
    return Registration.objects.create(user=user, email=user.email, job_title=MARKER, **names)


def _invitation(user: User) -> Invitation:
    return Invitation.objects.create(
        email=user.email, first_name=MARKER, last_name=MARKER, expires_at=timezone.now() + timedelta(days=7)
    )


def _editing(user: User) -> EditingSession:
    kind = ContentType.objects.get_for_model(User)
    return EditingSession.objects.create(user=user, content_type=kind, object_id="1", last_seen_at=timezone.now())


def _claim(user: User) -> ClaimRequest:
    texts = {"message": MARKER, "refusal_reason": MARKER, "proof_name": f"{MARKER}.pdf"}
    claim = ClaimRequest(user=user, organisation=OrganisationFactory(), work_email=user.email, **texts)
    claim.proof.save("x.pdf", ContentFile(MARKER.encode()))
    return claim


def _relayed(user: User) -> OrganisationMessage:
    texts = dict.fromkeys(("name", "subject", "message"), MARKER)
    return OrganisationMessage.objects.create(
        uid=uuid4(), organisation=OrganisationFactory(), email=user.email.upper(), **texts
    )


def _import(user: User) -> ImportJob:
    job = ImportJob(owner=user, file_name=f"{MARKER}.csv")
    job.file.save("x.csv", ContentFile(MARKER.encode()))
    return job


def _form_state(user: User) -> FormState:
    kind = ContentType.objects.get_for_model(User)
    return FormState.objects.create(user=user, content_type=kind, object_id="1", last_updated_at=timezone.now())


#: Declared model → what makes one record of it for the person.
MAKERS: dict[str, Callable[[User], Any]] = {
    "announcements.Announcement": lambda user: Announcement.objects.create(author=user, title=MARKER, body=MARKER),
    "accounts.User": lambda user: user,
    "accounts.EmailChange": lambda user: EmailChange.objects.create(
        user=user, old_email=user.email, new_email=f"neuf-{MARKER}@test.example"
    ),
    "accounts.KnownDevice": lambda user: KnownDevice.objects.create(user=user, fingerprint="f", label=MARKER),
    "account.EmailAddress": lambda user: EmailAddress.objects.create(
        user=user, email=f"deux-{MARKER}@test.example", verified=True
    ),
    "mfa.Authenticator": lambda user: Authenticator.objects.create(user=user, type="totp", data={"secret": MARKER}),
    "usersessions.UserSession": lambda user: UserSession.objects.create(
        user=user, session_key="k", user_agent=MARKER, ip="192.0.2.7"
    ),
    "content.ContactMessage": _contact,
    "content.PortalDocument": lambda user: DocumentFactory(uploaded_by_user=user),
    "content.PortalImage": lambda user: ImageFactory(uploaded_by_user=user),
    "data_rights.Consent": lambda user: Consent.objects.create(user=user, subject="charter", version=MARKER),
    "data_rights.DataExport": _export,
    "data_rights.Departure": lambda user: Departure.objects.create(user=user, reason="asked"),
    "data_rights.ErasureRequest": lambda user: ErasureRequest.objects.create(user=user, due_at=timezone.now()),
    "data_rights.InactivityNotice": lambda user: InactivityNotice.objects.create(
        user=user, counted_from=timezone.now(), first_at=timezone.now()
    ),
    "directory.ClaimRequest": _claim,
    "directory.Correction": lambda user: Correction.objects.create(
        author=user, organisation=OrganisationFactory(), message="Le téléphone a changé."
    ),
    "directory.DuplicatePair": lambda user: DuplicatePair.objects.create(
        first=OrganisationFactory(), second=OrganisationFactory(), score=90, decided_by=user
    ),
    "directory.ImportJob": _import,
    "directory.MergeLog": lambda user: MergeLog.objects.create(
        kept=OrganisationFactory(), absorbed=OrganisationFactory(), merged_by=user
    ),
    "directory.OrganisationMessage": _relayed,
    "directory.Membership": lambda user: Membership.objects.create(
        user=user, organisation=OrganisationFactory(), left_at=timezone.now()
    ),
    "directory.Profile": _profile,
    "joining.DismissedSteps": lambda user: DismissedSteps.objects.create(user=user),
    "joining.Invitation": _invitation,
    "joining.Registration": _registration,
    "mail.OutboxMessage": _mail,
    "mail.AddressMark": lambda user: AddressMark.objects.create(
        address=user.email.lower(), reason="bounce", detail=MARKER
    ),
    "moderation.Report": lambda user: Report.objects.create(
        target_kind="x", target_pk="1", title="Contenu", url="/", reporter=user, reason="other", message=MARKER
    ),
    "notifications.Digest": lambda user: Digest.objects.create(
        user=user, rhythm="weekly", period="2026-W11", item_count=1
    ),
    "notifications.Event": _event,
    "notifications.MailSettings": lambda user: MailSettings.objects.create(user=user),
    "notifications.Notification": lambda user: Notification.objects.create(
        event=_event(UserFactory()), user=user, kind="x.y", title=MARKER, reason=MARKER, rhythm="now"
    ),
    "notifications.Preference": lambda user: Preference.objects.create(user=user, kind="x.y", rhythm="now"),
    "notifications.Subscription": lambda user: Subscription.objects.create(
        user=user, content_type=ContentType.objects.get_for_model(User), object_id="1", because=MARKER
    ),
    "proconnect.TrustedDomain": lambda user: TrustedDomain.objects.create(domain="dreets.example", added_by=user),
    "project_sheets.SheetLead": lambda user: add_lead(sheet=SheetFactory(live=False), user=user),
    "socialaccount.SocialAccount": lambda user: SocialAccount.objects.create(
        user=user, provider="proconnect", uid=MARKER, extra_data={"email": f"{MARKER}@test.example"}
    ),
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

#: Libraries whose tables the portal replaces by its own: no row is ever written there.
REPLACED = frozenset({"wagtailimages.Image", "wagtaildocs.Document"})


def make_everything(user: User) -> dict[str, Any]:
    """Give ``user`` one record of every kind that a person has; a departure comes last, of itself."""
    return {label: make(user) for label, make in MAKERS.items() if label != "data_rights.Departure"}
