"""Reading: spaces, lists, a discussion, a message, a file."""

from typing import Any, cast
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from forum.community.enums import DiscussionFilter
from forum.community.forms.writing import VoteForm
from forum.community.models import Discussion, HiddenAuthor, Message, Space
from forum.community.permissions import Permissions
from forum.community.presentation import forum_tabs, rows_of, space_row, space_rows_for
from forum.community.selectors import discussions as reads
from forum.community.selectors.links import cards_of
from forum.community.selectors.people import hidden_authors_of
from forum.community.selectors.spaces import spaces_below
from forum.community.services.polls import is_open
from forum.community.services.reading import mark_all_read, note_read
from forum.community.texts import excerpt, quote
from forum.community.thread import Thread
from forum.community.views.common import (
    AREAS,
    PER_PAGE,
    KnownCountPaginator,
    chip_links,
    list_context,
    member_of,
    members_only,
    message_or_404,
    read_filter,
    sort_links,
    space_or_404,
)
from forum.community.views.writing import reply_form
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.forum_polls.models import TopicPoll
from portal.accounts.models import User
from portal.accounts.rules import is_member
from portal.core.dates import format_day
from portal.core.money import format_decimal
from portal.core.page_cache import depend_on
from portal.core.remember import remembered
from portal.notifications.services import mark_seen
from portal.taxonomy.selectors import regions_with_departments
from search.sources import found_area

#: What the cards below messages come from: sheets and events, and what the index says of them.
CARD_AREAS = ("sheets", "agenda", found_area("sheet"), found_area("event"))
#: Questions that wait, beside the index.
WAITING_SHOWN = 4


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the spaces, and the questions that have waited longest."""
    depend_on(request, *AREAS)
    waiting = reads.longest_unanswered(request.user, WAITING_SHOWN)
    context = {
        "spaces": space_rows_for(request.user),
        "waiting": rows_of(waiting, request.user),
        "tabs": forum_tabs(request.user, "index"),
        "ask_url": reverse("community_forum:ask"),
        "is_member": is_member(request.user),
    }
    return render(request, "community_forum/index.html", context)


@require_safe
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """List the discussions of a space."""
    here = space_or_404(request, slug)
    _form, chosen = read_filter(request)
    found = reads.ordered(reads.narrowed(reads.in_space(here), chosen), chosen, ranked=True)
    is_whole = not chosen.state and chosen.territory is None
    known = here.forum.direct_topics_count if is_whole else None
    context = list_context(request, found, current="", known_count=known, here=here)
    context |= _filters(request, chosen) | {
        "space": here,
        "above": _above(here),
        "below": [space_row(one) for one in spaces_below(request.user, here)],
        "ask_url": f"{reverse('community_forum:ask')}?theme={here.slug}",
        "may_ask": Permissions(request.user).may_open_in(here) if is_member(request.user) else not here.animators_open,
        "feed_url": reverse("community_forum:space_feed", args=[here.slug]) if here.is_open else "",
    }
    return render(request, "community_forum/space.html", context)


def _above(space: Space) -> Space | None:
    parent = space.forum.parent
    return getattr(parent, "space", None) if parent is not None else None


def _filters(request: HttpRequest, chosen: reads.ListFilter) -> dict[str, Any]:
    return {
        "chosen": chosen,
        "sorts": sort_links(request, chosen.sort),
        "chips": chip_links(request, chosen),
        "states": _state_options(chosen),
        "places": _place_options(chosen),
    }


def _state_options(chosen: reads.ListFilter) -> list[dict[str, Any]]:
    return [
        {"value": value, "label": label, "selected": value == chosen.state} for value, label in DiscussionFilter.choices
    ]


def _place_options(chosen: reads.ListFilter) -> list[dict[str, Any]]:
    code = chosen.territory.public_code if chosen.territory else ""
    everywhere = {"value": "", "label": _("Everywhere"), "selected": not code}
    return [everywhere, *({"value": value, "label": label, "selected": value == code} for value, label in _places())]


@remembered("taxonomy")
def _places() -> tuple[tuple[str, str], ...]:
    """Return the regions, each followed by its departments, as choices."""
    return tuple(
        (place.public_code, place.name if place is region else f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{place}")
        for region in regions_with_departments()
        for place in (region, *region.departments_inside)  # type: ignore[attr-defined]
    )


@require_safe
def all_discussions(request: HttpRequest) -> HttpResponse:
    """List every discussion that the reader reads."""
    _form, chosen = read_filter(request)
    found = reads.narrowed(Discussion.objects.visible_to(request.user), chosen)
    found = reads.ordered(found, chosen, ranked=False)
    is_whole = not chosen.state and chosen.territory is None
    known = reads.discussions_count(request.user) if is_whole else None
    return _list(request, found, "all", _("All discussions"), known_count=known, **_filters(request, chosen))


@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """List the questions that wait."""
    return _list(request, reads.unanswered_for(request.user), "unanswered", _("Unanswered questions"))


@require_safe
@members_only
def unread(request: HttpRequest) -> HttpResponse:
    """List what the member has not read."""
    user = member_of(request)
    return _list(request, reads.unread_for(user), "unread", _("Unread discussions"))


@require_safe
@members_only
def followed(request: HttpRequest) -> HttpResponse:
    """List what the member follows."""
    return _list(request, reads.followed_by(member_of(request)), "followed", _("Discussions that I follow"))


@require_safe
@members_only
def mine(request: HttpRequest) -> HttpResponse:
    """List what the member asked."""
    return _list(request, reads.opened_by(member_of(request)), "mine", _("My discussions"))


@require_safe
@members_only
def kept(request: HttpRequest) -> HttpResponse:
    """List what the member keeps at hand."""
    return _list(request, reads.kept_by(member_of(request)), "kept", _("Discussions kept at hand"))


def _list(
    request: HttpRequest, found: Any, current: str, title: str, *, known_count: int | None = None, **more: Any
) -> HttpResponse:
    context = list_context(request, found, current=current, known_count=known_count)
    context |= {"title": title, "current": current} | more
    return render(request, "community_forum/discussion_list.html", context)


@require_POST
@members_only
def read_all(request: HttpRequest) -> HttpResponse:
    """Note everything, or one space, as read."""
    user = member_of(request)
    spaces = list(Space.objects.visible_to(user).select_related("forum"))
    slug = request.POST.get("espace", "")
    mark_all_read(user=user, spaces=[one for one in spaces if not slug or one.slug == slug])
    return redirect("community_forum:unread")


@require_safe
def discussion(request: HttpRequest, slug: str, pk: int, title: str) -> HttpResponse:
    """Show a discussion; an address that has changed leads to the present one."""
    found = reads.discussion_at(request.user, pk)
    if found is None:
        return _moved(request, pk)
    if request.path != found.get_absolute_url():
        query = request.META.get("QUERY_STRING", "")
        # Not for ever: what was moved may be moved back, and browsers keep a permanent redirection.
        return redirect(f"{found.get_absolute_url()}{'?' if query else ''}{query}")
    depend_on(request, *AREAS, *CARD_AREAS)
    context = thread_context(request, found)
    if is_member(request.user):
        user = cast("User", request.user)
        if getattr(found, "is_unread", True):
            note_read(user=user, discussion=found)
        mark_seen(user=user, group=f"forum.discussion:{found.pk}")
        context["form"] = reply_form(
            request, found, context["thread"].permissions, quoted=_quoted(request, found, context["thread"])
        )
    return render(request, "community_forum/discussion.html", context)


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a discussion that was merged to the one that holds its messages now."""
    kept_one = reads.merged_into(request.user, pk)
    if kept_one is None:
        raise Http404
    return redirect(kept_one.get_absolute_url())


