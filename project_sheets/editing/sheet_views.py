"""What is done with a sheet besides writing it: propose it, preview it, look back, share the work."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import Comment

from portal.accounts.rules import is_member
from portal.core.throttle import take_turn
from project_sheets.editing import services
from project_sheets.editing.access import account, sheet_to_edit
from project_sheets.editing.completeness import completeness_of
from project_sheets.editing.differences import differences_between
from project_sheets.editing.forms import ColleagueForm, SubmitForm
from project_sheets.editing.presentation import (
    clock,
    criterion_links,
    day_and_hour,
    saved_line,
    state_badges,
    step_links,
)
from project_sheets.editing.selectors import (
    draft_of,
    leads_with_accounts,
    looks_after,
    organisations_acted_for,
    state_of,
    versions_of,
)
from project_sheets.editing.steps import STEPS
from project_sheets.models import ProjectSheetPage, SheetDocument, SheetInvitation
from project_sheets.review import services as review
from project_sheets.selectors import MembersPart, SheetPresentation
from project_sheets.views import sheet_context

READ_OR_POST = ["GET", "HEAD", "POST"]
VERSIONS_PER_PAGE = 20
INVITATIONS_A_DAY = 20


@require_http_methods(READ_OR_POST)
@login_required
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Check the whole draft, and hand it to the region's team."""
    sheet = sheet_to_edit(request, uid)
    organisations = organisations_acted_for(request.user, sheet)
    form = SubmitForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if request.method != "POST":
        return _submit_page(request, sheet, form)
    if not form.is_valid():
        return _submit_page(request, sheet, form, status=422)
    cleaned = form.cleaned_data
    try:
        review.submit_sheet(
            sheet=sheet, user=account(request), on_behalf_of=cleaned.get("on_behalf_of"), note=cleaned["note"]
        )
    except review.NotReadyError:
        return _submit_page(request, sheet, form, status=422)
    except review.AlreadyDoneError:
        messages.info(request, _("This sheet is in review already."))
    else:
        messages.success(request, _("Your sheet is in review: its region’s team has been told, and will answer you."))
    return redirect("sheet_editing:overview", sheet.uid)


def _submit_page(request: HttpRequest, sheet: ProjectSheetPage, form: SubmitForm, status: int = 200) -> HttpResponse:
    draft = draft_of(sheet)
    completeness, state = completeness_of(draft), state_of(sheet)
    labels = {one.slug: one.label for one in STEPS}
    problems = [
        {
            "message": problem.message[:1].upper() + problem.message[1:],
            "step": labels.get(problem.step, ""),
            "url": reverse("sheet_editing:step", args=[sheet.uid, problem.step]),
        }
        for problem in review.what_blocks(draft)
    ]
    context = {
        "sheet": sheet,
        "title": draft.title,
        "state": state,
        "badges": state_badges(state),
        "planned_for": day_and_hour(state.publish_at),
        "form": form,
        "problems": problems,
        "completeness": completeness,
        "advised": criterion_links(sheet, completeness.advised),
        "steps": step_links(sheet, completeness),
        "saved": saved_line(sheet.latest_revision_created_at),
        "region": sheet.get_parent().title,
    }
    return render(request, "project_sheets/editing/submit.html", context, status=status)


@require_POST
@login_required
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take the draft back from the region's team."""
    sheet = sheet_to_edit(request, uid)
    try:
        review.withdraw_sheet(sheet=sheet, user=account(request))
    except review.AlreadyDoneError:
        messages.info(request, _("This sheet is no longer in review."))
    else:
        messages.success(request, _("You have taken the sheet back: go on writing it, then propose it again."))
    return redirect("sheet_editing:overview", sheet.uid)


class _DraftFile:
    """A file of a draft, at the address that serves it to those who write the sheet."""

    def __init__(self, sheet: ProjectSheetPage, document: SheetDocument) -> None:
        self.title, self.format, self.shown_size = document.title, document.format, document.shown_size
        self.get_kind_display = document.get_kind_display
        self._url = reverse("sheet_editing:file", args=[sheet.uid, document.uid])

    def get_absolute_url(self) -> str:
        """Return that address."""
        return self._url


