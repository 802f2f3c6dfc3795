"""What readers ask about an organisation: to act for it, to correct its page, to reach it."""

import uuid

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.enums import ClaimState, CorrectionState
from directory.models.organisations import Organisation
from portal.accounts.rules import AnyUser, animated_by
from portal.core.storage import private_storage
from portal.taxonomy.models import Territory

ACCOUNT = settings.AUTH_USER_MODEL


def proof_path(claim: "ClaimRequest", filename: str) -> str:
    """Return where a proof is kept: under a name that nobody guesses."""
    return f"claims/{uuid.uuid4().hex}.{filename.rsplit('.', 1)[-1].lower()}"


class ClaimQuerySet(models.QuerySet["ClaimRequest"]):
    """Reads of claims; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "ClaimQuerySet":
        """Keep those of the regions that ``user`` animates; all for an administrator."""
        return self.filter(animated_by(user, "region"))

    def awaiting(self) -> "ClaimQuerySet":
        """Keep those on which nobody has decided."""
        return self.filter(state=ClaimState.AWAITING)


class ClaimRequest(models.Model):
    """A member's wish to manage an organisation that nobody manages yet, with what proves their right."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(ACCOUNT, models.CASCADE, related_name="claims", verbose_name=_("account"))
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="claims", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    message = models.TextField(_("what you do there"), blank=True, validators=[MaxLengthValidator(500)])
    work_email = models.EmailField(_("professional address"), blank=True)
    #: The owner of the account has opened the link that was mailed to the address.
    email_confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    proof = models.FileField(_("document"), upload_to=proof_path, storage=private_storage, blank=True)
    proof_name = models.CharField(_("name of the document"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ClaimState, default=ClaimState.AWAITING)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    refusal_reason = models.TextField(_("reason of the refusal"), blank=True, validators=[MaxLengthValidator(1_000)])

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of an organisation")
        verbose_name_plural = _("claims of organisations")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=models.Q(state=ClaimState.AWAITING),
                name="one_waiting_claim",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"

    @property
    def is_awaiting(self) -> bool:
        """Whether somebody has yet to decide."""
        return self.state == ClaimState.AWAITING


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Reads of corrections."""

    def open(self) -> "CorrectionQuerySet":
        """Keep those that nobody has dealt with."""
        return self.filter(state=CorrectionState.OPEN)

    def visible_to(self, user: AnyUser) -> "CorrectionQuerySet":
        """Keep those of the regions that ``user`` animates; all for an administrator."""
        return self.filter(animated_by(user, "region"))


class Correction(models.Model):
    """What a reader found wrong on an organisation's page."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="corrections", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("region")
    )
    message = models.TextField(_("what is wrong, and what is right"), validators=[MaxLengthValidator(1_000)])
    #: Nobody where a visitor wrote it: no address is asked for.
    author = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    state = models.CharField(_("state"), max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        ACCOUNT, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggested correction")
        verbose_name_plural = _("suggested corrections")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.message[:60]}"


class OrganisationMessage(models.Model):
    """A message that somebody sent to an organisation through the portal; addresses stay here."""

    uid = models.UUIDField(_("identifier of the form"), unique=True)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="messages", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), max_length=254)
    subject = models.CharField(_("subject"), max_length=120)
    message = models.TextField(_("message"), validators=[MaxLengthValidator(5_000)])
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("message to an organisation")
        verbose_name_plural = _("messages to organisations")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.subject
