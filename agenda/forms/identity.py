"""What an event is, for whom, and who makes it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinLengthValidator, validate_email
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.enums import Access, EventKind, OrganiserRole
from agenda.forms.shared import LINE, PrintableLinesField, listed_organisations, markdown_field
from agenda.models import Event
from agenda.services.events import EventIdentity
from directory.models import Organisation
from directory.selectors import organisation_ids_written_by
from portal.accounts.models import User
from portal.accounts.rules import animates, is_animator
from portal.core.validators import validate_printable_line
from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.models import ProjectSheetPage


class IdentityForm(forms.Form):
    """What the event is, for whom, and who makes it."""

    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=150, validators=[MinLengthValidator(4), validate_printable_line]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind of meeting"), choices=EventKind.choices)
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        max_length=300,
        validators=LINE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What lists and mails show: 300 signs at most."),
    )
    body = markdown_field(gettext_lazy("Presentation"), max_length=20_000)
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who sees this event?"),
        choices=Access.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Each part of the day may have an audience of its own, chosen with its times."),
    )
    invitees = PrintableLinesField(
        label=gettext_lazy("Invited people"),
        required=False,
        help_text=gettext_lazy("For an event by invitation: the addresses of the accounts, one per line."),
    )
    organiser = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Organised by"),
        queryset=Organisation.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Several can be chosen: hold the Ctrl or Cmd key."),
    )
    supports = forms.ModelMultipleChoiceField(
        label=gettext_lazy("With the support of"),
        required=False,
        queryset=Organisation.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Several can be chosen: hold the Ctrl or Cmd key."),
    )
    linked = forms.ModelMultipleChoiceField(
        label=gettext_lazy("In connection with"),
        required=False,
        queryset=Organisation.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=gettext_lazy("Several can be chosen: hold the Ctrl or Cmd key."),
    )
    territory = forms.ModelChoiceField(
        label=gettext_lazy("Territory"),
        queryset=Territory.objects.none(),
        help_text=gettext_lazy("The animators of its region publish the event."),
    )
    themes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Themes"), required=False, queryset=Theme.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    audiences = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Audiences"),
        required=False,
        queryset=Audience.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    sheets = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Projects presented"),
        required=False,
        queryset=ProjectSheetPage.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("Several can be chosen: hold the Ctrl or Cmd key."),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Address of the organisers"),
        required=False,
        help_text=gettext_lazy("Shown on the page; answers to the mails go there."),
    )

    def __init__(self, *args: Any, user: User, event: Event | None = None, initial: Any = None) -> None:
        super().__init__(*args, initial={**_identity_of(event), **(initial or {})})
        self.user, self.event = user, event
        fields: dict[str, Any] = self.fields
        # What the event names already stays a choice, whoever writes and whatever left the directory since.
        organising: list[int] = self.initial.get("organiser", [])
        own = listed_organisations(organising)
        if not is_animator(user):
            written = Q(pk__in=organisation_ids_written_by(user)) | Q(pk__in=organising)
            own = Organisation.objects.filter(written).order_by("search_text")
        fields["organiser"].queryset = own
        for name in ("supports", "linked"):
            fields[name].queryset = listed_organisations(self.initial.get(name, []))
        places = Territory.objects.current().areas()
        if event is not None and event.territory_id:
            places = Territory.objects.filter(Q(pk=event.territory_id) | Q(pk__in=places.values("pk")))
        fields["territory"].queryset = places
        themes = [theme.pk for theme in self.initial.get("themes", [])]
        sheets = [sheet.pk for sheet in self.initial.get("sheets", [])]
        fields["themes"].queryset = Theme.objects.filter(Q(parent=None) | Q(pk__in=themes))
        fields["audiences"].queryset = Audience.objects.all()
        live = ProjectSheetPage.objects.live().values("pk")
        fields["sheets"].queryset = ProjectSheetPage.objects.filter(Q(pk__in=live) | Q(pk__in=sheets)).order_by("title")

    def clean_invitees(self) -> list[str]:
        """Refuse what is no address, naming it."""
        for text in self.cleaned_data["invitees"]:
            try:
                validate_email(text)
            except ValidationError as error:
                raise ValidationError(_("This is no e-mail address: %(text)s"), params={"text": text[:100]}) from error
        return self.cleaned_data["invitees"]

    def clean_territory(self) -> Territory:
        """Refuse the whole country to those who do not animate it: nobody could publish the event."""
        place = self.cleaned_data["territory"]
        if place.level == Territory.Level.COUNTRY and not animates(self.user, None):
            raise ValidationError(_("Choose a region or a department: its animators publish the event."))
        return place

    @property
    def identity(self) -> EventIdentity:
        """What was written."""
        data = self.cleaned_data
        names = ("title", "kind", "summary", "body", "visibility", "territory", "contact_email")
        known: list[int] = self.initial.get("organiser", [])
        # The order that is there stays: the first one is named first.
        first = sorted(data["organiser"], key=lambda one: known.index(one.pk) if one.pk in known else len(known))
        chosen = {one.pk for one in first}
        organisers = [(one, OrganiserRole.ORGANISES.value) for one in first]
        for name, role in (("supports", OrganiserRole.SUPPORTS), ("linked", OrganiserRole.LINKED)):
            # An organisation has one role: the first one given.
            organisers += [(one, role.value) for one in data[name] if one.pk not in chosen]
            chosen |= {one.pk for one in data[name]}
        return EventIdentity(
            fields={name: data[name] for name in names},
            themes=data["themes"],
            audiences=data["audiences"],
            sheets=data["sheets"],
            organisers=organisers,
            invitees=data["invitees"],
        )


def _identity_of(event: Event | None) -> dict[str, Any]:
    if event is None:
        return {"kind": EventKind.OTHER, "visibility": Access.PUBLIC}
    by_role: dict[str, list[int]] = {}
    for row in event.organisers.all():
        by_role.setdefault(row.role, []).append(row.organisation_id)
    names = ("title", "kind", "summary", "body", "visibility", "contact_email")
    return {
        **{name: getattr(event, name) for name in names},
        "territory": event.territory_id,
        "organiser": by_role.get(OrganiserRole.ORGANISES, []),
        "supports": by_role.get(OrganiserRole.SUPPORTS, []),
        "linked": by_role.get(OrganiserRole.LINKED, []),
        "themes": list(event.themes.all()),
        "audiences": list(event.audiences.all()),
        "sheets": list(event.sheets.all()),
        "invitees": [one.email for one in event.invitees.all()],
    }
