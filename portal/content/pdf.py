"""PDF documents as answers of pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.pdf import SYSTEM_PACKAGES, PdfUnavailableError


def pdf_response(
    request: HttpRequest, make: Callable[[], bytes], *, file_name: str, back_url: str, back_title: str
) -> HttpResponse:
    """Answer with the document that ``make`` returns, to be saved as ``file_name``.

    Where the machine cannot make PDF documents, a page says so with status 503, and leads back to
    ``back_url``, called ``back_title``.
    """
    try:
        content = make()
    except PdfUnavailableError:
        context = {"back_url": back_url, "back_title": back_title, "packages": " ".join(SYSTEM_PACKAGES)}
        return render(request, "content/pdf_unavailable.html", context, status=503)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
