"""What the editor asks while one types: drafts, similar discussions, names to mention."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from directory.people import introduce, levels_read_by
from forum.community.selectors.people import members_beginning_with
from forum.community.selectors.similar import similar_discussions
from forum.community.services.drafts import discard_draft, draft_for, save_draft
from forum.community.views.common import member_of, members_only
from forum.community.views.writing import QUESTION


@require_POST
@members_only
def keep_draft(request: HttpRequest) -> JsonResponse:
    """Keep what is typed, as it is typed; the script of the editor calls this."""
    user = member_of(request)
    key = request.POST.get("brouillon", "")
    kind, _colon, number = key.partition(":")
    if key != QUESTION and not (kind == "reply" and number.isascii() and number.isdigit() and len(number) < 18):
        return JsonResponse({"kept": False}, status=400)
    typed = request.POST.dict()
    if any(typed.get(name, "").strip() for name in ("content", "subject")):
        save_draft(user=user, key=key, typed=typed)
    else:
        # Emptied: there is nothing to come back to, except files.
        draft = draft_for(user=user, key=key)
        if not draft.files.exists():
            discard_draft(user=user, key=key)
    return JsonResponse({"kept": True})


@require_safe
@members_only
def similar(request: HttpRequest) -> HttpResponse:
    """Return the discussions close to what is typed, as a fragment of the page."""
    member_of(request)
    found = similar_discussions(request.GET.get("q", "").replace("\0", ""), user=request.user)
    return render(request, "community_forum/_similar.html", {"similar": found})


@require_safe
@members_only
def mentions(request: HttpRequest) -> JsonResponse:
    """Return members whose name begins with what is typed after "@"."""
    user = member_of(request)
    profiles = members_beginning_with(request.GET.get("q", "").replace("\0", "")[:60], reader=user)
    shown = [introduce(profile, levels_read_by(user, profile)) for profile in profiles]
    return JsonResponse({"members": [{"name": one.name, "job": one.job_title} for one in shown]})
