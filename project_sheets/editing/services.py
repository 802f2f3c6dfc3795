"""Writes of the editing of sheets."""

from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, Revision, TaskState

from directory.models import Organisation
from portal.accounts.models import User
from portal.content.models import PortalImage
from portal.mail.services import queue_mail
from project_sheets.editing.selectors import draft_of, organisations_acted_for
from project_sheets.enums import EventKind
from project_sheets.links import absolute
from project_sheets.models import (
    ProjectSheetPage,
    RegionIndexPage,
    SheetDocument,
    SheetEvent,
    SheetInvitation,
    SheetLead,
    SheetPhoto,
)
from project_sheets.services import add_lead

#: Savings of one person within this time are one version: the history shows work, not key strokes.
ONE_VERSION = timedelta(minutes=30)
MAX_DOCUMENTS, MAX_PHOTOS = 30, 20


class LockedError(Exception):
    """The sheet cannot be written now: its region's team reads it, or its publication is planned."""


class LastLeadError(Exception):
    """The sheet would be left without anybody."""


def record(
    *, sheet: ProjectSheetPage, kind: str, by: User | None, on_behalf_of: Organisation | None = None, text: str = ""
) -> SheetEvent:
    """Write one step in the journal of a sheet."""
    return SheetEvent.objects.create(sheet=sheet, kind=EventKind(kind), by=by, on_behalf_of=on_behalf_of, text=text)


@transaction.atomic
def create_sheet(*, region: RegionIndexPage, title: str, holder: Organisation, user: User) -> ProjectSheetPage:
    """Begin a sheet that ``user`` looks after; nobody else sees it but its region's team. For members.

    Any organisation may be named as its holder; only those who write for it act in its name.
    """
    sheet = ProjectSheetPage(title=title, holder=holder, live=False, has_unpublished_changes=True, owner=user)
    region.add_child(instance=sheet)
    sheet.save_revision(user=user, clean=False, log_action="wagtail.create")
    add_lead(sheet=sheet, user=user)
    own = holder if holder in organisations_acted_for(user) else None
    record(sheet=sheet, kind=EventKind.CREATED, by=user, on_behalf_of=own)
    return sheet


def hold(sheet: ProjectSheetPage) -> ProjectSheetPage:
    """Return the sheet as it is now, held until the end of the transaction: two savings wait for each other."""
    return ProjectSheetPage.objects.select_for_update(of=("self",)).get(pk=sheet.pk)


def ensure_writable(*, sheet: ProjectSheetPage, user: User) -> None:
    """Raise LockedError when ``user`` may not write the sheet for the time being."""
    lock = sheet.get_lock()
    if lock is not None and lock.for_user(user):
        raise LockedError


def save_draft(*, draft: ProjectSheetPage, user: User) -> Revision:
    """Save ``draft`` as the latest version of its sheet, unchecked: it is checked when it is submitted.

    Continues the version of the same person where it is young, and replaces nothing that somebody
    has read: neither the published version nor one that was submitted. In the caller's transaction,
    after ``hold``. Raises LockedError.
    """
    ensure_writable(sheet=draft, user=user)
    latest = draft.latest_revision
    continued = latest if latest is not None and _is_continued(draft, latest, user) else None
    return draft.save_revision(user=user, clean=False, log_action=True, overwrite_revision=continued)


def _is_continued(draft: ProjectSheetPage, latest: Revision, user: User) -> bool:
    if latest.user_id != user.pk or latest.pk == draft.live_revision_id or latest.approved_go_live_at:
        return False
    if timezone.now() - latest.created_at > ONE_VERSION:
        return False
    return not TaskState.objects.filter(revision=latest).exists()


@transaction.atomic
def add_document(*, sheet: ProjectSheetPage, user: User, file: UploadedFile, title: str, kind: str) -> bool:
    """Put a checked file in the draft; False where there are too many already. Raises LockedError."""
    draft = draft_of(hold(sheet))
    if draft.documents.count() >= MAX_DOCUMENTS:
        return False
    document = SheetDocument(title=title, kind=kind, file=file, sort_order=draft.documents.count())
    document.clean()
    # A revision holds the name of a stored file, never the file: it is stored now.
    document.file.save(file.name or "document", file, save=False)
    draft.documents.add(document)
    save_draft(draft=draft, user=user)
    return True


