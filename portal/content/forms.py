"""Forms of the editorial content: contact, pictures."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from portal.content.enums import ContactSubject
from portal.core.images import clean_picture
from portal.core.validators import validate_printable_line, validate_printable_text


class PictureField(WagtailImageField):
    """A picture, drawn anew before anything else looks at it.

    Wagtail's own checks decode the picture and fail with a server error on a broken one.
    """

    def to_python(self, data: Any) -> Any:
        """Return the clean picture; raises ValidationError for what is none, or is not what its name says."""
        upload = forms.FileField.to_python(self, data)
        if upload is None:
            return None
        clean = clean_picture(upload)
        clean.name = upload.name
        picture = super().to_python(clean)
        picture.is_clean_picture = True
        return picture


class PortalImageForm(BaseImageForm):
    """The form of a picture in Wagtail's admin: what is stored has been drawn anew."""

    file = PictureField(label=_("File"), widget=BaseImageForm.Meta.widgets["file"])


class ContactForm(forms.Form):
    """A message to the team. ``website`` is a trap: people do not see it, robots fill it in."""

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
    subject = forms.ChoiceField(label=_("Subject"), choices=[("", _("Choose a subject")), *ContactSubject.choices])
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[validate_printable_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        validators=[validate_printable_line],
        help_text=_("For our answer only. Example: name@example.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisation = forms.CharField(
        label=_("Your organisation"),
        max_length=160,
        required=False,
        validators=[validate_printable_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    message = forms.CharField(
        label=_("Your message"),
        max_length=5_000,
        validators=[validate_printable_text],
        help_text=_("5,000 signs at most. Write nothing that identifies a person whom you accompany."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    SHOWN = ("subject", "name", "email", "organisation", "message")

    @property
    def shown_fields(self) -> list[BoundField]:
        """The fields that people fill in."""
        return [self[name] for name in self.SHOWN]

    @property
    def form_uid(self) -> UUID:
        """The identifier of this form; a missing or broken one is replaced, as it is nobody's fault."""
        try:
            return UUID(self.cleaned_data.get("uid", ""))
        except ValueError:
            return uuid4()

    @property
    def is_from_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data.get("website"))

    @property
    def values(self) -> dict[str, Any]:
        """What people typed, by the name of the model's fields."""
        return {name: self.cleaned_data[name] for name in self.SHOWN}
