"""The ordered rows of a fact sheet; they follow the page's revisions."""

import uuid
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string
from wagtail.models import Orderable

from directory.models import Organisation
from portal.core.money import format_file_size
from portal.core.storage import private_storage
from portal.core.uploads import describe_upload, validate_document
from project_sheets.enums import AmountStatus, DocumentKind, FundingCategory, PartnerRole, Periodicity

SHEET = "project_sheets.ProjectSheetPage"
#: Rows that no form has numbered stay in the order in which they were written.
ROW_ORDER = ("sort_order", "pk")
NOT_NEGATIVE = [MinValueValidator(Decimal(0))]


class Action(Orderable):
    """One thing that the project does: the title is public, the text is for members."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="actions", verbose_name=_("sheet"))
    title = models.CharField(_("title"), max_length=160)
    body = models.TextField(_("text"), blank=True, max_length=5_000, help_text=_("For members."))

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("action")
        verbose_name_plural = _("actions")

    def __str__(self) -> str:
        return self.title


class TeamRole(Orderable):
    """A function in the team, without a person's name; an unknown head count stays empty."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="team_roles", verbose_name=_("sheet"))
    label = models.CharField(_("function"), max_length=120)
    count = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("function in the team")
        verbose_name_plural = _("team")

    def __str__(self) -> str:
        return self.label


class Partnership(Orderable):
    """A partner: an organisation of the directory, or a label for a group that is not one body."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="partnerships", verbose_name=_("sheet"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="partnerships",
        verbose_name=_("organisation"),
    )
    label = models.CharField(
        _("or a group"), max_length=160, blank=True, help_text=_("For partners that are not one body: “the companies”.")
    )
    quantity = models.PositiveSmallIntegerField(
        _("how many"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("For a counted group.")
    )
    role = models.CharField(_("role"), max_length=12, choices=PartnerRole.choices, default=PartnerRole.PARTNER)
    signed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    contribution = models.TextField(_("contribution"), blank=True, max_length=2_000, help_text=_("For members."))

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(organisation=None) & ~models.Q(label=""))
                | (models.Q(organisation__isnull=False) & models.Q(label="")),
                name="partner_is_organisation_or_group",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity=None) | models.Q(label__gt=""), name="partner_quantity_counts_a_group"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return what to call this partner."""
        if self.organisation is not None:
            return self.organisation.name
        return self.label

    def clean(self) -> None:
        """Ask for an organisation or a group, and for a quantity only with a group."""
        if bool(self.organisation_id) == bool(self.label):
            raise ValidationError({"label": _("Choose an organisation, or else name a group.")})
        if self.quantity and self.organisation_id:
            raise ValidationError({"quantity": _("Only a group can be counted.")})


class FundingLine(Orderable):
    """One source of money. The funder decides; the channel, another body, may pay."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="funding_lines", verbose_name=_("sheet"))
    label = models.CharField(_("label"), max_length=160)
    category = models.CharField(_("category"), max_length=16, choices=FundingCategory.choices)
    funder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="funded_lines", verbose_name=_("funder")
    )
    channel = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="paid_lines",
        verbose_name=_("paid through"),
    )
    instrument = models.CharField(_("instrument"), max_length=120, blank=True, help_text=_("PIC, IAE…"))
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, validators=NOT_NEGATIVE, help_text=_("In euros.")
    )
    amount_status = models.CharField(
        _("status of the amount"), max_length=8, choices=AmountStatus.choices, default=AmountStatus.GRANTED
    )
    qualifier = models.CharField(_("qualifier"), max_length=60, blank=True, help_text=_("“mostly”, “about”…"))
    stated_share = models.DecimalField(
        _("share, as printed"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("Per cent of the total, as your own documents print it. The portal computes its own."),
    )

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("funding line")
        verbose_name_plural = _("funding")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="funding_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuse a funder that pays through itself."""
        if self.channel_id and self.channel_id == self.funder_id:
            raise ValidationError({"channel": _("The paying body is another one than the funder.")})


