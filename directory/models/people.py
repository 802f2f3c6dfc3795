"""The people who act for organisations, and how they present themselves."""

import uuid
from collections.abc import Collection
from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.enums import SEEN_BY_MEMBERS, Visibility
from directory.models.organisations import Organisation
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.storage import private_storage
from portal.taxonomy.models import Territory, Theme, normalize_name

#: As ``User.is_member``, of the account that a row names.
_ADMITTED = models.Q(user__is_active=True) & (
    models.Q(user__membership_status=User.MembershipStatus.APPROVED) | models.Q(user__is_superuser=True)
)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def active(self) -> "MembershipQuerySet":
        """Keep memberships in force."""
        return self.filter(left_at=None)

    def held_by_members(self) -> "MembershipQuerySet":
        """Keep places of admitted members: who is suspended acts for nobody and hears of nothing."""
        return self.filter(_ADMITTED)

    def in_listed(self) -> "MembershipQuerySet":
        """Keep places in organisations that everyone may see; one that was merged away is none."""
        return self.filter(organisation__is_listed=True, organisation__merged_into=None)

    def seated_in(self, region_ids: Collection[int]) -> "MembershipQuerySet":
        """Keep places in organisations whose seat is one of these regions, or in one of them."""
        seat = models.Q(organisation__seat__in=region_ids) | models.Q(organisation__seat__region__in=region_ids)
        return self.filter(seat)

    def who_write(self) -> "MembershipQuerySet":
        """Keep those whose holder may write in the organisation's name."""
        return self.active().filter(role__in=[Membership.Role.MANAGER, Membership.Role.EDITOR])


class Membership(models.Model):
    """A person's place in an organisation; ended, never deleted, so that history stays."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("manager")
        EDITOR = "editor", _("editor")
        MEMBER = "member", _("member")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("account")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(left_at=None), name="one_active_membership"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class Skill(models.Model):
    """Something that a member knows how to do, in the words of whoever wrote it first."""

    name = models.CharField(_("name"), max_length=60)
    #: Two spellings of the same words are one skill.
    normalized_name = models.CharField(_("normalised name"), max_length=120, unique=True, editable=False)

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["normalized_name"]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        """What names this skill in an address: « droit-des-etrangers »."""
        return self.normalized_name.replace(" ", "-")


#: The parts of a profile that are hidden or shown one by one.
PROFILE_PARTS = (
    *("name", "job_title", "photo", "organisations", "presentation"),
    *("skills", "themes", "territories", "contact_email", "phone"),
)


def _visibility(default: Visibility = Visibility.MEMBERS) -> Any:
    return models.CharField(_("who reads it"), max_length=8, choices=Visibility.choices, default=default)


def photo_path(profile: "Profile", filename: str) -> str:
    """Return where a photo is kept: a name that nobody guesses, and that says nothing of the person."""
    return f"profiles/{uuid.uuid4().hex}.webp"


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Reads of profiles; every list starts from ``listed`` or ``visible_to``."""

    def listed(self) -> "ProfileQuerySet":
        """Keep admitted members who let the others find them."""
        return self.filter(_ADMITTED, is_listed=True, name_visibility__in=SEEN_BY_MEMBERS)

    def with_something_public(self) -> "ProfileQuerySet":
        """Keep those who chose to show something to everyone, and have written it."""
        here = models.OuterRef("pk")
        memberships = Membership.objects.active().in_listed().filter(user_id=models.OuterRef("user_id"))
        written = models.Q(name_visibility=Visibility.PUBLIC)
        for part, field in (("job_title", "user__job_title"), *((name, name) for name in TYPED_PARTS)):
            written |= models.Q(**{f"{part}_visibility": Visibility.PUBLIC, f"{field}__gt": ""})
        for part in ("skills", "themes", "territories"):
            rows = Profile._meta.get_field(part).remote_field.through.objects.filter(profile_id=here)
            written |= models.Q(models.Exists(rows), **{f"{part}_visibility": Visibility.PUBLIC})
        written |= models.Q(models.Exists(memberships), organisations_visibility=Visibility.PUBLIC)
        return self.filter(written)

    def visible_to(self, user: AnyUser) -> "ProfileQuerySet":
        """Keep the profiles whose page ``user`` may open: one's own always."""
        own = models.Q(user_id=cast("int | None", user.pk)) if user.is_authenticated else models.Q(pk__in=[])
        others = self.listed() if is_member(user) else self.listed().with_something_public()
        return self.filter(models.Q(pk__in=others.order_by().values("pk")) | own)


class Profile(models.Model):
    """How a member presents themselves; each part has its own readers.

    Every account has one (see ``directory.signals``). Names and function stay on the account, which
    mails, journals and sign-in need; what only serves to be found and known stands here, above the
    accounts, since it names organisations.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile", verbose_name=_("account")
    )
    presentation = models.TextField(_("presentation"), blank=True, validators=[MaxLengthValidator(2_000)])
    #: E.164: +33296000000.
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    contact_email = models.EmailField(_("e-mail address to show"), blank=True)
    photo = models.FileField(_("photo"), upload_to=photo_path, storage=private_storage, blank=True)
    skills = models.ManyToManyField(Skill, blank=True, related_name="profiles", verbose_name=_("skills"))
    themes = models.ManyToManyField(Theme, blank=True, related_name="profiles", verbose_name=_("themes"))
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="profiles", verbose_name=_("territories of action")
    )
    is_listed = models.BooleanField(_("shown in the members’ directory"), default=True)
    name_visibility = _visibility()
    job_title_visibility = _visibility()
    photo_visibility = _visibility()
    organisations_visibility = _visibility()
    presentation_visibility = _visibility()
    skills_visibility = _visibility()
    themes_visibility = _visibility()
    territories_visibility = _visibility()
    contact_email_visibility = _visibility(Visibility.NOBODY)
    phone_visibility = _visibility(Visibility.NOBODY)
    #: Begins with the last name, so that it also sorts.
    search_text = models.TextField(_("normalised words"), editable=False, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["search_text", "pk"]

    def __str__(self) -> str:
        return str(self.user)

    def get_absolute_url(self) -> str:
        """Return the address of the member's page."""
        return reverse("directory:member", args=[self.user.short_id])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the searched words in step with what members may read."""
        self.search_text = self.searched_words()
        super().save(*args, **kwargs)

    def searched_words(self) -> str:
        """Return the words by which the members' directory finds this person, without accents."""
        words = [self.user.last_name, self.user.first_name]
        words += [self.user.job_title] if self.job_title_visibility in SEEN_BY_MEMBERS else []
        words += [self.presentation] if self.presentation_visibility in SEEN_BY_MEMBERS else []
        return normalize_name(" ".join(words))


#: Parts of a profile that are text or a file on the profile itself.
TYPED_PARTS = ("photo", "presentation", "contact_email", "phone")
