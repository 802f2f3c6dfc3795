"""What the forum tells people, and what can be followed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from directory.models import Membership, Profile
from forum.community.enums import MessageState, SanctionKind
from forum.community.models import AnswerRequest, Discussion, Message, Space
from forum.community.reply_addresses import reply_address
from forum.community.rules import moderates
from forum.community.selectors.people import author_of
from portal.accounts.models import RegionTeam, User
from portal.accounts.rules import is_administrator, is_animator
from portal.core.dates import format_day
from portal.notifications.enums import Rhythm
from portal.notifications.follows import declare_followable
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event, Preference
from portal.notifications.selectors import followers_as_recipients

ASKED = gettext_noop("You asked this question.")


def _discussion_of(event: Event) -> Discussion | None:
    about = event.about
    return about.post.topic.discussion if isinstance(about, Message) else about


def _telling(title: str, *, of_message: bool) -> Callable[[Event, User], Telling | None]:
    """Return what tells of a message or a discussion, to those who still read it."""

    def tell(event: Event, user: User) -> Telling | None:
        if of_message:
            visible = Message.objects.visible_to(user).select_related(
                "post__topic__forum__space", "post__topic__discussion"
            )
            message = visible.filter(pk=event.object_id).first()
            if message is None:
                return None
            discussion, url = message.post.topic.discussion, reverse("community_forum:message", args=[message.pk])
        else:
            visible_discussions = Discussion.objects.visible_to(user).select_related("topic__forum__space")
            found = visible_discussions.filter(pk=event.object_id).first()
            if found is None:
                return None
            discussion, url = found, found.get_absolute_url()
        subject = discussion.topic.subject
        answers_at = reply_address(user, discussion.pk)
        return Telling(
            _(title) % {"title": subject},
            url,
            f"forum.discussion:{discussion.pk}",
            subject,
            text=_("Answer this mail, above what it quotes, to answer in the discussion.") if answers_at else "",
            reply_to=answers_at,
        )

    return tell


def _followers_of_question(event: Event) -> Iterator[Recipient]:
    """Yield who follows the space, its theme, the author or their organisation; never for an anonymous author."""
    discussion = _discussion_of(event)
    if discussion is None:
        return
    space = discussion.topic.forum.space
    yield from followers_as_recipients(space, reason=_("You follow the space “%(name)s”.") % {"name": space})
    if space.theme is not None:
        yield from followers_as_recipients(
            space.theme, reason=_("You follow the theme “%(name)s”.") % {"name": space.theme}
        )
    author = discussion.topic.poster
    if author is None:
        return
    profile = Profile.objects.listed().filter(user=author).first()
    if profile is not None:
        yield from followers_as_recipients(profile, reason=_("You follow %(name)s.") % {"name": author})
    places = (
        Membership.objects.active().filter(user=author, organisation__is_listed=True).select_related("organisation")
    )
    for place in places:
        yield from followers_as_recipients(
            place.organisation, reason=_("You follow %(name)s.") % {"name": place.organisation}
        )


def _followers_of_discussion(event: Event) -> Iterator[Recipient]:
    """Yield who follows the discussion; who asked is told at once unless they chose otherwise, or follow no more."""
    message = event.about
    if message is None:
        return
    discussion = message.post.topic.discussion
    author = author_of(discussion.topic.first_post) if discussion.topic.first_post else None
    for follower in followers_as_recipients(discussion, reason=_("You follow this discussion.")):
        if author is None or follower.user_id != author.pk:
            yield follower
            continue
        # They wait for it, so sooner than the default; never against what they chose, by unsubscribing too.
        has_chosen = Preference.objects.filter(user=author, kind=event.kind).exists()
        yield replace(follower, reason=_(ASKED), rhythm=follower.rhythm or ("" if has_chosen else Rhythm.NOW))


def _mentioned(event: Event) -> Iterator[Recipient]:
    for pk in (
        User.objects.filter(short_id__in=event.data.get("short_ids", ())).order_by("pk").values_list("pk", flat=True)
    ):
        yield Recipient(pk)


def _author(event: Event) -> Iterator[Recipient]:
    author = author_of(event.about.post) if event.about is not None else None
    if author is not None:
        yield Recipient(author.pk)


def _sanctioned(event: Event) -> Iterator[Recipient]:
    """Yield the person who is warned or suspended, with what the moderator wrote to them."""
    if event.about is not None:
        yield Recipient(event.about.user_id, _("Reason: %(why)s") % {"why": event.about.reason})


def _asked_to_answer(event: Event) -> Iterator[Recipient]:
    for request in AnswerRequest.objects.filter(topic=event.object_id).order_by("pk"):
        yield Recipient(request.user_id, request.reason)


def _moderators(event: Event) -> Iterator[Recipient]:
    """Yield the animators of the discussion's region, all of them where it has none."""
    discussion = _discussion_of(event)
    teams = RegionTeam.objects.all()
    if discussion is not None and discussion.region_id is not None:
        teams = teams.filter(territory=discussion.region_id)
    animators = User.objects.filter(groups__region_team__in=teams, is_active=True).order_by("pk").distinct()
    for pk in animators.values_list("pk", flat=True):
        yield Recipient(pk)


def _tell_moderator(event: Event, user: User) -> Telling | None:
    message = event.about
    if message is None or message.state != MessageState.WAITING:
        return None
    if not moderates(user, message.post.topic.discussion.region_id):
        return None
    subject = message.post.topic.subject
    return Telling(
        _("A message waits in “%(title)s”") % {"title": subject},
        reverse("forum_animation:queue"),
        "forum.queue",
        _("Messages to approve"),
    )


