"""Acts of moderators on a discussion or a message; its region is its own, whatever the address says."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from forum.community.enums import SanctionKind
from forum.community.forms.moderating import (
    MergeForm,
    MoveForm,
    ReasonForm,
    ResourceForm,
    SanctionForm,
    SplitForm,
)
from forum.community.models import Discussion, Message, Space
from forum.community.permissions import Permissions
from forum.community.selectors import discussions as reads
from forum.community.selectors.people import author_of
from forum.community.services import moderating
from forum.community.services.resources import ResourceDraft, draft_resource
from forum.community.texts import excerpt, reusable
from forum.community.views.common import READ_OR_POST, member_of, members_only, message_or_404, moderated_or_403
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.content.enums import ResourceKind
from portal.content.models import ResourceIndexPage

#: Messages offered to a split: the first page of the discussion and the next ones.
MOST_SPLIT = 100
RANKS = {"ordinaire": Topic.TOPIC_POST, "epinglee": Topic.TOPIC_STICKY, "annonce": Topic.TOPIC_ANNOUNCE}


def _moderated_message(request: HttpRequest, pk: int) -> Message:
    message = message_or_404(request, pk)
    if not Permissions(request.user).moderates(message.post.topic.discussion):
        raise PermissionDenied
    return message


@require_POST
@members_only
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a discussion, or open it again."""
    discussion, _permissions = moderated_or_403(request, pk)
    is_locked = request.POST.get("etat") == "fermee"
    moderating.lock(discussion=discussion, by=member_of(request), is_locked=is_locked)
    messages.success(request, _("The discussion is closed.") if is_locked else _("The discussion is open again."))
    return redirect(discussion.get_absolute_url())


@require_POST
@members_only
def rank(request: HttpRequest, pk: int) -> HttpResponse:
    """Pin a discussion, make an announcement of it, or an ordinary one."""
    discussion, _permissions = moderated_or_403(request, pk)
    wanted = RANKS.get(request.POST.get("rang", ""), Topic.TOPIC_POST)
    moderating.set_rank(discussion=discussion, by=member_of(request), rank=wanted)
    messages.success(request, _("The place of the discussion in its space has changed."))
    return redirect(discussion.get_absolute_url())


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a discussion to another space."""
    discussion, _permissions = moderated_or_403(request, pk)
    spaces = Space.objects.visible_to(request.user).exclude(pk=discussion.topic.forum_id).select_related("forum")
    form = MoveForm(request.POST if request.method == "POST" else None, spaces=spaces)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        moderating.move(discussion=discussion, by=member_of(request), space=cleaned["space"], reason=cleaned["reason"])
        messages.success(request, _("The discussion is now in “%(space)s”.") % {"space": cleaned["space"]})
        return redirect(_address(discussion))
    return _act_page(request, discussion, form, _("Move the discussion"), _("Move"))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Move all messages of a discussion into another one."""
    discussion, permissions = moderated_or_403(request, pk)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        into = reads.discussion_at(request.user, form.cleaned_data["target"])
        if into is None or not permissions.moderates(into):
            form.add_error("target", _("You moderate no discussion of this number."))
        else:
            try:
                moderating.merge(
                    discussion=discussion, into=into, by=member_of(request), reason=form.cleaned_data["reason"]
                )
            except moderating.NotAllowedHereError:
                form.add_error("target", _("It must be another discussion, which the same readers read."))
            else:
                messages.success(request, _("All messages are now in “%(title)s”.") % {"title": into.topic.subject})
                return redirect(_address(into))
    return _act_page(request, discussion, form, _("Merge the discussion into another"), _("Merge"))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Take messages out of a discussion into a new one."""
    discussion, _permissions = moderated_or_403(request, pk)
    found = [one for one in reads.messages_of(request.user, discussion)[:MOST_SPLIT] if not _opens(one, discussion)]
    choices = [(str(one.pk), excerpt(one.post._content_rendered or "", 120)) for one in found]
    form = SplitForm(request.POST if request.method == "POST" else None, choices=choices)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        made = moderating.split(
            discussion=discussion,
            messages=[one for one in found if str(one.pk) in cleaned["messages"]],
            by=member_of(request),
            subject=cleaned["subject"],
            reason=cleaned["reason"],
        )
        messages.success(request, _("The messages are now in a discussion of their own."))
        return redirect(_address(made))
    return _act_page(request, discussion, form, _("Split the discussion"), _("Make a new discussion"))


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def resource(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a page of resource from a discussion that is solved; an administrator publishes it."""
    discussion, _permissions = moderated_or_403(request, pk)
    # Asked before anything is typed: without that page there is nowhere to put it.
    if not discussion.is_solved or not ResourceIndexPage.objects.exists():
        raise Http404
    user = member_of(request)
    form = ResourceForm(request.POST if request.method == "POST" else None, initial=_resource_values(discussion))
    if request.method == "POST" and form.is_valid():
        names = ("title", "kind", "summary", "text")
        draft = ResourceDraft(**{name: form.cleaned_data[name] for name in names})
        page = draft_resource(discussion=discussion, by=user, draft=draft)
        if page.permissions_for_user(user).can_edit():
            return redirect("wagtailadmin_pages:edit", page.pk)
        messages.success(request, _("The draft is kept: an administrator reads it again, then publishes it."))
        return redirect(discussion.get_absolute_url())
    context = {
        "discussion": discussion,
        "form": form,
        "was_drafted": any(key.startswith("resource:") for key in reads.citations_of(discussion)),
    }
    return render(request, "community_forum/resource.html", context, status=422 if form.is_bound else 200)


