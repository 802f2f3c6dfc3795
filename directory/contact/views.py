"""Writing to an organisation."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from directory.claims.views import shown_organisation
from directory.contact.forms import RelayForm
from directory.contact.services import find_same_message, send_message
from directory.models import Organisation
from directory.selectors import relay_addresses
from portal.core.throttle import client_network, take_turn

#: Messages that one machine, and one address, send in an hour; and that one organisation receives in a day.
MESSAGES, HOUR = 5, 3_600
RECEIVED, DAY = 40, 86_400


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form by which people write to an organisation, or relay its message."""
    organisation = shown_organisation(request, slug)
    if not relay_addresses(organisation):
        return render(request, "directory/relay_closed.html", {"organisation": organisation})
    if request.method != "POST":
        return _page(request, organisation, RelayForm(user=request.user, initial={"uid": uuid4()}))
    form = RelayForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, organisation, form, status=422)
    done = redirect("directory:write_done", slug=organisation.slug)
    if form.is_from_robot:
        # Told the same as people, so that it learns nothing.
        return done
    is_new = find_same_message(uid=form.form_uid, organisation=organisation, values=form.values) is None
    refusal = _refusal(request, organisation, form) if is_new else ""
    if refusal:
        form.add_error(None, refusal)
        return _page(request, organisation, form, status=429)
    send_message(uid=form.form_uid, organisation=organisation, values=form.values, in_name_of=form.in_name_of)
    return done


def _page(request: HttpRequest, organisation: Organisation, form: RelayForm, status: int = 200) -> HttpResponse:
    context = {"organisation": organisation, "form": form}
    return render(request, "directory/relay_form.html", context, status=status)


def _refusal(request: HttpRequest, organisation: Organisation, form: RelayForm) -> str:
    """Take a turn of each limit; returns what to tell where one has none left: the sender's, or the organisation's."""
    for scope, who in (("relay-address", client_network(request)), ("relay-email", form.values["email"])):
        if not take_turn(scope, who, limit=MESSAGES, seconds=HOUR):
            return _("You have sent several messages within the hour: please try again later.")
    if not take_turn("relay-organisation", str(organisation.pk), limit=RECEIVED, seconds=DAY):
        return _("This organisation has received many messages today: please write to it tomorrow.")
    return ""


@require_safe
def write_done(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that the message is on its way and what comes next."""
    return render(request, "directory/relay_done.html", {"organisation": shown_organisation(request, slug)})
