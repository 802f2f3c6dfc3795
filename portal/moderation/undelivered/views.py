"""The page of e-mails that did not arrive."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.moderation.undelivered.selectors import dead_letters_for, read_dead_letters
from portal.moderation.undelivered.services import send_again

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def undelivered(request: HttpRequest) -> HttpResponse:
    """List the e-mails that were given up to the people of one's region; send the chosen ones again."""
    if not is_animator(request.user):
        raise PermissionDenied
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        return _send_again(request, user)
    page = Paginator(dead_letters_for(user), PER_PAGE).get_page(request.GET.get("page"))
    letters = read_dead_letters(list(page.object_list))
    return render(request, "moderation/undelivered.html", {"page": page, "letters": letters})


def _send_again(request: HttpRequest, user: User) -> HttpResponse:
    named = request.POST.getlist("listed" if "all" in request.POST else "message")
    chosen = [int(pk) for pk in named if pk.isascii() and pk.isdigit() and len(pk) < 18]
    count = send_again(pks=chosen[:PER_PAGE], by=user)
    if count:
        said = ngettext("%(count)d e-mail is being sent again.", "%(count)d e-mails are being sent again.", count)
        messages.success(request, said % {"count": count})
    else:
        messages.warning(
            request, _("No e-mail was sent again: it has left meanwhile, or its address does not receive.")
        )
    return redirect("moderation:undelivered")
