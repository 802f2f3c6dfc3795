"""Who asks to join the community, and whom the community invites."""

import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Membership, Organisation, OrganisationKind
from directory.selectors import organisation_ids_managed_by
from portal.accounts.rules import AnyUser, animated_by, is_member
from portal.joining.enums import CONFIRMED_STATES, InvitationState, RegistrationState
from portal.taxonomy.models import Territory

ACCOUNT = settings.AUTH_USER_MODEL


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Reads of registrations; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "RegistrationQuerySet":
        """Keep the confirmed ones of the regions that ``user`` animates; all for an administrator."""
        return self.filter(animated_by(user, "region"), state__in=CONFIRMED_STATES)

    def awaiting(self) -> "RegistrationQuerySet":
        """Keep those on which nobody has decided."""
        return self.filter(state=RegistrationState.AWAITING)


class Registration(models.Model):
    """A person's wish to join, from the form to the decision; the account is born when the address is proven."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=12, choices=RegistrationState, default=RegistrationState.UNCONFIRMED
    )
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    job_title = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    proposed_name = models.CharField(_("name of the proposed organisation"), max_length=150, blank=True)
    proposed_kind = models.ForeignKey(
        OrganisationKind, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("its kind")
    )
    proposed_seat = models.ForeignKey(
        Territory, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("its municipality")
    )
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    message = models.TextField(_("why I join"), blank=True, validators=[MaxLengthValidator(500)])
    #: A hash, as on an account; it is forgotten unless the browser that typed it opens the link.
    password = models.CharField(_("password"), max_length=128, blank=True)
    consented_at = models.DateTimeField(_("agreed to the charter"), default=timezone.now)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)
    mails_sent = models.PositiveSmallIntegerField(_("confirmation mails"), default=0)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    user = models.ForeignKey(
        ACCOUNT, models.CASCADE, null=True, blank=True, related_name="registrations", verbose_name=_("account")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    refusal_reason = models.TextField(_("reason of the refusal"), blank=True, validators=[MaxLengthValidator(1_000)])

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["confirmed_at", "created_at", "pk"]
        indexes = [models.Index(fields=["state", "region"], name="registration_state_region")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def organisation_name(self) -> str:
        """The organisation chosen or proposed; empty where there is none."""
        return self.organisation.name if self.organisation else self.proposed_name

    @property
    def proposes(self) -> bool:
        """Whether the person proposes an organisation that the directory does not know."""
        return bool(self.proposed_name) and self.organisation_id is None

    @property
    def is_awaiting(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.state == RegistrationState.AWAITING


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations; every list starts from one of the first two."""

    def animated_by(self, user: AnyUser) -> "InvitationQuerySet":
        """Keep those of the regions that ``user`` animates; all for an administrator."""
        return self.filter(animated_by(user, "region"))

    def managed_by(self, user: AnyUser) -> "InvitationQuerySet":
        """Keep those of the organisations that ``user`` manages."""
        if not is_member(user):
            return self.none()
        return self.filter(organisation__in=organisation_ids_managed_by(user))

    def open(self) -> "InvitationQuerySet":
        """Keep those that can be accepted now."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A person whom an animator, or a manager for their organisation, asks to join: this is the approval."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, db_index=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=Membership.Role, default=Membership.Role.MEMBER)
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    invited_by = models.ForeignKey(ACCOUNT, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    sent_at = models.DateTimeField(_("last sent"), default=timezone.now)
    mails_sent = models.PositiveSmallIntegerField(_("mails"), default=0)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("accepted by")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def full_name(self) -> str:
        """First and last name, as far as the inviter knew them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def state(self) -> InvitationState:
        """What has become of it."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.OPEN if self.expires_at > timezone.now() else InvitationState.EXPIRED

    @property
    def is_open(self) -> bool:
        """Whether it can be accepted now."""
        return self.state == InvitationState.OPEN


class DismissedSteps(models.Model):
    """Somebody who no longer wants the first steps on their home page."""

    user = models.OneToOneField(ACCOUNT, models.CASCADE, related_name="dismissed_steps", verbose_name=_("account"))
    dismissed_at = models.DateTimeField(_("dismissed"), default=timezone.now)

    class Meta:
        verbose_name = _("dismissed first steps")
        verbose_name_plural = _("dismissed first steps")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.user_id)
