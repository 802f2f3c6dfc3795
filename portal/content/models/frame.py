"""What surrounds every page: who runs the portal, the main menu, announcements."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from portal.content.enums import AccessibilityStatus, AnnouncementKind
from portal.content.validators import validate_link


@register_setting(icon="cog", order=0)
class PortalSettings(BaseGenericSetting):
    """Who runs the portal and where: the legal pages and the footer quote it."""

    operator_name = models.CharField(
        _("name of the operator"), max_length=160, blank=True, help_text=_("The organisation that runs the portal.")
    )
    operator_address = models.TextField(_("postal address"), max_length=400, blank=True)
    publication_director = models.CharField(
        _("director of publication"), max_length=160, blank=True, help_text=_("By function: the director of…")
    )
    host_name = models.CharField(_("name of the hosting provider"), max_length=160, blank=True)
    host_address = models.TextField(_("address of the hosting provider"), max_length=400, blank=True)
    data_protection_contact = models.CharField(
        _("data protection officer"),
        max_length=200,
        blank=True,
        help_text=_("Postal or e-mail address of the function."),
    )
    accessibility_status = models.CharField(
        _("state of accessibility"),
        max_length=8,
        choices=AccessibilityStatus.choices,
        default=AccessibilityStatus.NONE,
        help_text=_("Not compliant until an audit has been made (RGAA 4.1)."),
    )
    accessibility_audited_on = models.DateField(_("date of the audit"), null=True, blank=True)
    accessibility_auditor = models.CharField(_("audited by"), max_length=160, blank=True)
    accessibility_rate = models.DecimalField(
        _("criteria met, in per cent"), max_digits=4, decimal_places=1, null=True, blank=True
    )

    class Meta:
        verbose_name = _("identity of the portal")

    def __str__(self) -> str:
        return self.operator_name

    def clean(self) -> None:
        """Refuse a state that no audit supports."""
        if self.accessibility_status != AccessibilityStatus.NONE and not self.accessibility_audited_on:
            raise ValidationError({"accessibility_status": _("Give the date of the audit that found this state.")})


class MenuEntry(models.Model):
    """One entry of the main menu; without any, the menu has its own defaults."""

    label = models.CharField(_("label"), max_length=40)
    link = models.CharField(
        _("address"), max_length=200, validators=[validate_link], help_text=_("“/forum/”, or a whole https:// address.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("entry of the main menu")
        verbose_name_plural = _("main menu")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.label


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Reads of announcements."""

    def not_over(self) -> "AnnouncementQuerySet":
        """Keep the announcements that are shown now or later."""
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now()))


class Announcement(models.Model):
    """A banner on every page between two moments; the latest to begin is the one shown."""

    text = models.CharField(_("text"), max_length=200)
    link = models.CharField(_("address"), max_length=200, blank=True, validators=[validate_link])
    link_label = models.CharField(_("label of the link"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=AnnouncementKind.choices, default=AnnouncementKind.INFO)
    starts_at = models.DateTimeField(_("shown from"), default=timezone.now)
    ends_at = models.DateTimeField(_("shown until"), null=True, blank=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-starts_at", "-pk"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Check what concerns two fields together; each error is put at its field."""
        if self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("The end comes before the beginning.")})
        if self.link_label and not self.link:
            raise ValidationError({"link": _("Give the address that this label leads to.")})
