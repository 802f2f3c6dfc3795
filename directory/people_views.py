"""Pages of the members' directory."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from directory.addresses import chips_for, sort_links
from directory.enums import MemberSort
from directory.forms import MemberFilterForm
from directory.member_facets import MemberFilter, in_member_order, member_facets, members_found, read_member_filter
from directory.models import Profile
from directory.people import MemberPresentation, present_member, with_member_details
from directory.presentation import directory_tabs, member_card, member_facts
from portal.accounts.rules import is_member

PER_PAGE = 20


@require_safe
@login_required
def member_list(request: HttpRequest) -> HttpResponse:
    """Show the members to one another, filtered and ordered as the address says."""
    if not is_member(request.user):
        raise PermissionDenied
    form = MemberFilterForm(request.GET)
    form.is_valid()
    chosen, sort = read_member_filter(form.cleaned_data), form.cleaned_data["tri"]
    found = in_member_order(members_found(chosen), sort)
    page = Paginator(with_member_details(found), PER_PAGE).get_page(request.GET.get("page"))
    facets = [{**facet, "label": form[facet["name"]].label} for facet in member_facets(chosen)]
    context = {
        "form": form,
        "page": page,
        "cards": [member_card(present_member(profile, request.user)) for profile in page.object_list],
        "facets": facets,
        "chips": chips_for(request, _chosen_values(chosen)),
        "sorts": sort_links(request, sort, MemberSort.choices),
        "tabs": directory_tabs(request.user, "members"),
    }
    return render(request, "directory/member_list.html", context)


def _chosen_values(chosen: MemberFilter) -> list[tuple[str, str, str]]:
    """Return the active filters as (name, value, label)."""
    values = [("q", chosen.text, _("“%(text)s”") % {"text": chosen.text})] if chosen.text else []
    values += [("theme", theme.slug, theme.name) for theme in chosen.themes]
    values += [("territoire", territory.public_code, str(territory)) for territory in chosen.territories]
    values += [("competence", skill.slug, skill.name) for skill in chosen.skills]
    values += [("structure", organisation.slug, organisation.name) for organisation in chosen.organisations]
    return values


@require_safe
def member_detail(request: HttpRequest, short_id: str) -> HttpResponse:
    """Show a member to those who may read something of them; 404 to the others."""
    profile = _profile_or_404(request, short_id)
    member = present_member(profile, request.user)
    return render(request, "directory/member_detail.html", member_context(request, profile, member))


def member_context(request: HttpRequest, profile: Profile, member: MemberPresentation) -> dict[str, Any]:
    """Return what the page of a member needs."""
    return {"member": member, "facts": member_facts(member), "is_own": request.user.pk == profile.user_id}


@require_safe
def member_photo(request: HttpRequest, short_id: str) -> FileResponse:
    """Serve a photo to those who may see it; what is not for everyone is kept by no cache."""
    profile = _profile_or_404(request, short_id)
    # One's own photo is shown beside its form, whoever else may see it.
    if not (present_member(profile, request.user).photo_url or (profile.photo and request.user.pk == profile.user_id)):
        raise Http404
    try:
        opened = profile.photo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, content_type="image/webp")
    patch_cache_control(response, private=True, no_store=True)
    return response


def _profile_or_404(request: HttpRequest, short_id: str) -> Profile:
    visible = with_member_details(Profile.objects.visible_to(request.user))
    return get_object_or_404(visible, user__short_id=short_id)
