"""Writing an announcement, and choosing when it leaves."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.rules import is_administrator
from portal.notifications.announcements.audiences import criteria_in_order
from portal.notifications.announcements.models import Announcement
from portal.taxonomy.models import Territory

FURTHEST = timedelta(days=366)


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text, and to whom it goes: the region, then one choice for each declared audience."""

    class Meta:
        model = Announcement
        fields = ("title", "body", "link_url", "region")
        labels = {
            "title": gettext_lazy("Title"),
            "body": gettext_lazy("Text"),
            "link_url": gettext_lazy("Page to which the button leads"),
        }
        help_texts = {
            "title": gettext_lazy("60 signs at most: it is the subject of the e-mail."),
            "body": gettext_lazy(
                "Plain text: an empty line between paragraphs, “- ” before the lines of a list. "
                "Nothing that is for members alone: e-mails are passed on."
            ),
            "link_url": gettext_lazy(
                "An address of the portal (/agenda/…) or of another site (https://…). "
                "Without one, the button leads to the announcement."
            ),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region: forms.ModelChoiceField[Territory] = self.fields["region"]  # type: ignore[assignment]
        regions = Territory.objects.current().regions().filter(team__isnull=False)
        if is_administrator(user):
            region.empty_label = _("The whole portal")
        else:
            regions = regions.filter(pk__in=user.animated_region_ids)
            region.required, region.empty_label = True, None
        region.queryset = regions
        region.label = _("Region")
        self.criteria = criteria_in_order()
        for criterion in self.criteria:
            self.fields[f"to_{criterion.key}"] = forms.ChoiceField(
                label=criterion.label,
                choices=[("", criterion.everybody), *criterion.options(user)],
                required=False,
                initial=self.instance.criteria.get(criterion.key, ""),
            )

    def clean_link_url(self) -> str:
        """A path of the portal, or the address of a page."""
        address: str = self.cleaned_data["link_url"].strip()
        if address and not (address.startswith("/") and not address.startswith("//")):
            try:
                URLValidator(schemes=["http", "https"])(address)
            except ValidationError as error:
                raise ValidationError(_("Write /… for a page of the portal, https://… for another site.")) from error
        return address

    def save(self, commit: bool = True) -> Announcement:
        """Keep the chosen criteria with the text."""
        chosen = {criterion.key: self.cleaned_data[f"to_{criterion.key}"] for criterion in self.criteria}
        self.instance.criteria = {key: value for key, value in chosen.items() if value}
        if commit and self.instance.pk:
            # Its state is its sender's.
            self.instance.save(update_fields=[*self.Meta.fields, "criteria"])
            return self.instance
        saved: Announcement = super().save(commit)
        return saved


class ScheduleForm(forms.Form):
    """The moment at which an announcement leaves."""

    at = forms.SplitDateTimeField(
        label=gettext_lazy("Day and time"),
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": gettext_lazy("Day")},
            time_attrs={"type": "time", "aria-label": gettext_lazy("Time")},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        ),
    )

    def clean_at(self) -> datetime:
        """A moment to come, within a year."""
        at: datetime = self.cleaned_data["at"]
        if at <= timezone.now():
            raise ValidationError(_("This moment is past."))
        if at > timezone.now() + FURTHEST:
            raise ValidationError(_("This is more than a year ahead."))
        return at
