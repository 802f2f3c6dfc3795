"""A sheet to print or to pin up."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.content.pdf import pdf_response
from project_sheets.pdf.documents import Version, file_name, kept_document
from project_sheets.selectors import SheetPresentation, sheet_at, without_members_part

#: What asks for the visitors' version of a sheet that one reads as a member.
WANTED, PUBLIC = "version", "publique"


@require_safe
def sheet_pdf(request: HttpRequest, region_slug: str, slug: str) -> HttpResponse:
    """Give the sheet as a PDF document, at the depth that the reader may see or at the visitors'."""
    sheet = _sheet_or_404(request, region_slug, slug)
    if sheet.members is None or request.GET.get(WANTED) == PUBLIC:
        return _document(request, without_members_part(sheet), Version.PUBLIC)
    return _document(request, sheet, Version.MEMBERS)


@require_safe
def sheet_poster(request: HttpRequest, region_slug: str, slug: str) -> HttpResponse:
    """Give an A4 poster of the sheet, with a QR code that leads to it."""
    return _document(request, without_members_part(_sheet_or_404(request, region_slug, slug)), Version.POSTER)


def _sheet_or_404(request: HttpRequest, region_slug: str, slug: str) -> SheetPresentation:
    sheet = sheet_at(request.user, region_slug, slug)
    if sheet is None:
        raise Http404
    return sheet


def _document(request: HttpRequest, sheet: SheetPresentation, version: Version) -> HttpResponse:
    return pdf_response(
        request,
        lambda: kept_document(sheet, version),
        file_name=file_name(sheet, version),
        back_url=sheet.url,
        back_title=sheet.title,
    )