class Indicator(ClusterableModel, Orderable):
    """Something measured; its values stand by year. An empty value is unknown, not zero."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="indicators", verbose_name=_("sheet"))
    label = models.CharField(_("what is measured"), max_length=160)
    unit = models.CharField(_("unit"), max_length=40)
    periodicity = models.CharField(
        _("periodicity"), max_length=8, choices=Periodicity.choices, default=Periodicity.ANNUAL
    )
    default_target = models.DecimalField(
        _("target"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=NOT_NEGATIVE,
        help_text=_("Holds for every year that has no target of its own."),
    )

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.label


class IndicatorValue(models.Model):
    """The target and what was achieved, for one year or for the whole project."""

    indicator = ParentalKey(Indicator, on_delete=models.CASCADE, related_name="values", verbose_name=_("indicator"))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    target = models.DecimalField(
        _("target"), max_digits=12, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    achieved = models.DecimalField(
        _("achieved"), max_digits=12, decimal_places=2, null=True, blank=True, validators=NOT_NEGATIVE
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_value_a_year"),
            models.UniqueConstraint(fields=["indicator"], condition=models.Q(year=None), name="one_value_without_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year or ''}".strip()


class Testimony(Orderable):
    """What somebody says of the project; shown only with the date of their consent."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="testimonies", verbose_name=_("sheet"))
    quote = models.TextField(_("quotation"), max_length=2_000)
    author = models.CharField(_("first name or function"), max_length=80)
    consent_date = models.DateField(_("date of consent"))

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("testimony")
        verbose_name_plural = _("testimonies")

    def __str__(self) -> str:
        return self.author


class SheetDocument(Orderable):
    """A file of the sheet, for members; what it is and its size are read from the file itself."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="documents", verbose_name=_("sheet"))
    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("What the document is, not the name of the file."))
    file = models.FileField(
        _("file"), upload_to="sheets/%Y/%m", storage=private_storage, validators=[validate_document]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind.choices, default=DocumentKind.OTHER)
    format = models.CharField(_("format"), max_length=8, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False, default=0)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.title

    @property
    def shown_size(self) -> str:
        """The size as people say it: "0,50 Mo"."""
        return format_file_size(self.size)

    def get_absolute_url(self) -> str:
        """Return the address that serves the file to those who may read it."""
        return reverse("project_sheets:document", args=[self.uid, slugify(self.title)[:80] or "document"])

    def clean(self) -> None:
        """Describe a new file while it is at hand: a revision stores it before any row is saved."""
        if self.file and not self.file._committed:
            self._describe_file()

    def save(self, *args: object, **kwargs: object) -> None:
        """Describe a file that no form has checked; a copied row gets an identifier of its own."""
        if SheetDocument.objects.filter(uid=self.uid).exclude(pk=self.pk).exists():
            self.uid = uuid.uuid4()
        if self.file and (not self.sha256 or not self.file._committed):
            self._describe_file()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def _describe_file(self) -> None:
        description = describe_upload(self.file)
        self.format, self.size, self.sha256 = description.format, description.size, description.sha256
        if self.file._committed:
            self.file.close()


class SheetPhoto(Orderable):
    """A picture of the sheet, public; shown only when the people on it agreed."""

    sheet = ParentalKey(SHEET, on_delete=models.CASCADE, related_name="photos", verbose_name=_("sheet"))
    image = models.ForeignKey(get_image_model_string(), models.PROTECT, related_name="+", verbose_name=_("image"))
    alt = models.CharField(
        _("description"), max_length=200, blank=True, help_text=_("What the picture shows; empty if it only decorates.")
    )
    has_consent = models.BooleanField(_("the people shown agreed"), default=False)

    class Meta(Orderable.Meta):
        ordering = ROW_ORDER
        verbose_name = _("photo")
        verbose_name_plural = _("photos")

    def __str__(self) -> str:
        return self.alt or str(self.pk)
