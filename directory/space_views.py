"""What members keep up of themselves: their profile, and their place in organisations."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from directory import selectors, services
from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS
from directory.forms import HandOverForm, RoleForm
from directory.models import Membership, Profile
from directory.models.organisations import FRESH_FOR
from directory.own_actions import actions_for
from directory.people import photo_url, present_for, with_member_details
from directory.presentation import colleague_card, freshness_of, member_facts
from directory.profile_forms import ProfileForm
from portal.accounts.models import User


def _own_profile(request: HttpRequest) -> Profile:
    return with_member_details(Profile.objects.all()).get(user=cast("User", request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and write one's own profile."""
    own = _own_profile(request)
    if request.method != "POST":
        return _profile_page(request, own, ProfileForm(profile=own))
    form = ProfileForm(request.POST, request.FILES, profile=own)
    if not form.is_valid():
        # What was typed must not show in the header as if it had been kept.
        return _profile_page(request, own, form, status=422)
    services.update_profile(profile=own, change=form.change)
    messages.success(request, _("Your profile is up to date. Check what the others see of it."))
    return redirect("my_directory:profile")


def _profile_page(request: HttpRequest, own: Profile, form: ProfileForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "photo_url": photo_url(own),
        "memberships": present_for(own, SEEN_BY_MEMBERS).organisations,
    }
    return render(request, "directory/profile_form.html", context, status=status)


@require_safe
@login_required
def profile_preview(request: HttpRequest) -> HttpResponse:
    """Show what a visitor and what a member read of oneself."""
    own = _own_profile(request)
    by_members = request.GET.get("vue") != "visiteurs"
    member = present_for(own, SEEN_BY_MEMBERS if by_members else SEEN_BY_VISITORS)
    readers = Profile.objects.listed() if by_members else Profile.objects.listed().with_something_public()
    context = {
        "by_members": by_members,
        "member": member,
        "facts": member_facts(member),
        "is_reachable": readers.filter(pk=own.pk).exists(),
    }
    return render(request, "directory/profile_preview.html", context)


@require_safe
@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """Show the organisations of the person, with their members and roles."""
    user = cast("User", request.user)
    managed = set(selectors.organisation_ids_managed_by(user).values_list("organisation_id", flat=True))
    shown = [
        _organisation_row(request, organisation, is_managed=organisation.pk in managed)
        for organisation in selectors.organisations_with_members(user)
    ]
    return render(request, "directory/my_organisations.html", {"organisations": shown})


def _organisation_row(request: HttpRequest, organisation: Any, *, is_managed: bool) -> dict[str, Any]:
    places = [place for place in organisation.places if place.user.is_active]
    own = next(place for place in places if place.user_id == request.user.pk)
    own.organisation = organisation
    return {
        "organisation": organisation,
        "own": own,
        "people": [colleague_card(place, request.user, is_managed=is_managed) for place in places],
        "is_managed": is_managed,
        "writes": own.role in {Membership.Role.MANAGER, Membership.Role.EDITOR},
        "actions": actions_for(own),
        "may_hand_over": is_managed and len(places) > 1,
        "freshness": freshness_of(organisation),
        "is_old": organisation.confirmed_at < timezone.now() - FRESH_FOR,
        "corrections": organisation.open_corrections,
    }


def _managed_place(request: HttpRequest, pk: int) -> Membership:
    """Return somebody's place in an organisation that the reader manages; 404 unless they act for it, 403 else."""
    user = cast("User", request.user)
    own = Membership.objects.active().filter(user=user).values("organisation_id")
    reachable = Membership.objects.active().filter(organisation__in=own).select_related("user", "organisation")
    place = get_object_or_404(reachable, pk=pk)
    if not selectors.organisation_ids_managed_by(user).filter(organisation_id=place.organisation_id).exists():
        raise PermissionDenied
    return place


def _refused(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Name another manager first: the organisation would be left without one."))
    return redirect("my_directory:organisations")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what each role may do, and give a member of an organisation another one."""
    place = _managed_place(request, pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": place.role})
    if request.method != "POST" or not form.is_valid():
        context = {"place": place, "form": form, "is_own": place.user_id == request.user.pk}
        status = 422 if request.method == "POST" else 200
        return render(request, "directory/membership_role.html", context, status=status)
    try:
        services.change_role(membership=place, role=form.cleaned_data["role"])
    except services.SoleManagerError:
        return _refused(request)
    place.refresh_from_db()
    values = {"name": str(place.user), "role": place.get_role_display()}
    messages.success(request, _("%(name)s is now: %(role)s.") % values)
    return redirect("my_directory:organisations")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the colleague who manages the organisation from now on."""
    own = get_object_or_404(
        Membership.objects.active().select_related("organisation", "user"),
        pk=pk,
        user=cast("User", request.user),
    )
    if own.role != Membership.Role.MANAGER:
        raise PermissionDenied
    form = HandOverForm(request.POST if request.method == "POST" else None, own=own)
    if request.method != "POST" or not form.is_valid():
        context = {"place": own, "form": form, "is_alone": not form.fields["place"].queryset.exists()}  # type: ignore[attr-defined]
        status = 422 if request.method == "POST" else 200
        return render(request, "directory/membership_hand_over.html", context, status=status)
    chosen = form.cleaned_data["place"]
    services.hand_over(membership=own, to=chosen)
    words = {"name": str(chosen.user), "organisation": own.organisation.name}
    messages.success(request, _("%(name)s now manages %(organisation)s; you are an editor of it.") % words)
    return redirect("my_directory:organisations")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a person is removed from an organisation, then do it."""
    place = _managed_place(request, pk)
    if request.method != "POST":
        return render(request, "directory/membership_end.html", {"place": place, "is_own": False})
    return _end(request, place, _("%(name)s no longer acts for %(organisation)s."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask before a person leaves an organisation, then do it."""
    own = Membership.objects.active().select_related("organisation", "user")
    place = get_object_or_404(own, pk=pk, user=cast("User", request.user))
    if request.method != "POST":
        context = {"place": place, "is_own": True, "is_sole_manager": selectors.is_sole_manager(place)}
        return render(request, "directory/membership_end.html", context)
    return _end(request, place, _("You no longer act for %(organisation)s."))


def _end(request: HttpRequest, place: Membership, done: str) -> HttpResponse:
    try:
        services.end_membership(membership=place)
    except services.SoleManagerError:
        return _refused(request)
    messages.success(request, done % {"name": str(place.user), "organisation": place.organisation.name})
    return redirect("my_directory:organisations")
