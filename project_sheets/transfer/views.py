"""Taking a sheet from one portal to another."""

import json
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.models import User
from portal.accounts.rules import animates, is_animator
from project_sheets.models import ProjectSheetPage
from project_sheets.transfer.reading import create_from, parse_document
from project_sheets.transfer.writing import write_sheet


class SheetFileForm(forms.Form):
    """The document of a sheet."""

    file = forms.FileField(
        label=gettext_lazy("File of the sheet (JSON)"),
        help_text=gettext_lazy("The file that another portal gave. The sheet arrives as a draft, in its own region."),
        widget=forms.FileInput(attrs={"accept": ".json"}),
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest) -> HttpResponse:
    """Give the sheets of the animator's regions as files, and read one from another portal."""
    if not is_animator(request.user):
        raise PermissionDenied
    form = SheetFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = parse_document(form.cleaned_data["file"].read())
            created = create_from(document, importer=cast("User", request.user))
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("“%(title)s” is here as a draft.") % {"title": created.title})
            return redirect("sheet_transfer:transfer")
    sheets = ProjectSheetPage.objects.visible_to(request.user).order_by("title", "pk").only("title", "uid", "region")
    own = [sheet for sheet in sheets if animates(request.user, sheet.region_id)]
    return render(request, "project_sheets/transfer/transfer.html", {"form": form, "sheets": own[:500]})


@require_safe
@never_cache
@login_required
def sheet_file(request: HttpRequest, uid: str) -> HttpResponse:
    """Give the whole of a sheet, both depths, to an animator of its region."""
    sheet = ProjectSheetPage.objects.visible_to(request.user).filter(uid=uid).first()
    if sheet is None:
        raise Http404
    if not animates(request.user, sheet.region_id):
        raise PermissionDenied
    content = json.dumps(write_sheet(sheet), ensure_ascii=False, indent=1).encode()
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{sheet.slug[:80]}.json"'
    return response