def thread_context(request: HttpRequest, found: Discussion) -> dict[str, Any]:
    """Return what the page of a discussion shows, whoever reads it."""
    permissions = Permissions(request.user)
    query = reads.messages_of(request.user, found)
    page = _page_of(request, found, query, permissions)
    messages = list(page.object_list)
    thread = Thread(found, permissions)
    cited = reads.citations_of(found) if found.has_citations else []  # type: ignore[attr-defined]
    cards = cards_of([*cited, *(key for message in messages for key in message.links)], reader=request.user)
    thread.cards = cards
    thread.own = _own_anonymous(request, found, messages)
    thread.hidden = hidden_authors_of(messages) if thread.moderates else {}
    first = (page.number - 1) * PER_PAGE
    return {
        "discussion": found,
        "search_key": f"discussion:{found.pk}",
        "topic": found.topic,
        "space": found.topic.forum.space,
        "above": _above(found.topic.forum.space),
        "page": page,
        "thread": thread,
        "messages_shown": [thread.present(message, first + number) for number, message in enumerate(messages, start=1)],
        "citations": [cards[key] for key in cited if key in cards],
        "helpful": _helpful(request, found, page.number, messages),
        "poll": _poll(request, found, permissions),
        "is_bookmarked": getattr(found, "is_bookmarked", False),
        "kicker": found.topic.forum.name,
        "facts": _facts(found),
        "may_settle": thread.may_settle,
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': found.get_absolute_url()})}",
    }


