"""The tree of fact sheets: all projects, a region, a sheet.

The tree gives rights, revisions and addresses; URL patterns of this app serve those addresses
directly, which saves the seven queries of Wagtail's walk from the root.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import Page, PageManager, PageQuerySet

from directory.models import Organisation
from directory.selectors import organisation_ids_written_by
from portal.accounts.rules import AnyUser, animated_by, is_administrator, is_member
from portal.core.paths import public_path
from portal.taxonomy.models import Audience, Occupation, Sector, Territory, Theme
from project_sheets.enums import Stage
from project_sheets.models.calls import Call, Wave
from project_sheets.models.old_content import without_lost_references

MARKDOWN_HELP = _("Plain text or Markdown.")


class ProjectsIndexPage(Page):
    """The top of the fact sheets; its address shows the list of all of them."""

    parent_page_types = ["content.HomePage"]
    subpage_types = ["project_sheets.RegionIndexPage"]
    max_count = 1
    preview_modes: list[tuple[str, str]] = []
    private_page_options: list[str] = []

    class Meta:
        verbose_name = _("all projects")


class RegionIndexPage(Page):
    """The fact sheets of one region, or of the whole country where ``territory`` is empty.

    Its team's group has rights on this page and below, and nowhere else.
    """

    territory = models.OneToOneField(
        Territory,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"level": Territory.Level.REGION},
        related_name="region_index",
        verbose_name=_("region"),
    )

    parent_page_types = ["project_sheets.ProjectsIndexPage"]
    subpage_types = ["project_sheets.ProjectSheetPage"]
    preview_modes: list[tuple[str, str]] = []
    private_page_options: list[str] = []

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    @property
    def public_path(self) -> str:
        """The address from the root of the site."""
        return public_path(self)


class ProjectSheetQuerySet(PageQuerySet):
    """Reads of sheets; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "ProjectSheetQuerySet":
        """Keep the published sheets, and the others that ``user`` leads, writes for or animates."""
        if is_administrator(user):
            return self
        if not is_member(user):
            return self.live()
        return self.filter(
            models.Q(live=True)
            | models.Exists(SheetLead.objects.filter(sheet_id=models.OuterRef("pk"), user_id=user.pk))
            | models.Q(holder_id__in=organisation_ids_written_by(user))
            | animated_by(user, "region_id")
        )


