"""Reading: spaces, lists, a discussion, a message, a file."""

from collections.abc import Callable, Sequence
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
from forum.community.lists import (
    PER_PAGE,
    ListPage,
    list_page,
    longest_unanswered,
    page_of_all,
    page_of_space,
    page_of_unanswered,
)
from forum.community.models import Discussion, DiscussionQuerySet, HiddenAuthor, Message, Space
from forum.community.models.discussions import readable_space_ids
from forum.community.page_cache_rules import AREAS
from forum.community.permissions import Permissions
from forum.community.presentation import Names, forum_tabs, levels_read_by, space_rows_below, space_rows_for
from forum.community.selectors import discussions as reads
from forum.community.selectors.links import cards_of
from forum.community.selectors.people import hidden_authors_of
from forum.community.services.polls import is_open
from forum.community.services.reading import mark_all_read, note_read
from forum.community.texts import excerpt, quote
from forum.community.thread import Thread, ThreadPage, thread_page
from forum.community.views.common import (
    chip_links,
    list_context,
    member_of,
    members_only,
    message_or_404,
    page_number,
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
    spaces = tuple(readable_space_ids(request.user))
    context = {
        "spaces": space_rows_for(request.user),
        "waiting": longest_unanswered(spaces, WAITING_SHOWN, levels_read_by(request.user)),
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
    listed = page_of_space(here, chosen, page_number(request), levels_read_by(request.user))
    context = list_context(request, listed, current="") | _filters(request, chosen)
    context |= {
        "space": here,
        "above": _above(here, request),
        "below": space_rows_below(request.user, here),
        "ask_url": f"{reverse('community_forum:ask')}?theme={here.slug}",
        "may_ask": Permissions(request.user).may_open_in(here) if is_member(request.user) else not here.animators_open,
        "feed_url": reverse("community_forum:space_feed", args=[here.slug]) if here.is_open else "",
    }
    return render(request, "community_forum/space.html", context)


def _above(space: Space, request: HttpRequest) -> Space | None:
    """Return the space above ``space`` where the reader reads it: its name may be its circle's alone.

    Asked at each page, never remembered with the space, which is the same for all.
    """
    parent = space.forum.parent
    if parent is None or parent.pk not in readable_space_ids(request.user):
        return None
    return getattr(parent, "space", None)


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
    spaces, levels = tuple(readable_space_ids(request.user)), levels_read_by(request.user)
    listed = page_of_all(spaces, chosen, page_number(request), levels)
    return _list(request, listed, "all", _("All discussions"), **_filters(request, chosen))


@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """List the questions that wait."""
    spaces, levels = tuple(readable_space_ids(request.user)), levels_read_by(request.user)
    listed = page_of_unanswered(spaces, page_number(request), levels)
    return _list(request, listed, "unanswered", _("Unanswered questions"))


@require_safe
@members_only
def unread(request: HttpRequest) -> HttpResponse:
    """List what the member has not read."""
    return _list(request, _own(request, reads.unread_for), "unread", _("Unread discussions"))


@require_safe
@members_only
def followed(request: HttpRequest) -> HttpResponse:
    """List what the member follows."""
    return _list(request, _own(request, reads.followed_by), "followed", _("Discussions that I follow"))


@require_safe
@members_only
def mine(request: HttpRequest) -> HttpResponse:
    """List what the member asked."""
    return _list(request, _own(request, reads.opened_by), "mine", _("My discussions"))


@require_safe
@members_only
def kept(request: HttpRequest) -> HttpResponse:
    """List what the member keeps at hand."""
    return _list(request, _own(request, reads.kept_by), "kept", _("Discussions kept at hand"))


def _own(request: HttpRequest, find: Callable[[User], DiscussionQuerySet]) -> ListPage:
    """Return a page of a list that each member has of their own."""
    return list_page(find(member_of(request)), page_number(request), levels_read_by(request.user))


def _list(request: HttpRequest, listed: ListPage, current: str, title: str, **more: Any) -> HttpResponse:
    context = list_context(request, listed, current=current) | {"title": title, "current": current} | more
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
    found = reads.discussion_to_read(request.user, pk)
    if found is None:
        return _moved(request, pk)
    if request.path != found.get_absolute_url():
        query = request.META.get("QUERY_STRING", "")
        # Not for ever: what was moved may be moved back, and browsers keep a permanent redirection.
        return redirect(f"{found.get_absolute_url()}{'?' if query else ''}{query}")
    depend_on(request, *AREAS, *CARD_AREAS)
    marks = reads.marks_of(request.user, found)
    context = thread_context(request, found, marks)
    if is_member(request.user):
        user = cast("User", request.user)
        if marks.is_unread:
            note_read(user=user, discussion=found)
        mark_seen(user=user, group=f"forum.discussion:{found.pk}")
        context["form"] = reply_form(
            request, found, context["thread"].permissions, marks, quoted=_quoted(request, found)
        )
    return render(request, "community_forum/discussion.html", context)


def _moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a discussion that was merged to the one that holds its messages now."""
    kept_one = reads.merged_into(request.user, pk)
    if kept_one is None:
        raise Http404
    return redirect(kept_one.get_absolute_url())


def thread_context(request: HttpRequest, found: Discussion, marks: reads.Marks) -> dict[str, Any]:
    """Return what the page of a discussion shows, whoever reads it."""
    permissions = Permissions(request.user)
    shown = thread_page(request.user, found, page_number(request))
    thread = Thread(found, permissions)
    cited = reads.citations_of(found) if found.has_citations else []  # type: ignore[attr-defined]
    cards = cards_of([*cited, *(key for message in shown.messages for key in message.links)], reader=request.user)
    thread.cards = cards
    thread.own = _own_anonymous(request, found, shown.messages)
    thread.hidden = hidden_authors_of(shown.messages) if thread.moderates else {}
    thread.voted = reads.voted_by(member_of(request), shown.messages) if marks.has_voted else frozenset()
    return {
        "discussion": found,
        "marks": marks,
        "search_key": f"discussion:{found.pk}",
        "topic": found.topic,
        "space": found.topic.forum.space,
        "above": _above(found.topic.forum.space, request),
        "page": shown.page,
        "thread": thread,
        "messages_shown": list(map(thread.complete, shown.cards, shown.messages)),
        "citations": [cards[key] for key in cited if key in cards],
        "helpful": _helpful(request, found, shown),
        "poll": _poll(request, found, permissions),
        "kicker": found.topic.forum.name,
        "facts": _facts(found, marks.views_count),
        "may_settle": thread.may_settle,
        "sign_in_url": f"{reverse('account_login')}?{urlencode({'next': found.get_absolute_url()})}",
    }


def _facts(found: Discussion, views_count: int) -> list[dict[str, Any]]:
    topic = found.topic
    facts = [{"label": pgettext("a question", "Asked on"), "value": format_day(timezone.localtime(topic.created))}]
    if found.territory is not None:
        facts.append({"label": _("Territory"), "value": str(found.territory)})
    facts.append({"label": _("Answers"), "value": format_decimal(found.answers_count)})
    if views_count:
        facts.append({"label": _("Read by"), "value": _members(views_count)})
    return facts


def _members(count: int) -> str:
    return ngettext("%(count)s member", "%(count)s members", count) % {"count": format_decimal(count)}


def _own_anonymous(request: HttpRequest, found: Discussion, messages: Sequence[Message]) -> frozenset[int]:
    """Return which anonymous messages are the reader's own: of this page, and the question whatever the page."""
    ids = {message.pk for message in messages if message.is_anonymous}
    first = found.topic.first_post
    if first is not None and first.message.is_anonymous:
        ids.add(first.pk)
    if not ids or not request.user.is_authenticated:
        return frozenset()
    own = HiddenAuthor.objects.filter(post__in=ids, user=request.user)
    return frozenset(own.values_list("post_id", flat=True))


def _helpful(request: HttpRequest, found: Discussion, shown: ThreadPage) -> dict[str, str] | None:
    """Return the answer that helped, to show below the question on the first page; None where it stands there."""
    pk = found.helpful_post_id
    if pk is None or shown.number != 1 or pk in {one.pk for one in shown.messages[:2]}:
        return None
    message = next((one for one in shown.messages if one.pk == pk), None) or reads.message_at(request.user, pk)
    if message is None:
        return None
    url = reverse("community_forum:message", args=[message.pk])
    return {"text": excerpt(message.post._content_rendered or "", 400), "url": url}


def _poll(request: HttpRequest, found: Discussion, permissions: Permissions) -> dict[str, Any] | None:
    poll: TopicPoll | None = getattr(found.topic, "poll", None)
    if poll is None:
        return None
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


def _quoted(request: HttpRequest, found: Discussion) -> str:
    """Return the quotation of the message that the reader answers to, if the address names one."""
    wanted = request.GET.get("citer", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        return ""
    message = reads.messages_of(request.user, found).defer(None).filter(pk=int(wanted)).first()
    if message is None:
        return ""
    author = Names(levels_read_by(request.user)).of(message.post.poster, is_anonymous=message.is_anonymous)
    return quote(message.post.content.raw, author.name)


@require_safe
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a message, on its page of its discussion."""
    found = message_or_404(request, pk)
    number = reads.position_of(request.user, found) // PER_PAGE + 1
    address = found.post.topic.discussion.get_absolute_url()
    return redirect(f"{address}{f'?page={number}' if number > 1 else ''}#message-{found.pk}")


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
