"""What settles a discussion, and what a member keeps of it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum.community.forms.moderating import CiteForm
from forum.community.forms.writing import VoteForm
from forum.community.models import AnswerOffer, Discussion, Message
from forum.community.permissions import Permissions
from forum.community.selectors import discussions as reads
from forum.community.selectors.links import cards_of
from forum.community.selectors.similar import things_to_link
from forum.community.services import settling
from forum.community.services.competence import offer_to_answer
from forum.community.services.polls import PollClosedError, vote
from forum.community.views.common import (
    READ_OR_POST,
    discussion_or_404,
    member_of,
    members_only,
    message_or_404,
    writer_of,
)


def _settled_by(request: HttpRequest, discussion: Discussion) -> None:
    """Raise PermissionDenied unless the reader asked the question, or moderates it."""
    first = Message.objects.select_related("post").get(pk=discussion.topic.first_post_id)
    if not Permissions(request.user).may_settle(discussion, first):
        raise PermissionDenied


@require_POST
@members_only
def helpful(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which answer helped: the discussion is solved."""
    user, _permissions = writer_of(request)
    message = message_or_404(request, pk)
    discussion = message.post.topic.discussion
    _settled_by(request, discussion)
    if message.is_first or not message.post.approved:
        raise Http404
    settling.mark_helpful(message=message, by=user)
    messages.success(request, _("Thank you: the discussion is solved, and this answer stands below the question."))
    return redirect("community_forum:message", pk=pk)


@require_POST
@members_only
def solved(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a discussion without choosing an answer, or open it again."""
    writer_of(request)
    discussion = discussion_or_404(request, pk)
    _settled_by(request, discussion)
    is_solved = request.POST.get("etat") == "resolue"
    settling.mark_solved(discussion=discussion, is_solved=is_solved)
    messages.success(request, _("The discussion is solved.") if is_solved else _("The discussion is open again."))
    return redirect(discussion.get_absolute_url())


@require_POST
@members_only
def useful(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a message is useful, or take it back: the same button does both."""
    user, permissions = writer_of(request)
    message = message_or_404(request, pk)
    if permissions.wrote(message) or not message.post.approved:
        raise PermissionDenied
    is_voted = message.post.useful_votes.filter(user=user).exists()
    settling.vote_useful(user=user, message=message, is_useful=not is_voted)
    return redirect("community_forum:message", pk=pk)


@require_POST
@members_only
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a discussion at hand, or no longer."""
    user = member_of(request)
    discussion = discussion_or_404(request, pk)
    settling.bookmark(user=user, topic=discussion.topic, is_kept=request.POST.get("garder") == "oui")
    return redirect(discussion.get_absolute_url())


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def cite(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a discussion to a sheet, found by its name, or take a link away."""
    user, permissions = writer_of(request)
    discussion = discussion_or_404(request, pk)
    first = Message.objects.select_related("post").get(pk=discussion.topic.first_post_id)
    if not (permissions.may_settle(discussion, first) or permissions.may_reply_to(discussion)):
        raise PermissionDenied
    if request.method == "POST":
        return _change_citation(request, discussion, permissions)
    form = CiteForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    cited = reads.citations_of(discussion)
    cards = cards_of(cited, reader=user)
    context = {
        "discussion": discussion,
        "form": form,
        "text": text,
        "found": [hit for hit in things_to_link(text, user=user) if hit.key not in cited],
        "cited": [cards[key] for key in cited if key in cards],
        "may_remove": permissions.may_settle(discussion, first),
    }
    return render(request, "community_forum/cite.html", context)


def _change_citation(request: HttpRequest, discussion: Discussion, permissions: Permissions) -> HttpResponse:
    key = request.POST.get("cle", "").replace("\0", "")[:120]
    user = member_of(request)
    card = cards_of([key], reader=user).get(key)
    if request.POST.get("action") == "retirer":
        _settled_by(request, discussion)
        settling.uncite(topic=discussion.topic, key=key)
        messages.success(request, _("The link is taken away."))
    elif card is None or card.kind != "sheet":
        raise Http404
    else:
        settling.cite(topic=discussion.topic, key=key, by=user)
        messages.success(request, _("This discussion is now linked to “%(title)s”.") % {"title": card.title})
    return redirect(discussion.get_absolute_url())


@require_POST
@members_only
def poll(request: HttpRequest, pk: int) -> HttpResponse:
    """Vote in the poll of a discussion; one may vote again while it is open."""
    user, _permissions = writer_of(request)
    discussion = discussion_or_404(request, pk)
    asked = getattr(discussion.topic, "poll", None)
    if asked is None:
        raise Http404
    options = {option.pk: option for option in reads.poll_options(asked.pk, user)}
    choices = [(option.pk, option.text) for option in options.values()]
    form = VoteForm(request.POST, options=choices, most=asked.max_options, question=asked.question)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors.get("choices", [])))
        return redirect(f"{discussion.get_absolute_url()}#sondage")
    try:
        vote(user=user, poll=asked, options=[options[pk] for pk in form.cleaned_data["choices"]])
    except PollClosedError:
        messages.error(request, _("This poll is closed."))
    else:
        messages.success(request, _("Your vote is counted. You may change it while the poll is open."))
    return redirect(f"{discussion.get_absolute_url()}#sondage")


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def offer(request: HttpRequest) -> HttpResponse:
    """Offer to be asked what nobody has answered, or no longer."""
    user = member_of(request)
    if request.method == "POST":
        offers = request.POST.get("offre") == "oui"
        offer_to_answer(user=user, offers=offers)
        said = _("Thank you. You are asked twice a week at most.") if offers else _("You are not asked any more.")
        messages.success(request, said)
        return redirect("community_forum:offer")
    profile = user.profile  # type: ignore[attr-defined]
    context = {
        "offers": AnswerOffer.objects.filter(user=user).exists(),
        "themes": list(profile.themes.all()),
        "territories": list(profile.territories.all()),
        "requests": list(
            user.answer_requests.filter(topic__discussion__in=Discussion.objects.visible_to(user)).select_related(
                "topic__forum__space", "topic__discussion"
            )[:10]
        ),
        "profile_url": reverse("my_directory:profile"),
    }
    return render(request, "community_forum/offer.html", context)
