"""The searches that a member keeps, and the animators' list of questions without a result."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.rules import is_animator, is_member
from portal.notifications.services import mark_seen
from search import services
from search.forms import chosen_facets, question_form
from search.models import SavedSearch
from search.selectors import unanswered_questions

PER_PAGE = 50


def _require_member(request: HttpRequest) -> None:
    if not is_member(request.user):
        raise PermissionDenied(_("Searches are kept by members: your account is not one yet."))


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the search that the form carries, then show it again."""
    _require_member(request)
    form = question_form(request.POST)
    if not form.is_valid():
        messages.error(request, _("Type what you are looking for before you keep the search."))
        return redirect("search:search")
    try:
        saved = services.save_search(
            user=request.user,  # type: ignore[arg-type]
            text=form.cleaned_data["q"],
            chosen=chosen_facets(request.POST),
        )
    except services.TooManySavedSearches:
        message = _("You keep %(count)d searches already: delete one first.") % {"count": services.MOST_SAVED}
        messages.error(request, message)
        return redirect("search:saved")
    except services.TooLongSearch:
        messages.error(request, _("This search is too long to be kept: use fewer words or filters."))
        return redirect("search:search")
    messages.success(request, _("Search kept. You will be told when something new meets it."))
    return redirect(saved.address)


@login_required
@require_safe
def saved_list(request: HttpRequest) -> HttpResponse:
    """List the searches that the member keeps."""
    _require_member(request)
    rows = SavedSearch.objects.filter(user=request.user)  # type: ignore[misc]
    return render(request, "search/saved.html", {"rows": rows})


@login_required
@require_POST
def alerts(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch the alerts of a search on or off."""
    saved = _own(request, pk)
    services.set_alerts(saved=saved, alerts=request.POST.get("alertes") == "oui")
    told = _("You will be told of what is new for “%(search)s”.")
    quiet = _("You will not be told any more of what is new for “%(search)s”.")
    messages.success(request, (told if saved.alerts else quiet) % {"search": saved})
    return redirect("search:saved")


@login_required
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a search."""
    saved = _own(request, pk)
    mark_seen(user=saved.user, group=f"search.saved:{saved.pk}")
    services.forget_search(saved=saved)
    messages.success(request, _("Search “%(search)s” deleted.") % {"search": saved})
    return redirect("search:saved")


def _own(request: HttpRequest, pk: int) -> SavedSearch:
    _require_member(request)
    return get_object_or_404(SavedSearch.objects.select_related("user"), pk=pk, user=request.user)


@login_required
@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """List what was asked several times and found nothing: words to write, or synonyms to add."""
    if not is_animator(request.user):
        raise PermissionDenied
    page = Paginator(unanswered_questions(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "search/unanswered.html", {"page": page})
