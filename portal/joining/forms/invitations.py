"""The forms by which people are invited, and by which they accept."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from directory.models import Membership, Organisation
from directory.naming import organisations_named
from portal.accounts.names import MAX_NAME, validate_name
from portal.core.validators import validate_printable_line
from portal.joining.csv_import import MAX_BYTES, Row, read_rows
from portal.joining.forms.approval import unknown_organisation
from portal.joining.forms.registration import NewPasswordMixin, consent_field, text_input
from portal.joining.models import Invitation
from portal.joining.selectors import Desk
from portal.joining.services.invitations import Invitee, NewMember

ROLE_CHOICES = [
    (Membership.Role.MEMBER, _("Member: reads and takes part")),
    (Membership.Role.EDITOR, _("Editor: also writes the sheets of the organisation")),
    (Membership.Role.MANAGER, _("Manager: also invites and appoints")),
]
#: How long a preview may stay open before it is sent.
PREVIEW_SECONDS = 3_600


class InvitationForm(forms.Form):
    """One person to invite; an animator names any organisation or none, a manager one of theirs."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        validators=[validate_printable_line],
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    first_name = forms.CharField(
        label=_("First name"), max_length=MAX_NAME, required=False, validators=[validate_name], widget=text_input("off")
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=MAX_NAME, required=False, validators=[validate_name], widget=text_input("off")
    )
    role = forms.ChoiceField(label=_("Role in the organisation"), choices=ROLE_CHOICES)

    field_order = ("email", "first_name", "last_name", "organisation", "role")

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        self.desk = desk
        super().__init__(*args, **kwargs)
        self.fields["organisation"] = self._any_organisation() if desk.is_animation else self._own_organisation()
        self.order_fields(self.field_order)

    @staticmethod
    def _any_organisation() -> forms.Field:
        return forms.CharField(
            label=_("Organisation"),
            required=False,
            max_length=150,
            validators=[validate_name],
            help_text=_("Its name or acronym, as in the directory; empty for none."),
            widget=text_input("off", list="organisation-names"),
        )

    def _own_organisation(self) -> forms.Field:
        own = self.desk.organisations.order_by("search_text")
        asked = own.filter(slug=self.desk.asked).first() if self.desk.asked else None
        return forms.ModelChoiceField(
            label=_("Organisation"), queryset=own, initial=asked or own.first(), empty_label=None, to_field_name="slug"
        )

    def clean_organisation(self) -> Organisation | None:
        """Find the organisation that an animator names."""
        typed = self.cleaned_data["organisation"]
        if not self.desk.is_animation or not typed:
            return typed or None
        found = organisations_named(typed)
        if len(found) != 1:
            raise ValidationError(unknown_organisation(typed, found))
        return found[0]

    @property
    def invitee(self) -> Invitee:
        """Whom to invite, as the service takes it."""
        return Invitee(**self.cleaned_data)


class InvitationFileForm(forms.Form):
    """A list of people to invite; its lines are read here and judged by the view."""

    file = forms.FileField(
        label=_("List of people"),
        max_length=200,
        help_text=_("CSV file, 200 people at most. Titles of the columns: courriel, prénom, nom, structure, rôle."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    rows: list[Row]

    def clean_file(self) -> Any:
        """Read the lines into ``rows``."""
        upload = self.cleaned_data["file"]
        self.rows = read_rows(upload.read(MAX_BYTES + 1))
        return upload


class PreviewForm(forms.Form):
    """The lines of a preview, signed for their sender: they come back as they were shown."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        self.salt = f"joining.preview.{desk.user.pk}.{desk.is_animation}"
        super().__init__(*args, **kwargs)

    @classmethod
    def holding(cls, rows: list[Row], desk: Desk) -> "PreviewForm":
        """Return a form that carries ``rows``."""
        form = cls(desk=desk)
        form.initial = {"rows": signing.dumps([[row.number, row.cells] for row in rows], salt=form.salt, compress=True)}
        return form

    def clean_rows(self) -> list[Row]:
        """Return the lines; raises ValidationError for a preview that is too old, or is not this person's."""
        try:
            found = signing.loads(self.cleaned_data["rows"], salt=self.salt, max_age=PREVIEW_SECONDS)
        except signing.BadSignature as error:
            raise ValidationError(_("This preview is too old: choose the file again.")) from error
        return [Row(number, cells) for number, cells in found]


class AcceptanceForm(NewPasswordMixin):
    """What an invited person writes who has no account yet."""

    first_name = forms.CharField(
        label=_("First name"), max_length=MAX_NAME, validators=[validate_name], widget=text_input("given-name")
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=MAX_NAME, validators=[validate_name], widget=text_input("family-name")
    )
    job_title = forms.CharField(
        label=_("Your function"), max_length=120, validators=[validate_name], widget=text_input("organization-title")
    )

    field_order = ("first_name", "last_name", "job_title", "password", "consent")

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        self.invitation = invitation
        super().__init__(*args, **kwargs)
        self.fields["consent"] = consent_field()
        self.order_fields(self.field_order)
        self.initial |= {"first_name": invitation.first_name, "last_name": invitation.last_name}

    def clean(self) -> dict[str, Any]:
        """Judge the password with the names and the invited address."""
        cleaned = super().clean() or self.cleaned_data
        self.check_password(self.invitation.email)
        return cleaned

    @property
    def new_member(self) -> NewMember:
        """What was written, as the service takes it."""
        return NewMember(**{name: self.cleaned_data[name] for name in NewMember.__dataclass_fields__})