class _DraftMembersPart(MembersPart):
    @property
    def documents(self) -> Any:  # type: ignore[override]
        """Files to download, published or not."""
        return [_DraftFile(self.sheet, document) for document in self.sheet.documents.all()]


@require_safe
@login_required
def preview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the draft as visitors, or as members, will read it."""
    sheet = sheet_to_edit(request, uid)
    draft = draft_of(sheet)
    by_members = request.GET.get("vue") != "visiteurs"
    presentation = SheetPresentation(draft, with_members_part=False)
    if by_members:
        presentation.members = _DraftMembersPart(draft)
    context = {**sheet_context(request, presentation, is_preview=True), "by_members": by_members, "page_sheet": sheet}
    return render(request, "project_sheets/editing/preview.html", context)


@require_safe
@login_required
def draft_file(request: HttpRequest, uid: UUID, file_uid: UUID) -> FileResponse:
    """Serve a file of the draft to those who write the sheet."""
    draft = draft_of(sheet_to_edit(request, uid))
    document = next((one for one in draft.documents.all() if one.uid == file_uid), None)
    if document is None:
        raise Http404
    try:
        opened = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=f"{slugify(document.title)}.{document.format.lower()}")


@require_safe
@login_required
def history(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List the versions of a sheet."""
    sheet = sheet_to_edit(request, uid)
    page = Paginator(versions_of(sheet), VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "title": clock(revision.created_at),
            "url": reverse("sheet_editing:version", args=[sheet.uid, revision.pk]),
            "who": str(revision.user) if revision.user else _("the portal"),
            "badges": [
                *([{"label": _("online"), "kind": "success"}] if revision.pk == sheet.live_revision_id else []),
                *([{"label": _("latest"), "kind": "info"}] if revision.pk == sheet.latest_revision_id else []),
            ],
        }
        for revision in page.object_list
    ]
    context = {"sheet": sheet, "title": sheet.draft_title, "page": page, "rows": rows}
    return render(request, "project_sheets/editing/history.html", context)