def _administrators(event: Event) -> Iterator[Recipient]:
    for pk in User.objects.filter(is_superuser=True, is_active=True).order_by("pk").values_list("pk", flat=True):
        yield Recipient(pk)


def _tell_draft(event: Event, user: User) -> Telling | None:
    page = event.about
    if page is None or page.live or not is_administrator(user):
        return None
    title = _("A resource is drafted from a discussion: %(title)s") % {"title": page.title}
    return Telling(title, reverse("wagtailadmin_pages:edit", args=[page.pk]), f"forum.resource:{page.pk}", page.title)


def _tell_decision(event: Event, user: User) -> Telling | None:
    message = Message.objects.reachable_by(user).filter(pk=event.object_id).first()
    if message is None:
        return None
    subject = message.post.topic.subject
    titles = {
        "published": _("Your message in “%(title)s” is published"),
        "refused": _("Your message in “%(title)s” is refused"),
        "removed": _("Your message in “%(title)s” is withdrawn"),
    }
    title = titles[event.data["decision"]] % {"title": subject}
    return Telling(
        title, reverse("community_forum:message", args=[message.pk]), f"forum.decision:{message.pk}", subject
    )


def _tell_sanction(event: Event, user: User) -> Telling | None:
    sanction = event.about
    if sanction is None or sanction.user_id != user.pk:
        return None
    if sanction.kind == SanctionKind.WARNING:
        title = _("A moderator of the forum warns you")
    elif sanction.until is None:
        title = _("A moderator has suspended your messages in the forum until further notice")
    else:
        title = _("A moderator has suspended your messages in the forum until %(day)s") % {
            "day": format_day(timezone.localtime(sanction.until))
        }
    return Telling(title, reverse("community_forum:index"), f"forum.sanction:{sanction.pk}", text=sanction.reason)


declare_followable(
    "community_forum.Discussion",
    label=gettext_lazy("Discussion"),
    visible=lambda user: Discussion.objects.visible_to(user).select_related("topic__forum__space"),
    url=lambda discussion: discussion.get_absolute_url(),
)
declare_followable(
    "community_forum.Space",
    label=gettext_lazy("Space of the forum"),
    visible=Space.objects.visible_to,
    url=lambda space: space.get_absolute_url(),
)
declare(
    NotificationKind(
        key="forum.question",
        label=gettext_lazy("New questions of the forum"),
        reason=gettext_lazy("You follow this theme."),
        audience=_followers_of_question,
        telling=_telling(gettext_noop("New question: %(title)s"), of_message=False),
        default=Rhythm.WEEKLY,
        visible=Discussion.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="forum.answer",
        label=gettext_lazy("Answers in discussions that I follow"),
        reason=gettext_lazy("You follow this discussion."),
        audience=_followers_of_discussion,
        telling=_telling(gettext_noop("Somebody answered “%(title)s”"), of_message=True),
        default=Rhythm.DAILY,
        visible=Message.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="forum.mention",
        label=gettext_lazy("Messages that mention me"),
        reason=gettext_lazy("This message mentions you."),
        audience=_mentioned,
        telling=_telling(gettext_noop("You are mentioned in “%(title)s”"), of_message=True),
        default=Rhythm.NOW,
        visible=Message.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="forum.helped",
        label=gettext_lazy("My answers that helped"),
        reason=gettext_lazy("You wrote this answer."),
        audience=_author,
        telling=_telling(gettext_noop("Your answer helped in “%(title)s”"), of_message=True),
        default=Rhythm.DAILY,
        visible=Message.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="forum.unanswered",
        label=gettext_lazy("Questions to which I may have the answer"),
        reason=gettext_lazy("You offered to answer questions of the community."),
        audience=_asked_to_answer,
        telling=_telling(gettext_noop("Can you answer? %(title)s"), of_message=False),
        default=Rhythm.NOW,
        visible=Discussion.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="forum.unanswered_animator",
        label=gettext_lazy("Questions without an answer in my region"),
        reason=gettext_lazy("You animate the region of this question."),
        audience=_moderators,
        telling=_telling(gettext_noop("Nobody has answered “%(title)s”"), of_message=False),
        default=Rhythm.DAILY,
        visible=Discussion.objects.visible_to,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="forum.to_moderate",
        label=gettext_lazy("Messages that wait for a moderator"),
        reason=gettext_lazy("You moderate this discussion."),
        audience=_moderators,
        telling=_tell_moderator,
        default=Rhythm.NOW,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="forum.resource",
        label=gettext_lazy("Resources drafted from discussions"),
        reason=gettext_lazy("You publish the pages of the portal."),
        audience=_administrators,
        telling=_tell_draft,
        default=Rhythm.DAILY,
        concerns=is_administrator,
    )
)
declare(
    NotificationKind(
        key="forum.decision",
        label=gettext_lazy("Decisions on my messages"),
        reason=gettext_lazy("You wrote this message."),
        audience=_author,
        telling=_tell_decision,
        mandatory=True,
    )
)
declare(
    NotificationKind(
        key="forum.sanction",
        label=gettext_lazy("Warnings and suspensions"),
        reason=gettext_lazy("It concerns what you write in the forum."),
        audience=_sanctioned,
        telling=_tell_sanction,
        mandatory=True,
    )
)
