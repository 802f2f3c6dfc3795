"""Pages of the agenda."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.content.models import NewsPage
from portal.core.page_cache import cached_for_visitors

LATEST = 3


@require_safe
@cached_for_visitors("content")
def index(request: HttpRequest) -> HttpResponse:
    """Say what the agenda will hold, with the latest news meanwhile."""
    news = NewsPage.objects.visible_to(request.user).select_related("category").order_by("-published_on", "-pk")
    return render(request, "agenda/index.html", {"news": news[:LATEST]})
