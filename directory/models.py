"""Organisations and the people who act for them."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from directory.enums import SEEN_BY_MEMBERS, Visibility
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, is_member
from portal.core.storage import private_storage
from portal.taxonomy.models import Audience, Territory, Theme, normalize_name


class OrganisationKind(models.Model):
    """What an organisation is: association, local mission, chamber…"""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("kind of organisation")
        verbose_name_plural = _("kinds of organisation")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reads of organisations; every list starts from ``visible_to``."""

    def visible_to(self, user: Any) -> "OrganisationQuerySet":
        """Keep what ``user`` may see: listed organisations, all of them for an administrator."""
        if user.is_authenticated and user.is_active and user.is_superuser:
            return self
        return self.filter(is_listed=True)

    def matching(self, text: str) -> "OrganisationQuerySet":
        """Keep those whose name, acronym or other name holds every word of ``text``."""
        found = self
        for word in normalize_name(text).split():
            found = found.filter(search_text__contains=word)
        return found

    def acting_in(self, territories: Iterable[Territory]) -> "OrganisationQuerySet":
        """Keep those that act in one of ``territories``: where they say so, or else at their seat."""
        places = Territory.objects.touching(territories).values("pk")
        says = Organisation.territories.through.objects.filter(organisation_id=models.OuterRef("pk"))
        return self.filter(
            models.Exists(says.filter(territory__in=places)) | (~models.Exists(says) & models.Q(seat__in=places))
        )


class Organisation(ClusterableModel):
    """A body named in the portal: it carries projects, takes part in them, organises events."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=150, validators=[MinLengthValidator(3)])
    slug = models.SlugField(_("slug"), max_length=160, unique=True, blank=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    acronym_expansion = models.CharField(_("expansion of the acronym"), max_length=200, blank=True)
    kind = models.ForeignKey(OrganisationKind, models.PROTECT, related_name="organisations", verbose_name=_("kind"))
    description = models.TextField(_("description"), max_length=10_000, blank=True)
    website = models.URLField(_("website"), blank=True)
    seat = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="seated_organisations", verbose_name=_("seat")
    )
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="organisations", verbose_name=_("territories of action")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="organisations", verbose_name=_("themes"))
    audiences = models.ManyToManyField(Audience, blank=True, related_name="organisations", verbose_name=_("audiences"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("parent organisation")
    )
    is_listed = models.BooleanField(_("listed in the directory"), default=True)
    search_text = models.TextField(_("normalised names"), editable=False, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the organisation's page."""
        return reverse("directory:organisation", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a slug on the first save; it never changes, since addresses are stable."""
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)
        self.update_search_text()

    def update_search_text(self) -> None:
        """Note all the names of this organisation as the directory's search compares them."""
        others = FormerName.objects.filter(organisation_id=self.pk).values_list("name", flat=True)
        text = normalize_name(" ".join([self.name, self.acronym, self.acronym_expansion, *others]))
        if text != self.search_text:
            self.search_text = text
            Organisation.objects.filter(pk=self.pk).update(search_text=text)

    def _free_slug(self) -> str:
        base = slugify(self.name)[:150] or "structure"
        taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
        return next(slug for slug in [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))] if slug not in taken)


class FormerName(models.Model):
    """A name that an organisation had, or by which people know it: Pôle emploi, France Travail."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        USUAL = "usual", _("usual name")

    organisation = ParentalKey(
        Organisation, on_delete=models.CASCADE, related_name="other_names", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.USUAL)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["organisation", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="former_name_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Make the organisation findable by this name."""
        super().save(*args, **kwargs)
        self.organisation.update_search_text()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Stop finding the organisation by this name."""
        deleted = super().delete(*args, **kwargs)
        self.organisation.update_search_text()
        return deleted


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reads of memberships."""

    def active(self) -> "MembershipQuerySet":
        """Keep memberships in force."""
        return self.filter(left_at=None)

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
        admitted = models.Q(user__membership_status=User.MembershipStatus.APPROVED) | models.Q(user__is_superuser=True)
        found = self.filter(admitted, user__is_active=True, is_listed=True)
        return found.filter(name_visibility__in=SEEN_BY_MEMBERS)

    def with_something_public(self) -> "ProfileQuerySet":
        """Keep those who chose to show something to everyone, and have written it."""
        here = models.OuterRef("pk")
        memberships = Membership.objects.active().filter(
            user_id=models.OuterRef("user_id"), organisation__is_listed=True
        )
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