class ProjectSheetPage(Page):
    """The fact sheet of one project that a call retained.

    Some fields are public, the others for members; ``selectors.present_sheet`` alone decides
    which of them a person reads. Shares, totals and the remainder are computed, never stored.
    """

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("region")
    )
    extra_regions = ParentalManyToManyField(
        Territory,
        blank=True,
        limit_choices_to={"level": Territory.Level.REGION},
        related_name="extra_sheets",
        verbose_name=_("other regions"),
    )
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    holder = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="held_sheets",
        verbose_name=_("project holder"),
    )
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="sheets", verbose_name=_("call"))
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="sheets", verbose_name=_("wave"))
    award_date = models.DateField(_("awarded on"), null=True, blank=True)
    start_date = models.DateField(_("start"), null=True, blank=True)
    end_date = models.DateField(_("end"), null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField(
        _("duration in months"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    stated_stage = models.CharField(
        _("stage"),
        max_length=8,
        choices=Stage.choices,
        blank=True,
        help_text=_("Computed from the dates when they are known."),
    )
    summary = models.TextField(
        _("summary"), max_length=280, help_text=_("What every visitor reads: 280 signs at most.")
    )
    objective = models.TextField(_("objective"), blank=True, max_length=5_000, help_text=MARKDOWN_HELP)
    audiences = ParentalManyToManyField(Audience, blank=True, related_name="sheets", verbose_name=_("audiences"))
    audience_conditions = models.CharField(_("conditions on the audience"), max_length=200, blank=True)
    themes = ParentalManyToManyField(Theme, blank=True, related_name="sheets", verbose_name=_("themes"))
    sectors = ParentalManyToManyField(Sector, blank=True, related_name="sheets", verbose_name=_("sectors"))
    occupations = ParentalManyToManyField(Occupation, blank=True, related_name="sheets", verbose_name=_("occupations"))
    territories = ParentalManyToManyField(Territory, blank=True, related_name="sheets", verbose_name=_("territories"))
    body = models.TextField(_("more about the project"), blank=True, max_length=20_000, help_text=MARKDOWN_HELP)
    public_profile = models.TextField(
        _("people accompanied"),
        blank=True,
        max_length=2_000,
        help_text=_("In general terms only: never about one person."),
    )
    consortium_agreement_date = models.DateField(_("consortium agreement signed on"), null=True, blank=True)
    total_budget = models.DecimalField(
        _("total budget"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("In euros."),
    )
    stated_state_share = models.CharField(
        _("share of the State, as printed"), max_length=60, blank=True, help_text=_("“nearly 80 %”")
    )
    results = models.TextField(_("results"), blank=True, max_length=10_000, help_text=MARKDOWN_HELP)
    source_url = models.URLField(_("source"), blank=True)
    source_label = models.CharField(_("name of the source"), max_length=160, blank=True)
    retrieved_on = models.DateField(_("source read on"), null=True, blank=True)
    last_confirmed_at = models.DateTimeField(_("last confirmed"), null=True, blank=True, editable=False)

    objects = PageManager.from_queryset(ProjectSheetQuerySet)()

    parent_page_types = ["project_sheets.RegionIndexPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["uid"]
    #: Who reads what is decided by ``visible_to`` and by the two depths, not page by page.
    private_page_options: list[str] = []

    class Meta:
        verbose_name = _("project sheet")
        verbose_name_plural = _("project sheets")
        indexes = [models.Index(fields=["call", "wave"], name="sheet_call_wave")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Note the region whose page stands above, by which rights are decided in one query."""
        if self.path:
            parent = self.get_parent(update=True)
            self.region_id = parent.specific.territory_id if parent else None
        super().save(*args, **kwargs)

    @property
    def public_path(self) -> str:
        """The address from the root of the site."""
        return public_path(self)

    def clean(self) -> None:
        """Check what concerns several fields together; each error is put at its field."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.wave is not None and self.wave.call_id != self.call_id:
            errors["wave"] = _("This wave belongs to another call.")
        if self.start_date and self.end_date and self.end_date < self.start_date:
            errors["end_date"] = _("The end comes before the start.")
        published = self.call.published_on if self.call else None
        if self.award_date and published and self.award_date < published:
            errors["award_date"] = _("The award comes before the publication of the call.")
        if errors:
            raise ValidationError(errors)

    def with_content_json(self, content: dict[str, Any]) -> "ProjectSheetPage":
        """Return the sheet as a revision holds it; what concerns the sheet itself stays as it is.

        Publishing an older text takes back neither a confirmation nor what was deleted since.
        """
        restored = super().with_content_json(without_lost_references(content))
        restored.last_confirmed_at = self.last_confirmed_at
        restored.region_id, restored.live_revision_id = self.region_id, self.live_revision_id
        return restored

    def serializable_data(self) -> dict[str, Any]:
        """Return what a revision holds: the fields and all rows.

        Wagtail's own leaves out every row, and says nothing, when a value of one of them raises
        AttributeError (a text where a date belongs): publishing that would delete them all.
        """
        return ClusterableModel.serializable_data(self)  # type: ignore[no-any-return]

    @classmethod
    def from_serializable_data(cls, data: Any, check_fks: bool = True, strict_fks: bool = False) -> Any:
        """Build the sheet of a revision; what was deleted since has been taken out (``with_content_json``).

        Else each row would ask the database for each thing that it names.
        """
        return super().from_serializable_data(data, check_fks=False, strict_fks=strict_fks)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the sheet as it is being edited.

        The view is named, as URL patterns may name one: pages stand below views and import none.
        """
        return import_string("project_sheets.views.sheet_preview")(request, self)


class SheetLead(models.Model):
    """A person who looks after a sheet (référent).

    Stands beside the page and not in its revisions, so that publishing an old draft never gives
    back a right that was taken away.
    """

    sheet = models.ForeignKey(ProjectSheetPage, models.CASCADE, related_name="leads", verbose_name=_("sheet"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="led_sheets", verbose_name=_("account")
    )
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("lead of a sheet")
        verbose_name_plural = _("leads of sheets")
        ordering = ["sheet", "user"]
        constraints = [models.UniqueConstraint(fields=["sheet", "user"], name="sheet_lead_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.sheet}"
