"""Asking, answering, changing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from forum.community.models import Message, Space
from forum.community.permissions import Permissions
from forum.community.selectors.people import organisations_to_write_for
from forum.community.selectors.spaces import spaces_to_write_in
from forum.community.services.polls import PollData
from forum.community.texts import MAX_LENGTH
from forum.community.uploads import ManyFilesField
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.moderation.forms import PersonalDataGuardMixin
from portal.taxonomy.models import Territory

MAX_TITLE = 120
MAX_OPTIONS = 10


class ContentField(forms.CharField):
    """A message in Markdown, in the editor."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Message"))
        options.setdefault(
            "help_text",
            _(
                "Write “@First name Last name” to mention a member. "
                "Name no beneficiary: say what matters of the situation."
            ),
        )
        super().__init__(
            max_length=MAX_LENGTH,
            validators=[validate_printable_text],
            widget=forms.Textarea(attrs={"rows": 9, "data-editor": ""}),
            **options,
        )


class AreaField(forms.ModelChoiceField):
    """A region or a department, each region followed by its own."""

    def __init__(self, **options: Any) -> None:
        region = Coalesce("region__normalized_name", "normalized_name")
        areas = Territory.objects.current().areas().exclude(level=Territory.Level.COUNTRY).select_related("region")
        ordered = areas.order_by(region, F("region").asc(nulls_first=True), "code")
        super().__init__(queryset=ordered, empty_label=_("Everywhere"), **options)

    def label_from_instance(self, obj: Territory) -> str:  # type: ignore[override]
        """Tell a region from its departments."""
        return obj.name if obj.level == Territory.Level.REGION else f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{obj}"


