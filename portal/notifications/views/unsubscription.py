"""The address in every mail that one may leave: a page for people, one request for mail programs (RFC 8058)."""

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.notifications.tokens import read_token
from portal.notifications.unsubscribing import resubscribe, unsubscribe, words_of

UNDO_SALT = "notifications.unsubscribe.undo"


# The address itself is the proof: a mail program has neither session nor cookie.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Ask with GET, which changes nothing: scanners of mails follow links. Unsubscribe with POST, or take it back."""
    opened = read_token(token)
    if opened is None:
        return render(request, "notifications/unsubscribe_dead.html", status=404)
    user, scope = opened
    context = {"words": words_of(scope), "state": "asked"}
    if request.method == "POST" and "undo" in request.POST:
        resubscribe(user=user, scope=scope, former=_former(request.POST["undo"], token))
        context["state"] = "back"
    elif request.method == "POST":
        former = unsubscribe(user=user, scope=scope)
        context |= {"state": "done", "undo": signing.dumps([former, token], salt=UNDO_SALT)}
    return render(request, "notifications/unsubscribe.html", context)


def _former(undo: str, token: str) -> str:
    """Return what was chosen before, as the page of the unsubscription itself has signed it."""
    try:
        former, its_token = signing.loads(undo, salt=UNDO_SALT)
    except (signing.BadSignature, ValueError):
        return ""
    return former if its_token == token else ""
