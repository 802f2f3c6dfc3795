"""Programmes, the calls they open and the waves of each call."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from modelcluster.models import ClusterableModel

from directory.models import Organisation
from portal.accounts.rules import AnyUser, animated_by
from portal.taxonomy.models import Audience, Territory


class Programme(models.Model):
    """A public policy that funds calls, such as the plan of investment in skills (PIC)."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    authority = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("authority")
    )

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CallQuerySet(models.QuerySet["Call"]):
    """Reads of calls, which everyone may see."""

    def editable_by(self, user: AnyUser) -> "CallQuerySet":
        """Keep those of the regions that ``user`` animates; all of them for an administrator."""
        return self.filter(animated_by(user, "region_id"))


class Call(ClusterableModel):
    """A call for projects.

    ``region`` is the one whose team opened it and keeps it right; none for a call of the whole
    country, which administrators keep.
    ``stated_project_count`` and ``stated_wave_count`` are what the authority announces; they are
    shown beside our own count and never replaced by it.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls", verbose_name=_("programme"))
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=40, blank=True, help_text=_("For badges: “IPR”."))
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    authority = models.CharField(_("authority"), max_length=160, blank=True)
    region = models.ForeignKey(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"level": Territory.Level.REGION},
        related_name="calls",
        verbose_name=_("region"),
        help_text=_("Its team keeps the call right. Empty for a call of the whole country."),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)
    closes_on = models.DateField(_("closes on"), null=True, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="calls", verbose_name=_("audiences"))
    audience_conditions = models.CharField(_("conditions on the audience"), max_length=200, blank=True)
    stated_project_count = models.PositiveIntegerField(_("projects, as announced"), null=True, blank=True)
    stated_wave_count = models.PositiveSmallIntegerField(_("waves, as announced"), null=True, blank=True)
    url = models.URLField(_("address of the call"), blank=True)
    source_url = models.URLField(_("source"), blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call for projects")
        verbose_name_plural = _("calls for projects")
        ordering = ["-published_on", "title"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on=None)
                | models.Q(published_on=None)
                | models.Q(closes_on__gte=models.F("published_on")),
                name="call_closes_after_publication",
                violation_error_message=_("The closing date comes before the publication."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the call's page."""
        return reverse("project_sheets:call", args=[self.slug])


class Wave(models.Model):
    """One round of selection of a call."""

    call = ParentalKey(Call, on_delete=models.CASCADE, related_name="waves", verbose_name=_("call"))
    number = models.PositiveSmallIntegerField(_("number"))
    label = models.CharField(_("label"), max_length=80, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    budget_envelope = models.DecimalField(
        _("budget envelope"), max_digits=12, decimal_places=2, null=True, blank=True, help_text=_("In euros.")
    )

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["call", "number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="wave_number_once")]

    def __str__(self) -> str:
        return self.label or _("wave %(number)s") % {"number": self.number}
