"""The forms of the decision on who asked to join."""

from typing import Any

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from directory.models import Membership, Organisation, OrganisationKind
from directory.naming import organisations_named
from portal.accounts.names import validate_name
from portal.core.validators import validate_printable_text
from portal.joining.forms.registration import text_input
from portal.joining.models import Registration
from portal.joining.selectors import similar_organisations
from portal.joining.services.approvals import NewOrganisation

NEW, OTHER, NONE = "new", "other", "none"


class ApprovalForm(forms.Form):
    """Where the admitted person stands: which organisation, in which role."""

    organisation = forms.ChoiceField(label=_("Organisation"), widget=forms.RadioSelect)
    other_name = forms.CharField(
        label=_("Name of the other organisation"),
        required=False,
        max_length=150,
        validators=[validate_name],
        widget=text_input("off", list="organisation-names"),
    )
    new_name = forms.CharField(
        label=_("Name under which to add it"),
        required=False,
        max_length=150,
        validators=[MinLengthValidator(3), validate_name],
        widget=text_input("off"),
    )
    new_kind = forms.ModelChoiceField(
        label=_("Kind of organisation"), queryset=OrganisationKind.objects.all(), to_field_name="slug", required=False
    )
    role = forms.ChoiceField(
        label=_("Role in the organisation"),
        required=False,
        choices=[
            ("", _("Manager if nobody acts for it yet, member otherwise")),
            (Membership.Role.MEMBER, _("Member: reads and takes part")),
            (Membership.Role.EDITOR, _("Editor: also writes the sheets of the organisation")),
            (Membership.Role.MANAGER, _("Manager: also invites and appoints")),
        ],
    )

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        self.registration = registration
        self.similar = similar_organisations(registration.proposed_name, limit=5) if registration.proposes else []
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = self._choices()  # type: ignore[attr-defined]
        self.initial |= {
            "organisation": self._first_choice(),
            "new_name": registration.proposed_name,
            "new_kind": registration.proposed_kind.slug if registration.proposed_kind else "",
        }
        if not registration.proposes:
            del self.fields["new_name"], self.fields["new_kind"]

    def _first_choice(self) -> str:
        if self.registration.organisation:
            return str(self.registration.organisation.pk)
        return NEW if self.registration.proposes else NONE

    def _choices(self) -> list[tuple[str, Any]]:
        chosen, choices = self.registration.organisation, []
        if chosen:
            choices.append((str(chosen.pk), _("%(name)s, chosen by the person") % {"name": chosen.name}))
        if self.registration.proposes:
            name = self.registration.proposed_name
            choices.append((NEW, _("Add “%(name)s” to the directory") % {"name": name}))
        choices += [
            (str(one.pk), _("It is %(name)s, already in the directory") % {"name": one.name}) for one in self.similar
        ]
        return [*choices, (OTHER, _("Another organisation of the directory")), (NONE, _("No organisation"))]

    def clean(self) -> dict[str, Any]:
        """Find the organisation that the choice means; the results are "place" and "new_organisation"."""
        cleaned = super().clean() or self.cleaned_data
        cleaned |= {"place": None, "new_organisation": None}
        choice = cleaned.get("organisation", NONE)
        if choice == NEW:
            self._clean_new(cleaned)
        elif choice == OTHER:
            self._clean_other(cleaned)
        elif choice != NONE:
            known = [self.registration.organisation, *self.similar]
            cleaned["place"] = next(one for one in known if one and str(one.pk) == choice)
        return cleaned

    def _clean_other(self, cleaned: dict[str, Any]) -> None:
        if "other_name" in self.errors:
            return
        found = organisations_named(cleaned.get("other_name", ""))
        if len(found) != 1:
            self.add_error("other_name", unknown_organisation(cleaned.get("other_name", ""), found))
        else:
            cleaned["place"] = found[0]

    def _clean_new(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("new_name") and "new_name" not in self.errors:
            self.add_error("new_name", _("Give the organisation a name."))
        if not cleaned.get("new_kind") and "new_kind" not in self.errors:
            self.add_error("new_kind", _("Choose the kind of the organisation."))
        if cleaned.get("new_name") and cleaned.get("new_kind"):
            cleaned["new_organisation"] = NewOrganisation(
                cleaned["new_name"], cleaned["new_kind"], self.registration.proposed_seat
            )


def unknown_organisation(name: str, found: list[Organisation]) -> str:
    """Return what to say of a name that is not that of one organisation, with those that it may mean."""
    near = found or similar_organisations(name, limit=3)
    if not near:
        return str(_("The directory has no organisation of this name."))
    names = ", ".join(one.name for one in near)
    return str(_("The directory has no single organisation of this name. Near it: %(names)s.") % {"names": names})


class RefusalForm(forms.Form):
    """Why somebody is not admitted; they read it."""

    reason = forms.CharField(
        label=_("Reason of the refusal"),
        max_length=1_000,
        validators=[validate_printable_text],
        help_text=_("The person receives this text by e-mail, with whom to write to. 1,000 signs at most."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
