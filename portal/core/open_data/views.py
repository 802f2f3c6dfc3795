"""What the portal publishes for others to use."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.datasets import Dataset, datasets
from portal.core.open_data.files import LICENCE, LICENCE_URL, as_csv, as_json, file_response


@require_safe
def dataset_list(request: HttpRequest) -> HttpResponse:
    """Show every dataset with its files, its dictionary, its licence and its date."""
    context = {
        "datasets": list(datasets),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "today": timezone.localdate(),
    }
    return render(request, "core/open_data/dataset_list.html", context)


def _dataset_or_404(key: str) -> Dataset:
    if key not in datasets:
        raise Http404
    return datasets.get(key)


@require_safe
def dataset_csv(request: HttpRequest, key: str) -> HttpResponse:
    """Give a dataset as CSV."""
    return file_response(
        request, as_csv(_dataset_or_404(key)), name=f"{key}.csv", content_type="text/csv; charset=utf-8"
    )


@require_safe
def dataset_json(request: HttpRequest, key: str) -> HttpResponse:
    """Give a dataset as JSON, its dictionary with it."""
    content = as_json(_dataset_or_404(key), publisher=settings.PORTAL_NAME)
    return file_response(request, content, name=f"{key}.json", content_type="application/json")