class WritingForm(PersonalDataGuardMixin, forms.Form):
    """What every message has: its text, its files, in whose name."""

    guarded_fields: tuple[str, ...] = ("content",)

    content = ContentField()
    files = ManyFilesField(
        label=_("Files"),
        required=False,
        help_text=_("Five at most, 10 MB each: PDF, OpenDocument, Office, JPEG, PNG, WebP."),
    )
    organisation = forms.ModelChoiceField(
        label=_("In the name of"), required=False, queryset=Organisation.objects.none(), empty_label=_("Myself")
    )
    is_anonymous = forms.BooleanField(
        label=_("Post anonymously"),
        required=False,
        help_text=_("Your name is hidden from the other members. Moderators know it, and nobody else."),
    )

    def __init__(self, *args: Any, permissions: Permissions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permissions = permissions
        # Who was offered none sends none: an answer that is sent need not look for them.
        is_offered = not self.is_bound or "organisation" in self.data
        organisations = organisations_to_write_for(permissions.user) if is_offered else []
        if organisations:
            field: Any = self.fields["organisation"]
            field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in organisations])
        else:
            del self.fields["organisation"]

    def clean(self) -> dict[str, Any]:
        """Refuse a message that is anonymous and official at once."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_anonymous") and cleaned.get("organisation"):
            self.add_error("is_anonymous", _("A message in the name of an organisation cannot be anonymous."))
        return cleaned


class KeptTextForm(forms.Form):
    """What was typed and could not be published, to be copied."""

    content = forms.CharField(
        label=_("What you had written"),
        help_text=_("Copy it if you want to use it elsewhere."),
        widget=forms.Textarea(attrs={"rows": 9, "readonly": True}),
    )


class ReplyForm(WritingForm):
    """An answer."""

    field_order = ("content", "files", "organisation", "is_anonymous")


class QuestionForm(WritingForm):
    """A question, or a discussion."""

    guarded_fields = ("subject", "content")
    field_order = ("subject", "space", "territory", "content", "files", "organisation", "is_anonymous")

    subject = forms.CharField(
        label=_("Your question in one sentence"),
        max_length=MAX_TITLE,
        validators=[MinLengthValidator(8), validate_printable_line],
        help_text=_("Example: “How do you house an apprentice whose receipt has expired?”"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-similar": ""}),
    )
    space = forms.ChoiceField(label=_("Theme"))
    territory = AreaField(
        label=_("Territory"), required=False, help_text=_("Where the answer should hold; its animators look after it.")
    )
    poll_question = forms.CharField(
        label=_("Question of the poll"), max_length=200, required=False, validators=[validate_printable_line]
    )
    poll_options = forms.CharField(
        label=_("Answers to choose from"),
        required=False,
        validators=[MaxLengthValidator(2_000), validate_printable_text],
        help_text=_("One a line, 2 to 10."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    poll_multiple = forms.BooleanField(label=_("Several answers may be chosen"), required=False)
    poll_days = forms.IntegerField(
        label=_("Closes after"), required=False, min_value=1, max_value=90, help_text=_("Days. Empty: it stays open.")
    )
    POLL = ("poll_question", "poll_options", "poll_multiple", "poll_days")

    def __init__(self, *args: Any, permissions: Permissions, **kwargs: Any) -> None:
        super().__init__(*args, permissions=permissions, **kwargs)
        self.spaces = {str(space.pk): space for space in spaces_to_write_in(permissions)}
        choices = [(pk, _indented(space)) for pk, space in self.spaces.items()]
        self.fields["space"].choices = [("", _("Choose a theme")), *choices]  # type: ignore[attr-defined]

    def clean_space(self) -> Space:
        """Return the space that was chosen."""
        return self.spaces[self.cleaned_data["space"]]

    def clean_poll_options(self) -> list[str]:
        """Return the options, without empty lines and doubles."""
        lines = (line.strip() for line in self.cleaned_data["poll_options"].splitlines())
        options = list(dict.fromkeys(line for line in lines if line))
        if any(len(option) > 200 for option in options):
            raise forms.ValidationError(_("An answer of a poll has 200 signs at most."))
        return options

    def clean(self) -> dict[str, Any]:
        """Refuse half a poll."""
        cleaned = super().clean()
        question, options = cleaned.get("poll_question"), cleaned.get("poll_options") or []
        if question and not 2 <= len(options) <= MAX_OPTIONS:
            self.add_error("poll_options", _("Write 2 to 10 answers, one a line."))
        elif options and not question and "poll_question" not in self.errors:
            self.add_error("poll_question", _("Write the question of the poll, or empty its answers."))
        return cleaned

    @property
    def poll(self) -> PollData | None:
        """The poll that was typed, if any; the form must be valid."""
        cleaned = self.cleaned_data
        if not cleaned["poll_question"]:
            return None
        return PollData(
            cleaned["poll_question"], cleaned["poll_options"], bool(cleaned["poll_multiple"]), cleaned["poll_days"]
        )

    @property
    def poll_fields(self) -> Iterable[forms.BoundField]:
        """The fields of the poll, which pages show apart."""
        return [self[name] for name in self.POLL]

    @property
    def has_poll(self) -> bool:
        """Whether something of a poll was typed."""
        return any(self[name].value() or self[name].errors for name in ("poll_question", "poll_options"))


def _indented(space: Space) -> str:
    return "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" * space.forum.level + space.forum.name


class EditForm(PersonalDataGuardMixin, forms.Form):
    """A change of a message."""

    guarded_fields = ("subject", "content")

    subject = forms.CharField(
        label=_("Title"), max_length=MAX_TITLE, validators=[MinLengthValidator(3), validate_printable_line]
    )
    content = ContentField()
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        validators=[validate_printable_line],
        help_text=_("Shown in the history: “A number was wrong”."),
    )
    taken_away = forms.MultipleChoiceField(
        label=_("Files to take away"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They are deleted at once, and for good."),
    )

    def __init__(self, *args: Any, message: Message, **kwargs: Any) -> None:
        initial = {"subject": message.post.subject, "content": message.post.content.raw}
        super().__init__(*args, initial=initial, **kwargs)
        if not message.is_first:
            del self.fields["subject"]
        self.attachments = {str(one.pk): one for one in message.post.attachments.all()}
        if self.attachments:
            field: Any = self.fields["taken_away"]
            field.choices = [(pk, one.name) for pk, one in self.attachments.items()]
        else:
            del self.fields["taken_away"]

    def clean_taken_away(self) -> list[Attachment]:
        """Return the files that were ticked."""
        return [self.attachments[pk] for pk in self.cleaned_data["taken_away"]]


class OneOrMoreField(forms.MultipleChoiceField):
    """Choices of a poll: radio buttons send one value, boxes a list."""

    def to_python(self, value: Any) -> list[str]:
        """Return a list in both cases."""
        return super().to_python([value] if isinstance(value, str) and value else value)


class VoteForm(forms.Form):
    """A choice in a poll."""

    choices = OneOrMoreField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, options: Iterable[tuple[int, str]], most: int, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["choices"]
        field.label = question
        field.choices = [(str(pk), text) for pk, text in options]
        self.most = most
        if most == 1:
            field.widget = forms.RadioSelect(choices=field.choices)

    def clean_choices(self) -> list[int]:
        """Return the ids that were chosen, each once whatever was sent."""
        chosen = list(dict.fromkeys(self.cleaned_data["choices"]))
        if len(chosen) > self.most:
            raise forms.ValidationError(_("Choose one answer."))
        return [int(pk) for pk in chosen]
