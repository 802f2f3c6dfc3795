"""“My sheets”: the list, a sheet and all that waits there, one step of its form."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.rules import animates, is_member
from portal.core.throttle import take_turn
from portal.notifications.services import mark_seen
from portal.taxonomy.models import Occupation, Territory
from project_sheets.editing import services
from project_sheets.editing.access import account, sheet_to_edit
from project_sheets.editing.completeness import completeness_of
from project_sheets.editing.forms import DocumentUploadForm, NewSheetForm, PhotoUploadForm
from project_sheets.editing.presentation import (
    clock,
    criterion_links,
    day_and_hour,
    event_lines,
    financing_summary,
    saved_line,
    state_badges,
    step_links,
)
from project_sheets.editing.rows import RowAction, changed_data, parse_action, silence
from project_sheets.editing.saving import Outcome, save_step
from project_sheets.editing.selectors import (
    draft_of,
    events_of,
    invitations_for,
    last_answer,
    looks_after,
    my_sheets,
    open_comments,
    organisations_acted_for,
    state_of,
    states_of,
)
from project_sheets.editing.steps import STEPS, Step, StepEditor, fingerprint, step_after, step_before, step_named
from project_sheets.models import ProjectSheetPage, RegionIndexPage

PER_PAGE = 12
#: Sheets that one person may begin in a day: enough for a region's whole call.
NEW_SHEETS_A_DAY = 20
READ_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
@login_required
def sheet_list(request: HttpRequest) -> HttpResponse:
    """List the sheets that the reader looks after, and the invitations to look after others."""
    page = Paginator(my_sheets(request.user), PER_PAGE).get_page(request.GET.get("page"))
    sheets = list(page.object_list)
    states = states_of(sheets)
    context = {
        "page": page,
        "rows": [_row(states[sheet.pk]) for sheet in sheets],
        "invitations": list(invitations_for(request.user)),
        "may_create": is_member(request.user),
    }
    return render(request, "project_sheets/editing/sheet_list.html", context)


def _row(state: Any) -> dict[str, Any]:
    sheet = state.sheet
    facts = [
        {"label": _("Project holder"), "value": sheet.holder.name if sheet.holder else ""},
        {"label": _("Last saved"), "value": clock(sheet.latest_revision_created_at)},
        {"label": _("Planned publication"), "value": day_and_hour(state.publish_at)},
    ]
    return {
        "title": sheet.draft_title or sheet.title,
        "url": reverse("sheet_editing:overview", args=[sheet.uid]),
        "kicker": (sheet.call.short_title or sheet.call.title) if sheet.call else "",
        "badges": state_badges(state),
        "facts": [fact for fact in facts if fact["value"]],
    }


@require_http_methods(READ_OR_POST)
@login_required
def sheet_create(request: HttpRequest) -> HttpResponse:
    """Begin a sheet."""
    if not is_member(request.user):
        raise PermissionDenied
    own = organisations_acted_for(request.user)
    initial = {"holder": own[0] if own else None, "region": _usual_region(own)}
    form = NewSheetForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "project_sheets/editing/sheet_create.html", {"form": form}, status=status)
    if not take_turn("new-sheets", str(request.user.pk), limit=NEW_SHEETS_A_DAY, seconds=86_400):
        form.add_error(None, _("You have begun many sheets today. Go on tomorrow, or write to the team."))
        return render(request, "project_sheets/editing/sheet_create.html", {"form": form}, status=429)
    sheet = services.create_sheet(**form.cleaned_data, user=account(request))
    messages.success(request, _("Your sheet is begun. Nobody sees it before you propose it."))
    return redirect("sheet_editing:step", sheet.uid, STEPS[0].slug)


def _usual_region(organisations: list[Any]) -> RegionIndexPage | None:
    """Return the page of the region where the first organisation sits, if it is open."""
    seat = organisations[0].seat if organisations else None
    region = (seat.pk if seat.level == Territory.Level.REGION else seat.region_id) if seat else None
    return RegionIndexPage.objects.live().filter(territory_id=region).first() if region else None


@require_safe
@login_required
def overview(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show where a sheet stands, what it lacks, and what can be done with it."""
    sheet = sheet_to_edit(request, uid)
    mark_seen(user=account(request), group=f"project_sheets.sheet:{sheet.pk}")
    draft = draft_of(sheet)
    completeness, state = completeness_of(draft), state_of(sheet)
    context = {
        "sheet": sheet,
        "title": draft.title,
        "state": state,
        "badges": state_badges(state),
        "planned_for": day_and_hour(state.publish_at),
        "completeness": completeness,
        "steps": step_links(sheet, completeness),
        "blocking": criterion_links(sheet, completeness.blocking),
        "advised": criterion_links(sheet, completeness.advised),
        "answer": last_answer(sheet),
        "comments": comment_lines(sheet),
        "events": event_lines(events_of(sheet)[:20], for_team=animates(request.user, sheet.region_id)),
        "saved": saved_line(sheet.latest_revision_created_at),
        "looks_after": looks_after(request.user, sheet),
    }
    return render(request, "project_sheets/editing/overview.html", context)


