"""Accounts: who may sign in, and the roles that regions give."""

import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractUser, BaseUserManager, Group
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import Territory

#: No vowels, so that no word appears; no 0/1/l, which people misread.
SHORT_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


def new_short_id() -> str:
    """Return a random public identifier: 27^8 values, not guessable by counting."""
    return "".join(secrets.choice(SHORT_ID_ALPHABET) for _unused in range(8))


def new_link_stamp() -> str:
    """Return what every outstanding link of an account is bound to; a new one ends them all."""
    return secrets.token_urlsafe(12)


class UserManager(BaseUserManager["User"]):
    """Create users by e-mail."""

    def _create(self, email: str, password: str | None, **fields: Any) -> "User":
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an ordinary account; raises ValueError without an e-mail."""
        fields.setdefault("is_superuser", False)
        return self._create(email, password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an administrator, approved from the start."""
        fields.update(is_superuser=True, membership_status=User.MembershipStatus.APPROVED)
        return self._create(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Look an account up by e-mail, whatever its case."""
        return self.get(email__iexact=username)


class User(AbstractUser):
    """An account; the e-mail is the login and is never shown.

    ``membership_status`` says whether the community has admitted the person; ``is_active`` only
    whether the account may sign in at all.
    """

    class MembershipStatus(models.TextChoices):
        PENDING = "pending", _("awaiting approval")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        SUSPENDED = "suspended", _("suspended")

    username = None  # type: ignore[assignment]
    is_staff = None  # type: ignore[assignment]  # Django's own admin is not installed.
    email = models.EmailField(_("e-mail address"), unique=True)
    short_id = models.CharField(_("short id"), max_length=8, unique=True, default=new_short_id, editable=False)
    membership_status = models.CharField(
        _("membership"), max_length=10, choices=MembershipStatus.choices, default=MembershipStatus.PENDING
    )
    job_title = models.CharField(_("function"), max_length=120, blank=True)
    link_stamp = models.CharField(max_length=16, default=new_link_stamp, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()  # type: ignore[misc, assignment]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["last_name", "first_name", "pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_whatever_case")]

    def __str__(self) -> str:
        return self.get_full_name() or self.short_id

    @property
    def is_member(self) -> bool:
        """Whether the community has admitted this person."""
        return self.is_active and (self.is_superuser or self.membership_status == self.MembershipStatus.APPROVED)

    @cached_property
    def animated_region_ids(self) -> frozenset[int]:
        """Regions that this person animates; one query, remembered for the request."""
        teams = RegionTeam.objects.filter(group__user=self).order_by()
        return frozenset(teams.values_list("territory_id", flat=True))


class RegionTeam(models.Model):
    """The animators of one region: a Wagtail group whose rights end at the region's pages."""

    territory = models.OneToOneField(
        Territory,
        models.PROTECT,
        limit_choices_to={"level": Territory.Level.REGION},
        related_name="team",
        verbose_name=_("region"),
    )
    group = models.OneToOneField(Group, models.PROTECT, related_name="region_team", verbose_name=_("group"))

    class Meta:
        verbose_name = _("region team")
        verbose_name_plural = _("region teams")
        ordering = ["territory__normalized_name"]

    def __str__(self) -> str:
        return str(self.territory)


class EmailChange(models.Model):
    """A wish to change the address of an account: nothing changes before both mailboxes have agreed.

    ``is_possible`` is False where the new address has an account already: the person is told the
    same, and only the owner of that address learns of it.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    #: How long both links work.
    LIFETIME = timedelta(hours=24)

    user = models.ForeignKey(User, models.CASCADE, related_name="email_changes", verbose_name=_("account"))
    old_email = models.EmailField(_("present address"))
    new_email = models.EmailField(_("new address"))
    is_possible = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)
    old_agreed_at = models.DateTimeField(_("present address agreed on"), null=True, blank=True)
    new_agreed_at = models.DateTimeField(_("new address agreed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_status_display()})"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an agreement."""
        return self.status == self.Status.WAITING and timezone.now() < self.asked_at + self.LIFETIME


class KnownDevice(models.Model):
    """A kind of device, on a network, from which somebody has signed in: the next time is not news.

    ``fingerprint`` is a keyed digest of both; neither the address nor the browser's text is kept.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices", verbose_name=_("account"))
    fingerprint = models.CharField(max_length=64)
    label = models.CharField(_("device"), max_length=80)
    last_seen_at = models.DateTimeField(_("last sign-in"), default=timezone.now)

    class Meta:
        verbose_name = _("known device")
        verbose_name_plural = _("known devices")
        ordering = ["-last_seen_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "fingerprint"], name="one_row_a_known_device")]

    def __str__(self) -> str:
        return self.label
