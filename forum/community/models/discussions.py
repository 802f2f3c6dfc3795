"""Questions, discussions and their messages."""

from collections.abc import Collection
from typing import cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from forum.community.addresses import discussion_path
from forum.community.enums import Access, MessageState
from forum.community.models.spaces import Space
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.circles import circles_of
from portal.accounts.rules import AnyUser, is_administrator, is_animator, is_member
from portal.core.remember import remembered
from portal.taxonomy.models import Territory

USER = settings.AUTH_USER_MODEL
#: A question that nobody but who asked has answered, and that they have not settled themselves.
UNANSWERED = Q(first_answer_at=None, solved_at=None, is_question=True)


def readable_space_ids(user: AnyUser) -> list[int]:
    """Return the ids of the spaces that ``user`` reads; asked once for each account read.

    The one other writing of ``Space.objects.visible_to``: without a query where no space is a circle's.
    """
    known: list[int] | None = getattr(user, "_readable_space_ids", None)
    if known is None:
        known = [pk for pk, access, circle in _all_spaces() if _reads(user, access, circle)]
        user._readable_space_ids = known  # type: ignore[union-attr]
    return known


@remembered("spaces")
def _all_spaces() -> list[tuple[int, str, str]]:
    return list(Space.objects.order_by("pk").values_list("pk", "access", "circle"))


def _reads(user: AnyUser, access: str, circle: str) -> bool:
    if access == Access.OPEN:
        return True
    if access == Access.MEMBERS:
        return is_member(user)
    return is_animator(user) or circle in circles_of(user)


def moderated_by(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition "``user`` moderates it"; ``prefix`` leads to the discussion."""
    if is_administrator(user):
        # Not Q(): it would vanish from a disjunction.
        return ~Q(pk__in=[])
    if not is_animator(user):
        return Q(pk__in=[])
    return Q(**{f"{prefix}region": None}) | Q(**{f"{prefix}region__in": user.animated_region_ids})  # type: ignore[union-attr]


class DiscussionQuerySet(models.QuerySet["Discussion"]):
    """Reads of discussions; every list starts from ``visible_to``."""

    def published(self) -> "DiscussionQuerySet":
        """Leave out what waits for a moderator, was refused or merged into another."""
        return self.filter(topic__approved=True)

    def visible_to(self, user: AnyUser) -> "DiscussionQuerySet":
        """Keep the published discussions of the spaces that ``user`` reads."""
        return self.inside(readable_space_ids(user))

    def inside(self, spaces: Collection[int]) -> "DiscussionQuerySet":
        """Keep the published discussions of ``spaces``, ids that come from ``readable_space_ids``.

        The sum with nothing keeps databases from the index by forum: they would sort all that the spaces
        hold for the twenty that a list shows.
        """
        forum = ExpressionWrapper(F("topic__forum_id") + 0, output_field=models.BigIntegerField())
        return self.published().alias(forum=forum).filter(forum__in=spaces)

    def reachable_by(self, user: AnyUser) -> "DiscussionQuerySet":
        """Keep what ``user`` may open by its address: besides, their own that wait and what they moderate."""
        if not is_member(user):
            return self.visible_to(user)
        reached = Q(topic__approved=True) | Q(topic__poster=user) | moderated_by(user)
        reached |= Exists(HiddenAuthor.objects.filter(post=OuterRef("topic__first_post"), user=user))
        return self.filter(reached, topic__forum_id__in=readable_space_ids(user), merged_into=None)

    def by(self, user: AnyUser) -> "DiscussionQuerySet":
        """Keep those that ``user`` opened, anonymous ones too."""
        pk = cast("int", user.pk)
        hidden = HiddenAuthor.objects.filter(post=OuterRef("topic__first_post"), user=pk)
        return self.filter(Q(topic__poster=pk) | Exists(hidden))

    def unanswered(self) -> "DiscussionQuerySet":
        """Keep the open questions that wait for an answer."""
        return self.filter(UNANSWERED, topic__status=Topic.TOPIC_UNLOCKED)

    def about(self, territory: Territory) -> "DiscussionQuerySet":
        """Keep what concerns ``territory``: inside it, or an area that contains it."""
        return self.filter(territory__in=Territory.objects.touching([territory]).values("pk"))


class Discussion(models.Model):
    """What we know of a topic: where it is about, whether it is settled, and by which answer."""

    topic = models.OneToOneField(Topic, models.CASCADE, primary_key=True, related_name="discussion")
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="discussions", verbose_name=_("territory")
    )
    #: Whose animators moderate it: of the territory, else of the space; every animator's where None.
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    is_question = models.BooleanField(_("waits for an answer"), default=True)
    helpful_post = models.ForeignKey(
        Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answer that helped")
    )
    solved_at = models.DateTimeField(_("solved on"), null=True, blank=True)
    first_answer_at = models.DateTimeField(_("first answered on"), null=True, blank=True)
    #: When competent members and animators were told that it waits.
    escalated_at = models.DateTimeField(_("passed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )

    objects = DiscussionQuerySet.as_manager()

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        ordering = ["-topic"]
        indexes = [
            models.Index(fields=["territory"], name="discussion_by_territory"),
            models.Index(fields=["solved_at"], name="discussion_by_solution"),
            models.Index(fields=["topic"], condition=UNANSWERED, name="discussion_unanswered"),
        ]

    def __str__(self) -> str:
        return self.topic.subject

    def get_absolute_url(self) -> str:
        """Return the address of the discussion, its space being fetched with it."""
        return discussion_path(self.topic.forum.space.slug, self.pk, self.topic.slug)

    @property
    def is_solved(self) -> bool:
        """Whether an answer settled it."""
        return self.solved_at is not None

    @property
    def is_unanswered(self) -> bool:
        """Whether it is a question that still waits: what its author adds to it answers nothing."""
        return self.is_question and self.first_answer_at is None and self.solved_at is None

    @property
    def answers_count(self) -> int:
        """How many published messages follow the first one."""
        return max(self.topic.posts_count - 1, 0)


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads of messages."""

    def published(self) -> "MessageQuerySet":
        """Keep what readers read."""
        return self.filter(post__approved=True)

    def visible_to(self, user: AnyUser) -> "MessageQuerySet":
        """Keep the published messages of the discussions that ``user`` reads."""
        return self.published().filter(post__topic__approved=True, post__topic__forum_id__in=readable_space_ids(user))

    def reachable_by(self, user: AnyUser) -> "MessageQuerySet":
        """Keep what ``user`` reads in a discussion: besides, their own that wait and what they moderate."""
        if not is_member(user):
            return self.visible_to(user)
        asked = Q(post__topic__poster=user) | Exists(
            HiddenAuthor.objects.filter(post=OuterRef("post__topic__first_post"), user=user)
        )
        # The answers of a discussion that readers do not read are not read by their own addresses either.
        published = Q(post__approved=True) & (Q(post__topic__approved=True) | asked)
        return self._reached_by(user, published).filter(post__topic__forum_id__in=readable_space_ids(user))

    def of(self, discussion: "Discussion", user: AnyUser) -> "MessageQuerySet":
        """Keep what ``user`` reads of ``discussion``, which was itself read by ``reachable_by(user)``."""
        found = self.filter(post__topic=discussion.pk)
        return found._reached_by(user, Q(post__approved=True)) if is_member(user) else found.published()

    def _reached_by(self, user: AnyUser, published: Q) -> "MessageQuerySet":
        reached = published | Q(post__poster=user) | moderated_by(user, "post__topic__discussion__")
        return self.filter(reached | Exists(HiddenAuthor.objects.filter(post=OuterRef("pk"), user=user)))


class Message(models.Model):
    """What we know of a post: in whose name, how useful, what it links to.

    ``links`` are the keys of the things that its text links to, shown as cards to who may see them.
    ``renderer`` is the version of the renderer that made the stored HTML.
    """

    #: Grows with each change of what Markdown becomes; ``rerender_messages`` renders older ones again.
    RENDERER = 1

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="message")
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("in the name of")
    )
    state = models.CharField(
        _("state"), max_length=9, choices=MessageState.choices, default=MessageState.PUBLISHED, db_index=True
    )
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    useful_count = models.PositiveIntegerField(_("useful votes"), default=0)
    revisions_count = models.PositiveIntegerField(_("shown changes"), default=0)
    links = models.JSONField(_("links"), default=list, blank=True)
    renderer = models.PositiveSmallIntegerField(_("version of the renderer"), default=RENDERER)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["post"]

    def __str__(self) -> str:
        # Not its text: reports and the journal keep this when the message itself is withdrawn.
        return str(self.post.topic.subject)

    @property
    def is_first(self) -> bool:
        """Whether it opens its discussion."""
        return bool(self.post.topic.first_post_id == self.pk)

    def count_useful(self, change: int) -> None:
        """Count a vote more or less, whatever other votes do meanwhile."""
        Message.objects.filter(pk=self.pk).update(useful_count=F("useful_count") + change)


