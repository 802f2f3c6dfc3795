"""The living sheet in “My sheets”: confirm it, answer corrections."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.dates import format_day
from project_sheets.editing.access import account, sheet_to_edit
from project_sheets.editing.selectors import organisations_acted_for
from project_sheets.editing.steps import step_named
from project_sheets.enums import CorrectionStatus
from project_sheets.living import services
from project_sheets.living.forms import AnswerForm
from project_sheets.living.selectors import corrections_of
from project_sheets.models import SheetCorrection

SHOWN_CORRECTIONS = 50


@require_POST
@login_required
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Note that the published sheet is right today."""
    sheet = sheet_to_edit(request, uid)
    if not sheet.live:
        messages.info(request, _("This sheet is not online: there is nothing to confirm."))
        return redirect("sheet_editing:overview", sheet.uid)
    own = organisations_acted_for(request.user, sheet)
    holder = own[0] if own and own[0].pk == sheet.holder_id else None
    services.confirm_sheet(sheet=sheet, by=account(request), on_behalf_of=holder)
    messages.success(request, _("Thank you: the sheet shows today as the day on which it was checked."))
    return redirect("sheet_editing:overview", sheet.uid)


@require_safe
@login_required
def corrections(request: HttpRequest, uid: UUID) -> HttpResponse:
    """List what readers would correct."""
    sheet = sheet_to_edit(request, uid)
    found = list(corrections_of(sheet)[:SHOWN_CORRECTIONS])
    context = {
        "sheet": sheet,
        "title": sheet.draft_title,
        "waiting": [_shown(one) for one in found if one.status == CorrectionStatus.OPEN],
        "answered": [_shown(one) for one in found if one.status != CorrectionStatus.OPEN],
    }
    return render(request, "project_sheets/editing/corrections.html", context)


def _shown(correction: SheetCorrection) -> dict[str, object]:
    step = step_named(correction.part)
    arguments = [correction.sheet.uid, step.slug] if step else []
    return {
        "correction": correction,
        "who": str(correction.author) if correction.author else _("a visitor"),
        "day": format_day(correction.created_at),
        "part": step.label if step else "",
        "step_url": reverse("sheet_editing:step", args=arguments) if step else "",
        "form": AnswerForm(prefix=f"c{correction.pk}"),
        "wants_answer": bool(correction.author or correction.email),
    }


@require_POST
@login_required
def answer_correction(request: HttpRequest, uid: UUID, correction_uid: UUID) -> HttpResponse:
    """Accept or refuse a correction."""
    sheet = sheet_to_edit(request, uid)
    correction = get_object_or_404(sheet.corrections, uid=correction_uid)
    form = AnswerForm(request.POST, prefix=f"c{correction.pk}")
    if not form.is_valid() or request.POST.get("decision") not in {"accept", "refuse"}:
        messages.error(request, _("Your answer could not be read: 2,000 signs at most, without invisible signs."))
        return redirect("sheet_editing:corrections", sheet.uid)
    is_accepted = request.POST["decision"] == "accept"
    done = services.answer_correction(
        correction=correction, by=account(request), is_accepted=is_accepted, answer=form.cleaned_data["answer"]
    )
    if not done:
        messages.info(request, _("Somebody has answered this correction already."))
    elif is_accepted:
        messages.success(request, _("Accepted. Now correct the sheet, and propose it for publication."))
    else:
        messages.success(request, _("Refused. The sheet stays as it is."))
    step = step_named(correction.part)
    if done and is_accepted and step:
        return redirect("sheet_editing:step", sheet.uid, step.slug)
    return redirect("sheet_editing:corrections", sheet.uid)