@require_http_methods(READ_OR_POST)
@login_required
def version(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Show what one version changed and how it differs from the draft; make it the draft again."""
    sheet = sheet_to_edit(request, uid)
    revision = get_object_or_404(sheet.revisions.select_related("user"), pk=pk)
    if request.method == "POST":
        try:
            services.restore_version(sheet=sheet, revision=revision, user=account(request))
        except services.LockedError:
            messages.error(request, _("This sheet is in review: take it back before you restore a version."))
        else:
            messages.success(request, _("The version is restored in your draft. What stood there is in the history."))
        return redirect("sheet_editing:overview", sheet.uid)
    before = versions_of(sheet).filter(created_at__lt=revision.created_at).defer(None).first()
    state = revision.as_object()
    context = {
        "sheet": sheet,
        "title": sheet.draft_title,
        "revision": revision,
        "when": clock(revision.created_at),
        "who": str(revision.user) if revision.user else _("the portal"),
        "has_before": before is not None,
        "changes": differences_between(before.as_object(), state) if before else [],
        "is_latest": revision.pk == sheet.latest_revision_id,
        "to_draft": [] if revision.pk == sheet.latest_revision_id else differences_between(draft_of(sheet), state),
    }
    return render(request, "project_sheets/editing/version.html", context)


@require_http_methods(READ_OR_POST)
@login_required
def people(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show who looks after the sheet; invite a colleague, or hand the sheet over."""
    sheet = sheet_to_edit(request, uid)
    organisations = organisations_acted_for(request.user, sheet)
    form = ColleagueForm(request.POST if request.method == "POST" else None, organisations=organisations)
    if request.method != "POST":
        return _people_page(request, sheet, form)
    if not form.is_valid():
        return _people_page(request, sheet, form, status=422)
    if not take_turn("sheet-invitations", str(request.user.pk), limit=INVITATIONS_A_DAY, seconds=86_400):
        form.add_error("email", _("You have invited many people today. Go on tomorrow."))
        return _people_page(request, sheet, form, status=429)
    cleaned = form.cleaned_data
    invitation = services.invite_colleague(
        sheet=sheet,
        by=account(request),
        email=cleaned["email"],
        hands_over=cleaned["hands_over"],
        on_behalf_of=cleaned.get("on_behalf_of"),
    )
    if invitation is None:
        form.add_error("email", _("This person looks after the sheet already."))
        return _people_page(request, sheet, form, status=422)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": invitation.email})
    return redirect("sheet_editing:people", sheet.uid)


def _people_page(request: HttpRequest, sheet: ProjectSheetPage, form: ColleagueForm, status: int = 200) -> HttpResponse:
    leads = leads_with_accounts(sheet)
    context = {
        "sheet": sheet,
        "title": sheet.draft_title,
        "form": form,
        "leads": [{"lead": lead, "is_me": lead.user_id == request.user.pk} for lead in leads],
        "is_alone": len(leads) < 2,
        "invitations": list(sheet.invitations.open().select_related("invited_by")),
    }
    return render(request, "project_sheets/editing/people.html", context, status=status)


@require_POST
@login_required
def remove_lead(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Stop somebody from looking after the sheet."""
    sheet = sheet_to_edit(request, uid)
    lead = get_object_or_404(sheet.leads.select_related("user", "sheet"), pk=pk)
    try:
        services.remove_lead(lead=lead, by=account(request))
    except services.LastLeadError:
        messages.error(request, _("Nobody would look after this sheet: invite a colleague first, and hand it over."))
        return redirect("sheet_editing:people", sheet.uid)
    if lead.user_id == request.user.pk and not looks_after(request.user, sheet):
        messages.success(request, _("You no longer look after “%(title)s”.") % {"title": sheet.draft_title})
        return redirect("sheet_editing:list")
    messages.success(request, _("%(name)s no longer looks after this sheet.") % {"name": lead.user})
    return redirect("sheet_editing:people", sheet.uid)


@require_POST
@login_required
def withdraw_invitation(request: HttpRequest, uid: UUID, invitation_uid: UUID) -> HttpResponse:
    """Close an invitation that nobody has accepted."""
    sheet = sheet_to_edit(request, uid)
    invitation = get_object_or_404(sheet.invitations, uid=invitation_uid)
    services.withdraw_invitation(invitation=invitation)
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("sheet_editing:people", sheet.uid)


@require_http_methods(READ_OR_POST)
@login_required
def invitation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an invitation to whom it was sent, and accept it."""
    found = get_object_or_404(
        SheetInvitation.objects.for_person(request.user).select_related("sheet", "invited_by", "on_behalf_of"), uid=uid
    )
    if request.method != "POST" or not found.is_open:
        context = {"invitation": found, "expires_on": timezone.localtime(found.created_at)}
        return render(request, "project_sheets/editing/invitation.html", context)
    if not is_member(request.user):
        raise PermissionDenied
    services.accept_invitation(invitation=found, user=account(request))
    messages.success(request, _("You look after “%(title)s”.") % {"title": found.sheet.draft_title})
    return redirect("sheet_editing:overview", found.sheet.uid)


@require_POST
@login_required
def settle_comment(request: HttpRequest, uid: UUID, pk: int) -> HttpResponse:
    """Mark a comment of the region's team as dealt with."""
    sheet = sheet_to_edit(request, uid)
    comment = get_object_or_404(Comment.objects.filter(page_id=sheet.pk), pk=pk)
    review.settle_comment(comment=comment, by=account(request))
    messages.success(request, _("The comment is marked as dealt with."))
    return redirect("sheet_editing:overview", sheet.uid)