def _resource_values(discussion: Discussion) -> dict[str, str]:
    """Return what the discussion gives to a resource: its title, its question, the answer that helped."""
    wanted = (discussion.topic.first_post_id or 0, discussion.helpful_post_id or 0)
    # Read again: the page of a discussion does without what was typed.
    posts = Post.objects.in_bulk(wanted)
    asked, helped = (posts.get(pk) for pk in wanted)
    parts = [f"## {_('The question')}\n\n{reusable(asked.content.raw)}"] if asked else []
    parts += [f"## {_('What helped')}\n\n{reusable(helped.content.raw)}"] if helped else []
    return {
        "title": discussion.topic.subject,
        "kind": ResourceKind.GUIDE,
        "summary": excerpt(helped._content_rendered or "", 300) if helped else "",
        "text": "\n\n".join(parts),
    }


def _opens(message: Message, discussion: Discussion) -> bool:
    return message.pk == discussion.topic.first_post_id


def _address(discussion: Discussion) -> str:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk).get_absolute_url()


def _act_page(
    request: HttpRequest, discussion: Discussion, form: Any, title: str, submit: str, **more: Any
) -> HttpResponse:
    context = {"discussion": discussion, "form": form, "title": title, "submit": submit, **more}
    return render(request, "community_forum/act.html", context, status=422 if form.is_bound else 200)


@require_POST
@members_only
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a message that waits or was withdrawn."""
    message = _moderated_message(request, pk)
    try:
        moderating.approve(message=message, by=member_of(request), read=request.POST.get("lu", ""))
    except moderating.ChangedMeanwhileError:
        messages.warning(request, _("Its author has changed this message since you read it: read it again."))
    else:
        messages.success(request, _("The message is published."))
    if request.POST.get("suite") == "file":
        return redirect("forum_animation:queue")
    return redirect("community_forum:message", pk=pk)


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuse a message that waits, or withdraw a published one, with the reason."""
    message = _moderated_message(request, pk)
    discussion = message.post.topic.discussion
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        moderating.withhold(message=message, by=member_of(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The message is withdrawn; its author is told why."))
        return redirect("forum_animation:queue")
    quoted = excerpt(message.post._content_rendered or "", 400)
    return _act_page(
        request, discussion, form, _("Withdraw a message"), pgettext("a message", "Withdraw"), quoted=quoted
    )


@never_cache
@require_http_methods(READ_OR_POST)
@members_only
def sanction(request: HttpRequest, pk: int) -> HttpResponse:
    """Warn the author of a message, or suspend what they write."""
    message = _moderated_message(request, pk)
    author = author_of(message.post)
    if author is None or author.pk == request.user.pk or Permissions(author).moderates(message.post.topic.discussion):
        raise PermissionDenied
    form = SanctionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        until = timezone.now() + timedelta(days=cleaned["days"]) if cleaned["days"] else None
        moderating.sanction(
            user=author, by=member_of(request), kind=cleaned["kind"], reason=cleaned["reason"], until=until
        )
        is_warning = cleaned["kind"] == SanctionKind.WARNING
        messages.success(request, _("The person is warned.") if is_warning else _("The person no longer writes."))
        return redirect("forum_animation:sanctions")
    quoted = excerpt(message.post._content_rendered or "", 400)
    title = _("Warn or suspend the author")
    return _act_page(request, message.post.topic.discussion, form, title, _("Decide"), quoted=quoted)