def _facts(found: Discussion) -> list[dict[str, Any]]:
    topic = found.topic
    facts = [{"label": pgettext("a question", "Asked on"), "value": format_day(timezone.localtime(topic.created))}]
    if found.territory is not None:
        facts.append({"label": _("Territory"), "value": str(found.territory)})
    facts.append({"label": _("Answers"), "value": format_decimal(found.answers_count)})
    if topic.views_count:
        facts.append({"label": _("Read by"), "value": _members(topic.views_count)})
    return facts


def _members(count: int) -> str:
    return ngettext("%(count)s member", "%(count)s members", count) % {"count": format_decimal(count)}


def _page_of(request: HttpRequest, found: Discussion, query: Any, permissions: Permissions) -> Any:
    # What waits for a moderator is counted for those who see it: moderators, and who wrote it.
    sees_more = permissions.moderates(found) or not found.topic.approved or getattr(found, "has_waiting", False)
    count = query.count() if sees_more else found.topic.posts_count
    return KnownCountPaginator(query, PER_PAGE, count=count).get_page(request.GET.get("page"))


def _own_anonymous(request: HttpRequest, found: Discussion, messages: list[Message]) -> frozenset[int]:
    """Return which anonymous messages are the reader's own: of this page, and the question whatever the page."""
    ids = {message.pk for message in messages if message.is_anonymous}
    first = found.topic.first_post
    if first is not None and first.message.is_anonymous:
        ids.add(first.pk)
    if not ids or not request.user.is_authenticated:
        return frozenset()
    own = HiddenAuthor.objects.filter(post__in=ids, user=request.user)
    return frozenset(own.values_list("post_id", flat=True))


def _helpful(
    request: HttpRequest, found: Discussion, page_number: int, messages: list[Message]
) -> dict[str, str] | None:
    """Return the answer that helped, to show below the question on the first page; None where it stands there."""
    if found.helpful_post_id is None or page_number != 1 or found.helpful_post_id in {one.pk for one in messages[:2]}:
        return None
    message = Message.objects.visible_to(request.user).select_related("post").filter(pk=found.helpful_post_id).first()
    if message is None:
        return None
    url = reverse("community_forum:message", args=[message.pk])
    return {"text": excerpt(message.post._content_rendered or "", 400), "url": url}


def _poll(request: HttpRequest, found: Discussion, permissions: Permissions) -> dict[str, Any] | None:
    poll: TopicPoll | None = getattr(found.topic, "poll", None)
    if poll is None:
        return None
    poll.topic = found.topic
    options = reads.poll_options(poll.pk, request.user)
    total = sum(option.total for option in options)  # type: ignore[attr-defined]
    may_vote = permissions.may_write and is_open(poll)
    chosen = [str(option.pk) for option in options if option.is_chosen]  # type: ignore[attr-defined]
    return {
        "poll": poll,
        "total": total,
        "options": [
            {"text": option.text, "total": option.total, "share": round(100 * option.total / total) if total else 0}  # type: ignore[attr-defined]
            for option in options
        ],
        "has_voted": bool(chosen),
        "is_open": is_open(poll),
        "form": VoteForm(
            options=[(option.pk, option.text) for option in options],
            most=poll.max_options,
            question=poll.question,
            initial={"choices": chosen if poll.max_options > 1 else (chosen or [""])[0]},
        )
        if may_vote
        else None,
    }


def _quoted(request: HttpRequest, found: Discussion, thread: Thread) -> str:
    """Return the quotation of the message that the reader answers to, if the address names one."""
    wanted = request.GET.get("citer", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        return ""
    message = reads.messages_of(request.user, found).defer(None).filter(pk=int(wanted)).first()
    if message is None:
        return ""
    author = thread.authors.of(message.post.poster, is_anonymous=message.is_anonymous)
    return quote(message.post.content.raw, author.name)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a message, on its page of its discussion."""
    found = message_or_404(request, pk)
    page_number = reads.position_of(request.user, found) // PER_PAGE + 1
    address = found.post.topic.discussion.get_absolute_url()
    return redirect(f"{address}{f'?page={page_number}' if page_number > 1 else ''}#message-{found.pk}")


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a message said before it was changed."""
    found = message_or_404(request, pk)
    revisions = list(found.post.revisions.select_related("edited_by"))
    context = {"message": found, "discussion": found.post.topic.discussion, "revisions": revisions}
    return render(request, "community_forum/history.html", context)


@require_safe
def attachment(request: HttpRequest, uid: str) -> FileResponse:
    """Serve a file of a message to those who read the message; to others it does not exist."""
    readable = Message.objects.reachable_by(request.user).values("post_id")
    found = get_object_or_404(Attachment.objects.filter(post__in=readable), uid=uid)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=found.name, content_type="application/octet-stream")
    patch_cache_control(response, private=True, no_store=True)
    return response