def comment_lines(sheet: ProjectSheetPage, step: Step | None = None) -> list[dict[str, Any]]:
    """Return the open comments of the region's team, each with the address of its field."""
    lines = []
    for comment in open_comments(sheet):
        name = comment.contentpath.split(".")[0]
        place = next((one for one in STEPS if name in one.stored_names), STEPS[0])
        if step is not None and place is not step:
            continue
        label = name
        if name in {field.name for field in ProjectSheetPage._meta.get_fields()}:
            field = ProjectSheetPage._meta.get_field(name)
            label = str(getattr(field, "verbose_name", "") or field.related_model._meta.verbose_name_plural)
        lines.append(
            {
                "pk": comment.pk,
                "text": comment.text,
                "who": str(comment.user),
                "label": label[:1].upper() + label[1:],
                "url": f"{reverse('sheet_editing:step', args=[sheet.uid, place.slug])}#{_anchor(place, name)}",
            }
        )
    return lines


def _anchor(step: Step, name: str) -> str:
    return name if name in {kind.prefix for kind in step.rows} else f"id_{name}"


@require_http_methods(READ_OR_POST)
@login_required
def step(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Show and save one step of the form."""
    sheet = sheet_to_edit(request, uid)
    current = step_named(slug)
    if current is None:
        raise Http404
    if request.method != "POST":
        return _step_page(request, sheet, StepEditor(current, draft_of(sheet)))
    pressed = request.POST.get("action", "")
    try:
        if action := parse_action(pressed):
            return _with_row_changed(request, sheet, current, action)
        if sent := _sent_files(request, pressed):
            return _upload(request, sheet, current, sent, pressed)
        outcome = save_step(sheet=sheet, user=account(request), step=current, data=request.POST)
    except services.LockedError:
        return _locked(request, sheet)
    return _autosaved(outcome) if pressed == "autosave" else _saved(request, sheet, outcome, pressed)


def _saved(request: HttpRequest, sheet: ProjectSheetPage, outcome: Outcome, pressed: str) -> HttpResponse:
    """Go on where the button leads, or show what keeps the step from being saved."""
    if not outcome.is_saved:
        status = 409 if outcome.conflict else 422
        return _step_page(request, sheet, outcome.editor, outcome=outcome, status=status)
    messages.success(request, saved_line(outcome.at))
    return redirect(_where_next(sheet, outcome.editor.step, pressed))


def _where_next(sheet: ProjectSheetPage, current: Step, pressed: str) -> str:
    if pressed == "next":
        following = step_after(current)
        if following is None:
            return reverse("sheet_editing:submit", args=[sheet.uid])
        return reverse("sheet_editing:step", args=[sheet.uid, following.slug])
    return reverse("sheet_editing:step", args=[sheet.uid, current.slug])


def _with_row_changed(request: HttpRequest, sheet: ProjectSheetPage, current: Step, action: RowAction) -> HttpResponse:
    """Answer with a row more or less; nothing is saved and nothing typed is lost."""
    data, focus = changed_data(request.POST, action)
    editor = StepEditor(current, draft_of(sheet), data)
    editor.silence()
    editor.give_focus(focus)
    return _step_page(request, sheet, editor, seen=request.POST.get("seen", ""))


def _autosaved(outcome: Outcome) -> JsonResponse:
    """Answer the script that saves while one types."""
    if outcome.conflict:
        who = str(outcome.conflict.by or _("Somebody"))
        text = _("Not saved: %(who)s changed this step at %(time)s. Save it to compare both versions.")
        told = text % {"who": who, "time": clock(outcome.conflict.at)}
        return JsonResponse({"message": told, "conflict": True}, status=409)
    if not outcome.is_saved:
        errors = outcome.editor.errors
        told = _("Not saved yet: %(error)s") % {"error": errors[0] if errors else ""}
        return JsonResponse({"message": told}, status=422)
    completeness = completeness_of(outcome.editor.draft)
    answer = {"message": saved_line(outcome.at), "seen": outcome.seen, "score": completeness.score}
    return JsonResponse(answer)


def _locked(request: HttpRequest, sheet: ProjectSheetPage) -> HttpResponse:
    told = _("This sheet is in review: it was not saved. Take it back to go on writing it.")
    if request.POST.get("action") == "autosave":
        return JsonResponse({"message": told}, status=423)
    messages.error(request, told)
    return redirect("sheet_editing:overview", sheet.uid)


_UPLOADS: Mapping[str, Any] = {"documents": DocumentUploadForm, "photos": PhotoUploadForm}


def _sent_files(request: HttpRequest, pressed: str) -> Sequence[str]:
    """Return the kinds of files that a button sends: its own, and what is chosen in the other box or before saving."""
    asked = pressed.removeprefix("upload:") if pressed.startswith("upload:") else ""
    if asked and asked not in _UPLOADS:
        raise Http404
    if not asked and pressed not in {"save", "next"}:
        return []
    return [what for what in _UPLOADS if what == asked or f"new-{what}-file" in request.FILES]


def _upload(
    request: HttpRequest, sheet: ProjectSheetPage, current: Step, sent: Sequence[str], pressed: str
) -> HttpResponse:
    """Put the files in the draft, after the rest of the step is saved."""
    uploads = {what: _UPLOADS[what](request.POST, request.FILES, prefix=f"new-{what}") for what in sent}
    checks = [form.is_valid() for form in uploads.values()]
    if not all(checks):
        editor = StepEditor(current, draft_of(sheet), request.POST)
        editor.silence()
        return _step_page(request, sheet, editor, seen=request.POST.get("seen", ""), uploads=uploads, status=422)
    # The rest first: what is wrong there is told before a row more changes the page.
    outcome = save_step(sheet=sheet, user=account(request), step=current, data=request.POST)
    if not outcome.is_saved:
        messages.warning(request, _("Correct this first, then choose the file again."))
        status = 409 if outcome.conflict else 422
        return _step_page(request, sheet, outcome.editor, outcome=outcome, uploads=uploads, status=status)
    for what, form in uploads.items():
        add = services.add_document if what == "documents" else services.add_photo
        if not add(sheet=sheet, user=account(request), **form.cleaned_data):
            form.add_error("file", _("This sheet has as many files as it can hold: remove one first."))
            editor = StepEditor(current, draft_of(sheet))
            return _step_page(request, sheet, editor, uploads={what: form}, status=422)
        messages.success(request, _("The file is added to your draft."))
    if pressed == "next":
        return redirect(_where_next(sheet, current, pressed))
    return redirect(f"{reverse('sheet_editing:step', args=[sheet.uid, current.slug])}#{sent[0]}")


def _step_page(
    request: HttpRequest,
    sheet: ProjectSheetPage,
    editor: StepEditor,
    *,
    outcome: Outcome | None = None,
    seen: str = "",
    uploads: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    saved = draft_of(sheet) if editor.form.is_bound else editor.draft
    completeness, state = completeness_of(saved), state_of(sheet)
    lock = sheet.get_lock()
    context = {
        "sheet": sheet,
        "title": saved.title,
        "state": state,
        "planned_for": day_and_hour(state.publish_at),
        "step": editor.step,
        "position": STEPS.index(editor.step) + 1,
        "steps": step_links(sheet, completeness, editor.step),
        "editor": editor,
        "seen": seen or (outcome.seen if outcome else fingerprint(editor.step, saved)),
        "conflict": outcome.conflict if outcome else None,
        "conflict_time": clock(outcome.conflict.at) if outcome and outcome.conflict else "",
        "previous": step_before(editor.step),
        "following": step_after(editor.step),
        "saved": saved_line(sheet.latest_revision_created_at),
        "is_locked": lock is not None and lock.for_user(request.user),
        "comments": comment_lines(sheet, editor.step),
        "completeness": completeness,
        **_of_step(request, editor, uploads or {}),
    }
    return render(request, "project_sheets/editing/step.html", context, status=status)


def _of_step(request: HttpRequest, editor: StepEditor, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what one step alone shows."""
    slug = editor.step.slug
    if slug == "financement":
        financing = editor.financing
        return {"financing": financing, **financing_summary(financing)}
    if slug == "territoire":
        return {"territory_names": [str(area) for area in Territory.objects.current().areas()]}
    if slug == "publics":
        return {"occupation_names": list(Occupation.objects.values_list("name", flat=True)[:700])}
    if slug == "pieces-jointes":
        uploads = {what: sent.get(what) or _typed(request, what) for what in _UPLOADS}
        return {"uploads": uploads, "upload_failed": any(form.errors for form in uploads.values())}
    return {}


def _typed(request: HttpRequest, what: str) -> Any:
    """Return the box of a file that is not sent, with what was typed in it before the page was posted."""
    form = _UPLOADS[what](request.POST or None, prefix=f"new-{what}")
    if form.is_bound:
        silence(form)
    return form
