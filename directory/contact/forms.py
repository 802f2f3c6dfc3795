"""The form by which people write to an organisation."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.selectors import organisations_spoken_for
from portal.accounts.rules import AnyUser
from portal.core.validators import validate_printable_line, validate_printable_text


class RelayForm(forms.Form):
    """A message to an organisation. ``website`` is a trap: people do not see it, robots fill it in."""

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
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
        help_text=_("The organisation answers to this address. Example: name@example.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = forms.CharField(label=_("Subject"), max_length=120, validators=[validate_printable_line])
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

    def __init__(self, *args: Any, user: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = organisations_spoken_for(user)
        if own.exists():
            self.fields["in_name_of"] = forms.ModelChoiceField(
                label=_("In the name of"),
                queryset=own,
                to_field_name="slug",
                required=False,
                empty_label=_("In my own name"),
            )
            self.order_fields(["uid", "name", "email", "in_name_of"])
        if user.is_authenticated and not self.is_bound:
            self.initial |= {"name": user.get_full_name(), "email": user.email}

    @property
    def shown_fields(self) -> list[BoundField]:
        """The fields that people fill in."""
        return [self[name] for name in self.fields if name not in {"uid", "website"}]

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
    def in_name_of(self) -> Organisation | None:
        """The organisation in whose name it is written."""
        return self.cleaned_data.get("in_name_of")

    @property
    def values(self) -> dict[str, str]:
        """What is stored of the message."""
        return {name: self.cleaned_data[name] for name in ("name", "email", "subject", "message")}