class HiddenAuthor(models.Model):
    """Who wrote an anonymous message; the post itself names nobody, so that no page can by mistake.

    Moderators and the author alone read this.
    """

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="hidden_author")
    user = models.ForeignKey(USER, models.CASCADE, related_name="+", verbose_name=_("author"))

    class Meta:
        verbose_name = _("author of an anonymous message")
        verbose_name_plural = _("authors of anonymous messages")
        ordering = ["post"]

    def __str__(self) -> str:
        return f"#message-{self.pk}"


class Revision(models.Model):
    """A text that a message had before it was changed."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions")
    content = models.TextField(_("text"))
    subject = models.CharField(_("title"), max_length=255, blank=True)
    edited_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))
    edited_at = models.DateTimeField(_("changed on"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("former text of a message")
        verbose_name_plural = _("former texts of messages")
        ordering = ["-edited_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.post_id} – {self.edited_at:%d/%m/%Y}"


class UsefulVote(models.Model):
    """A member found a message useful."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+", verbose_name=_("account"))
    post = models.ForeignKey(Post, models.CASCADE, related_name="useful_votes")
    voted_at = models.DateTimeField(_("on"), default=timezone.now)

    class Meta:
        verbose_name = _("useful vote")
        verbose_name_plural = _("useful votes")
        ordering = ["-voted_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="useful_vote_once")]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.post_id}"


class Bookmark(models.Model):
    """A discussion that a member keeps at hand."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+", verbose_name=_("account"))
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="bookmarks")
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="bookmark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} – {self.topic_id}"


class Citation(models.Model):
    """A thing to which a discussion is linked: the sheet that used its answer. ``key`` is its key in search."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="citations")
    key = models.CharField(_("thing"), max_length=120, db_index=True)
    linked_by = models.ForeignKey(USER, models.SET_NULL, null=True, related_name="+", verbose_name=_("linked by"))
    linked_at = models.DateTimeField(_("linked on"), default=timezone.now)

    class Meta:
        verbose_name = _("link of a discussion")
        verbose_name_plural = _("links of discussions")
        ordering = ["linked_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="citation_once")]

    def __str__(self) -> str:
        return self.key
