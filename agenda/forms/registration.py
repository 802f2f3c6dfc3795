"""What people type to register, and afterwards."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MinLengthValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from agenda.enums import Attending, QuestionKind
from agenda.models import Question, Registration, Session
from agenda.services.places import Applicant, Wish
from portal.accounts.models import User
from portal.accounts.names import validate_name
from portal.core.validators import validate_printable_line, validate_printable_text

LONGEST_ANSWER = 1_000


class RegistrationForm(forms.Form):
    """A wish for a place. ``website`` is a trap: people do not see it, robots fill it in.

    A member is known already and types nothing of themselves; a guest, or a colleague for whom a
    member registers, is asked for a name, an address and an organisation.
    """

    uid = forms.CharField(widget=forms.HiddenInput, required=False)
    full_name = forms.CharField(
        label=_("First and last name"),
        max_length=120,
        validators=[MinLengthValidator(2), validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Example: first.last@organisation.fr. A link is sent there to confirm."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        required=False,
        max_length=150,
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    attending = forms.ChoiceField(label=_("How will you take part?"), widget=forms.RadioSelect)
    website = forms.CharField(label=_("Leave this field empty"), required=False, max_length=200)

    def __init__(self, *args: Any, session: Session, user: User | None, for_colleague: bool = False) -> None:
        super().__init__(*args)
        self.session, self.user, self.for_colleague = session, user, for_colleague
        if user is not None and not for_colleague:
            for name in ("full_name", "email", "organisation_name"):
                del self.fields[name]
        elif for_colleague:
            for name in ("full_name", "email", "organisation_name"):
                self.fields[name].widget.attrs["autocomplete"] = "off"
        self._offer_ways()
        self.questions = list(session.occurrence.event.questions.all())
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = question_field(question)
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if not self.is_bound:
            self.initial["uid"] = uuid4().hex

    def _offer_ways(self) -> None:
        ways = self.session.ways
        if len(ways) < 2:
            del self.fields["attending"]
            return
        self.fields["attending"].choices = [(way, Attending(way).label) for way in ways]  # type: ignore[attr-defined]

    @property
    def shown(self) -> list[BoundField]:
        """The fields that people see, in their order."""
        return [field for field in self.visible_fields() if field.name != "website"]

    @property
    def is_from_robot(self) -> bool:
        """Whether the trap was filled in."""
        return bool(self.cleaned_data["website"])

    @property
    def form_uid(self) -> UUID:
        """The identifier of this form: the same for a second click."""
        try:
            return UUID(self.cleaned_data["uid"])
        except ValueError:
            return uuid4()

    @property
    def wish(self) -> Wish:
        """What is asked for."""
        way = self.cleaned_data.get("attending") or next(iter(self.session.ways), Attending.ON_SITE.value)
        return Wish(way, self.answers, self.form_uid)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers by question, those left empty out."""
        found = {str(question.pk): self.cleaned_data.get(f"question_{question.pk}") for question in self.questions}
        return {key: value for key, value in found.items() if value not in {None, ""}}

    @property
    def applicant(self) -> Applicant:
        """Who is to have the place."""
        if self.user is not None and not self.for_colleague:
            return Applicant(user=self.user)
        return Applicant(
            email=self.cleaned_data["email"],
            full_name=self.cleaned_data["full_name"],
            organisation_name=self.cleaned_data["organisation_name"],
            registered_by=self.user,
        )


def question_field(question: Question) -> forms.Field:
    """Return the field of one question."""
    shared: dict[str, Any] = {"label": question.label, "required": question.is_required}
    kind = QuestionKind(question.kind)
    if kind == QuestionKind.TEXT:
        widget = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(max_length=LONGEST_ANSWER, widget=widget, validators=[validate_printable_text], **shared)
    if kind == QuestionKind.CHOICE:
        return forms.ChoiceField(choices=[("", _("Choose")), *((text, text) for text in question.choices)], **shared)
    if kind == QuestionKind.YES_NO:
        return forms.ChoiceField(choices=[("oui", _("Yes")), ("non", _("No"))], widget=forms.RadioSelect, **shared)
    return forms.CharField(max_length=200, validators=[validate_printable_line], **shared)


class FeedbackForm(forms.Form):
    """What somebody who came thinks of it."""

    rating = forms.TypedChoiceField(
        label=_("Was this meeting useful to you?"),
        coerce=int,
        choices=[
            (5, _("5 – very useful")),
            (4, _("4 – useful")),
            (3, _("3 – so-so")),
            (2, _("2 – of little use")),
            (1, _("1 – of no use")),
        ],
        widget=forms.RadioSelect,
    )
    liked = forms.CharField(
        label=_("What was useful?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_printable_text],
    )
    to_improve = forms.CharField(
        label=_("What could be better?"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[validate_printable_text],
    )

    def __init__(self, *args: Any, registration: Registration) -> None:
        super().__init__(*args)
        self.registration = registration