@transaction.atomic
def add_photo(
    *, sheet: ProjectSheetPage, user: User, file: UploadedFile, alt: str, credit: str, has_consent: bool
) -> bool:
    """Put a picture, drawn anew, in the draft; False where there are too many already. Raises LockedError."""
    draft = draft_of(hold(sheet))
    if draft.photos.count() >= MAX_PHOTOS:
        return False
    title = alt or draft.title
    image = PortalImage.objects.create(
        title=title[:255],
        description=alt,
        credit=credit,
        file=file,
        uploaded_by_user=user,
        collection=Collection.get_first_root_node(),
    )
    draft.photos.add(SheetPhoto(image=image, alt=alt, has_consent=has_consent, sort_order=draft.photos.count()))
    save_draft(draft=draft, user=user)
    return True


@transaction.atomic
def restore_version(*, sheet: ProjectSheetPage, revision: Revision, user: User) -> Revision:
    """Make an older version the draft again; the newer ones stay in the history. Raises LockedError."""
    held = hold(sheet)
    ensure_writable(sheet=held, user=user)
    restored = revision.as_object()
    saved = restored.save_revision(user=user, clean=False, log_action=True, previous_revision=revision)
    record(sheet=held, kind=EventKind.RESTORED, by=user)
    return saved


@transaction.atomic
def invite_colleague(
    *, sheet: ProjectSheetPage, by: User, email: str, hands_over: bool, on_behalf_of: Organisation | None
) -> SheetInvitation | None:
    """Ask somebody to look after the sheet, with ``by`` or in their place; None where they do already.

    A second invitation of the same person mails nothing more: the open one becomes what was asked for
    last. For the people who look after the sheet.
    """
    hold(sheet)
    email = email.strip().lower()
    if sheet.leads.filter(user__email__iexact=email).exists():
        return None
    if existing := sheet.invitations.open().filter(email__iexact=email).first():
        # Nobody gives up another's place, nor takes back that another gives up theirs.
        if hands_over or existing.invited_by_id == by.pk:
            existing.hands_over, existing.invited_by, existing.on_behalf_of = hands_over, by, on_behalf_of
            existing.save(update_fields=["hands_over", "invited_by", "on_behalf_of"])
        return existing
    invitation = SheetInvitation.objects.create(
        sheet=sheet, email=email, invited_by=by, hands_over=hands_over, on_behalf_of=on_behalf_of
    )
    queue_mail(
        "project_sheets.invitation",
        to=email,
        key=f"sheets:invitation:{invitation.uid}",
        context={
            "inviter": str(by),
            "organisation": on_behalf_of.name if on_behalf_of else "",
            "title": sheet.draft_title,
            "hands_over": hands_over,
        },
        url=absolute("sheet_editing:invitation", invitation.uid),
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: SheetInvitation) -> None:
    """Close an invitation that nobody has accepted; for the people who look after the sheet."""
    SheetInvitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())


@transaction.atomic
def accept_invitation(*, invitation: SheetInvitation, user: User) -> bool:
    """Make ``user`` look after the sheet, in the place of the inviter where it is handed over.

    Only the owner of the invited address may call this. False when the invitation is closed.
    """
    held = SheetInvitation.objects.select_for_update().select_related("sheet").get(pk=invitation.pk)
    if not held.is_open:
        return False
    add_lead(sheet=held.sheet, user=user)
    record(sheet=held.sheet, kind=EventKind.LEAD_ADDED, by=user, text=str(user))
    if held.hands_over:
        gone, _by_model = SheetLead.objects.filter(sheet=held.sheet, user=held.invited_by).delete()
        if gone:
            _close_invitations_of(held.sheet, held.invited_by, but=held)
            record(sheet=held.sheet, kind=EventKind.LEAD_LEFT, by=held.invited_by, text=str(held.invited_by))
    held.accepted_at = timezone.now()
    held.save(update_fields=["accepted_at"])
    return True


@transaction.atomic
def remove_lead(*, lead: SheetLead, by: User) -> None:
    """Stop somebody from looking after a sheet: themselves, or by another of its leads.

    The invitations that they have sent close. Raises LastLeadError when nobody would be left.
    """
    hold(lead.sheet)
    others = lead.sheet.leads.exclude(pk=lead.pk).filter(user__is_active=True)
    if not others.exists():
        raise LastLeadError
    _close_invitations_of(lead.sheet, lead.user)
    record(sheet=lead.sheet, kind=EventKind.LEAD_LEFT, by=by, text=str(lead.user))
    lead.delete()


def _close_invitations_of(sheet: ProjectSheetPage, user: User, but: SheetInvitation | None = None) -> None:
    """Withdraw what ``user`` has sent: who no longer looks after a sheet lets nobody in."""
    sent = sheet.invitations.open().filter(invited_by=user).exclude(pk=but.pk if but else None)
    sent.update(withdrawn_at=timezone.now())
