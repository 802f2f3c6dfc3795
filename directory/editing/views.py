"""Writing the page of an organisation, from one's space or from the animation."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory import selectors
from directory.branches import CircleError
from directory.duplicates.likeness import Candidate, similar_to
from directory.editing.forms import OrganisationPageForm
from directory.editing.services import create_organisation, update_organisation
from directory.models import Organisation
from portal.accounts.models import User
from portal.accounts.rules import is_animator

READ_OR_POST = ["GET", "HEAD", "POST"]


def edited_organisation(request: HttpRequest, slug: str) -> Organisation:
    """Return the organisation that the reader may write; 403 to its other members, 404 to everybody else."""
    organisation = Organisation.objects.filter(slug=slug, merged_into=None).select_related("kind", "seat").first()
    if organisation is None:
        raise Http404
    if selectors.may_edit(request.user, organisation):
        return organisation
    if selectors.acts_for(request.user, organisation):
        raise PermissionDenied(_("The managers and editors of this organisation write its page: ask one of them."))
    raise Http404


@require_http_methods(READ_OR_POST)
@login_required
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show and write the page of an organisation."""
    organisation = edited_organisation(request, slug)
    user, name = cast("User", request.user), organisation.name
    rights: dict[str, Any] = {
        # Its own people may move; the animators of its region look after what stays there.
        "regions": None if selectors.writes_for(user, organisation) else selectors.regions_written_by(user),
        "arranged_by": user if selectors.may_arrange(user, organisation) else None,
    }
    if request.method != "POST":
        return _page(request, OrganisationPageForm(instance=organisation, **rights), organisation)
    form = OrganisationPageForm(request.POST, instance=organisation, **rights)
    if not form.is_valid():
        # The form has written into the instance: the page goes by what is kept.
        return _page(request, form, organisation, name=name, status=422)
    try:
        written = update_organisation(organisation=organisation, change=form.change, by=user)
    except CircleError:
        # Somebody has arranged the branches since the form was checked.
        form.refuse_circle("parent")
        return _page(request, form, organisation, name=name, status=422)
    messages.success(request, _("The page of %(name)s is up to date.") % {"name": written.name})
    return redirect(written)


def _page(
    request: HttpRequest, form: OrganisationPageForm, organisation: Organisation, *, name: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "organisation": organisation,
        "name": name or organisation.name,
        "is_animation": not selectors.acts_for(request.user, organisation),
    }
    return render(request, "directory/organisation_form.html", context, status=status)


@require_http_methods(READ_OR_POST)
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """Add an organisation; what its name resembles is shown before anything is written."""
    if not is_animator(request.user):
        raise PermissionDenied
    user = cast("User", request.user)
    rights: dict[str, Any] = {"regions": selectors.regions_written_by(user), "arranged_by": user}
    if request.method != "POST":
        asked = request.GET.get("nom", "")[:150].replace("\x00", "")
        return _new_page(request, OrganisationPageForm(initial={"name": asked}, **rights), [])
    form = OrganisationPageForm(request.POST, **rights)
    if not form.is_valid():
        return _new_page(request, form, [], status=422)
    similar = similar_to(form.cleaned_data["name"], seat=form.cleaned_data["place"])
    if similar and request.POST.get("sure") != "1":
        return _new_page(request, form, similar, status=422)
    made = create_organisation(change=form.change, by=user)
    messages.success(request, _("%(name)s is in the directory.") % {"name": made.name})
    return redirect(made)


def _new_page(
    request: HttpRequest, form: OrganisationPageForm, similar: list[Candidate], status: int = 200
) -> HttpResponse:
    context = {"form": form, "similar": similar, "is_animation": True}
    return render(request, "directory/organisation_create.html", context, status=status)
