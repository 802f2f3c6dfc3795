"""The spaces of the forum: one for each theme, others for members or a circle of them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.community.addresses import space_path
from forum.community.enums import RESERVED_SLUGS, Access
from forum.machina_apps.forum.models import Forum
from portal.accounts.circles import circles_of
from portal.accounts.rules import AnyUser, is_animator, is_member
from portal.taxonomy.models import Territory, Theme


class SpaceQuerySet(models.QuerySet["Space"]):
    """Reads of spaces; whatever is read of the forum starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "SpaceQuerySet":
        """Keep the spaces that ``user`` reads: open ones, members' ones, those of their circles; all for animators."""
        if not is_member(user):
            return self.filter(access=Access.OPEN)
        if is_animator(user):
            return self
        return self.filter(~Q(access=Access.CIRCLE) | Q(circle__in=circles_of(user)))


def validate_free_slug(slug: str) -> None:
    """Refuse an address that a page of the forum has already."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("A page of the forum has this address already."))


class Space(models.Model):
    """What we know of a node of machina's tree: its theme, its readers, its address."""

    forum = models.OneToOneField(Forum, models.CASCADE, primary_key=True, related_name="space")
    slug = models.SlugField(_("address"), max_length=80, unique=True, validators=[validate_free_slug])
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="spaces", verbose_name=_("theme")
    )
    access = models.CharField(_("who reads"), max_length=8, choices=Access.choices, default=Access.OPEN)
    circle = models.CharField(_("circle"), max_length=120, blank=True)
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    animators_open = models.BooleanField(_("animators alone open discussions"), default=False)
    needs_approval = models.BooleanField(_("messages wait for a moderator"), default=False)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space of the forum")
        verbose_name_plural = _("spaces of the forum")
        ordering = ["forum__tree_id", "forum__lft"]
        constraints = [
            models.CheckConstraint(
                condition=Q(access=Access.CIRCLE, circle__gt="") | (~Q(access=Access.CIRCLE) & Q(circle="")),
                name="space_has_a_circle_where_it_needs_one",
            )
        ]

    def __str__(self) -> str:
        return self.forum.name

    def get_absolute_url(self) -> str:
        """Return the address of the space."""
        return space_path(self.slug)

    @property
    def is_open(self) -> bool:
        """Whether everyone reads it."""
        return self.access == Access.OPEN

    @property
    def readers(self) -> tuple[str, str]:
        """Who reads it, to compare two spaces: what is said in one goes to no other readers."""
        return self.access, self.circle

    @property
    def audience_token(self) -> str:
        """Return the token that opens what is said here to a search."""
        return {Access.OPEN: "public", Access.MEMBERS: "members"}.get(Access(self.access), f"forum:{self.pk}")
