"""Possible duplicates: what a typed name resembles, the queue of the animators, merging and undoing."""

from decimal import Decimal
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.animation_views import PER_PAGE, require_animator
from directory.duplicates.likeness import similar_to
from directory.duplicates.merging import (
    CannotMergeError,
    check_mergeable,
    merge_organisations,
    preview_merge,
    undo_merge,
)
from directory.duplicates.services import keep_apart
from directory.models import DuplicatePair, MergeLog, Organisation
from directory.phones import format_public_phone
from directory.siret import format_siret
from portal.accounts.models import User
from portal.core.dates import format_day
from portal.core.money import format_percent
from portal.core.throttle import client_network, take_turn
from portal.taxonomy.selectors import communes_matching

REASONS = {
    "siret": gettext_lazy("same SIRET"),
    "phone": gettext_lazy("same telephone"),
    "name": gettext_lazy("names alike in the same municipality"),
}


#: Questions that one machine may ask in a minute while names are typed: an agency sits behind one address.
NAMES, MINUTE = 120, 60


@require_safe
@cache_control(max_age=60)
def similar_names(request: HttpRequest) -> JsonResponse:
    """Return the listed organisations that a name resembles while it is typed, as JSON; 429 to a flood."""
    if not take_turn("directory-names", client_network(request), limit=NAMES, seconds=MINUTE):
        return JsonResponse({"found": []}, status=429)
    name = request.GET.get("nom", "")[:150]
    places = communes_matching(request.GET.get("commune", "")[:120])
    besides = Organisation.objects.filter(slug=request.GET.get("sauf", "")[:160].replace("\x00", "")).first()
    found = similar_to(name, seat=places[0] if len(places) == 1 else None, besides=besides)
    return JsonResponse({"found": [_row(candidate.organisation) for candidate in found]})


def _row(organisation: Organisation) -> dict[str, str]:
    return {"name": organisation.name, "url": organisation.get_absolute_url(), "about": _about(organisation)}


def _about(organisation: Organisation) -> str:
    return ", ".join([organisation.kind.name, *([str(organisation.seat)] if organisation.seat else [])])


@require_safe
@login_required
def pairs(request: HttpRequest) -> HttpResponse:
    """List the pairs that wait for a decision, the likeliest first, and the latest merges."""
    user = require_animator(request)
    waiting = DuplicatePair.objects.visible_to(user).undecided()
    waiting = waiting.select_related("first__kind", "first__seat", "second__kind", "second__seat")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    merges = MergeLog.objects.visible_to(user).select_related("kept", "absorbed", "merged_by", "undone_by")[:10]
    context = {
        "page": page,
        "rows": [{"pair": pair, "facts": _pair_facts(pair)} for pair in page.object_list],
        "merges": [{"merge": merge, "day": format_day(timezone.localdate(merge.merged_at))} for merge in merges],
    }
    return render(request, "directory/animation/pair_list.html", context)


def _reasons(pair: DuplicatePair) -> str:
    return ", ".join(str(REASONS[reason]) for reason in pair.reasons if reason in REASONS)


def _pair_facts(pair: DuplicatePair) -> list[dict[str, Any]]:
    """Return how much the two look alike and why, and what each is."""
    likeness = f"{format_percent(Decimal(pair.score))} – {_reasons(pair)}"
    sides = ((_("One"), pair.first), (_("The other"), pair.second))
    return [
        {"label": _("Likeness"), "value": likeness},
        *({"label": side, "value": f"{one.name} ({_about(one)})"} for side, one in sides),
    ]


def _visible_pair(request: HttpRequest, pk: int) -> DuplicatePair:
    user = require_animator(request)
    visible = DuplicatePair.objects.visible_to(user).undecided()
    return get_object_or_404(
        visible.select_related("first__kind", "first__seat", "second__kind", "second__seat"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two organisations side by side and what merging them would do; POST merges them."""
    found = _visible_pair(request, pk)
    sides = {"1": (found.first, found.second), "2": (found.second, found.first)}
    asked = request.POST.get("garder") or request.GET.get("garder") or _fuller(found)
    kept, absorbed = sides.get(asked, sides["1"])
    if request.method == "POST":
        return _merge(request, kept, absorbed)
    try:
        check_mergeable(kept, absorbed)
        is_mergeable = True
    except CannotMergeError:
        is_mergeable = False
    context = {
        "pair": found,
        "reasons": _reasons(found),
        "kept": kept,
        "absorbed": absorbed,
        "kept_number": "1" if kept.pk == found.first_id else "2",
        "other_number": "2" if kept.pk == found.first_id else "1",
        "comparison": _comparison(kept, absorbed),
        "preview": preview_merge(kept, absorbed, by=cast("User", request.user)),
        "is_mergeable": is_mergeable,
    }
    return render(request, "directory/animation/pair_detail.html", context)


def _fuller(pair: DuplicatePair) -> str:
    """Return which of the two says more: it is the one to keep unless a human chooses the other."""

    def fullness(one: Organisation) -> int:
        said = (one.verified_at, one.siret, one.description, one.website, one.phone, one.seat_id)
        return sum(bool(value) for value in said)

    return "1" if fullness(pair.first) >= fullness(pair.second) else "2"


def _comparison(kept: Organisation, absorbed: Organisation) -> list[dict[str, Any]]:
    def cells(one: Organisation) -> list[Any]:
        return [
            format_html('<a href="{}">{}</a>', one.get_absolute_url(), one.name),
            one.kind.name,
            str(one.seat or ""),
            format_siret(one.siret),
            format_public_phone(one.phone, one.phone_extension),
            one.website,
            _("yes") if one.verified_at else "",
        ]

    labels = (_("Name"), _("Kind"), _("Seat"), _("SIRET"), _("Telephone"), _("Website"), _("Verified"))
    rows = [row for row in zip(labels, cells(kept), cells(absorbed), strict=True) if any(row[1:])]
    return [{"label": label, "kept": here, "absorbed": there, "same": here == there} for label, here, there in rows]


def _merge(request: HttpRequest, kept: Organisation, absorbed: Organisation) -> HttpResponse:
    try:
        merge_organisations(kept=kept, absorbed=absorbed, by=cast("User", request.user))
    except CannotMergeError:
        messages.error(request, _("These two have different SIRETs, or one has been merged meanwhile."))
    else:
        words = {"absorbed": absorbed.name, "kept": kept.name}
        messages.success(
            request, _("%(absorbed)s is now %(kept)s. You can undo it at the bottom of this page.") % words
        )
    return redirect("directory_animation:pairs")


@require_POST
@login_required
def distinct(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the two are two."""
    found = _visible_pair(request, pk)
    keep_apart(pair=found, by=cast("User", request.user))
    messages.success(request, _("Remembered: these are two organisations. Nobody is asked again."))
    return redirect("directory_animation:pairs")


@require_POST
@login_required
def undo(request: HttpRequest, uid: Any) -> HttpResponse:
    """Undo a merge."""
    user = require_animator(request)
    merge = get_object_or_404(MergeLog.objects.visible_to(user).select_related("absorbed"), uid=uid)
    stayed = undo_merge(merge=merge, by=user)
    words = {"name": merge.absorbed.name, "stayed": stayed}
    if stayed:
        messages.warning(request, _("%(name)s is back; %(stayed)d rows changed since stay where they are.") % words)
    else:
        messages.success(request, _("%(name)s is back, with all that was its own.") % words)
    return redirect("directory_animation:pairs")
