"""The form of a call and of its waves, asked of as one."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Revision

from portal.accounts.models import User
from portal.accounts.rules import is_administrator
from portal.joining.selectors import regions_animated_by
from portal.taxonomy.models import Audience, Territory
from project_sheets.editing.fields import DayField, FrenchDecimalField
from project_sheets.editing.row_forms import children, printable
from project_sheets.editing.rows import KnownFieldsMixin, ModelRowForm, RowKind, RowSet
from project_sheets.editing.steps import StepEditor
from project_sheets.models import Call, ProjectSheetPage, Wave


class CallForm(KnownFieldsMixin, forms.ModelForm):
    """The facts of a call; its address is given once, from its title."""

    use_required_attribute = False
    published_on = DayField(label=gettext_lazy("Published on"), required=False)
    closes_on = DayField(label=gettext_lazy("Closes on"), required=False)
    purpose = forms.CharField(
        label=gettext_lazy("Purpose"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Plain text or Markdown."),
    )
    audiences = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Audiences"),
        queryset=Audience.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the call"), max_length=200, required=False, assume_scheme="https"
    )
    source_url = forms.URLField(label=gettext_lazy("Source"), max_length=200, required=False, assume_scheme="https")

    class Meta:
        model = Call
        fields = [
            *("title", "short_title", "programme", "authority", "region", "published_on", "closes_on", "purpose"),
            *("audiences", "audience_conditions", "stated_project_count", "stated_wave_count", "url", "source_url"),
        ]

    GROUPS = (
        (
            gettext_lazy("The call"),
            "appel",
            ("title", "short_title", "programme", "authority", "region", "published_on", "closes_on", "purpose"),
        ),
        (gettext_lazy("Who it is for"), "public", ("audiences", "audience_conditions")),
        (gettext_lazy("As announced"), "annonce", ("stated_project_count", "stated_wave_count")),
        (gettext_lazy("To learn more"), "liens", ("url", "source_url")),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Its own region stays a choice where no team animates it.
        offered = Q(pk__in=regions_animated_by(user).values("pk")) | Q(pk=self.instance.region_id)
        self.fields["region"].queryset = Territory.objects.filter(offered)  # type: ignore[attr-defined]
        # A call of the whole country is the administrators'.
        self.fields["region"].required = not is_administrator(user)
        printable(self, rows=5)

    def store(self) -> None:
        """Write the fields on the call, which stays unsaved; the form must be valid."""
        self._save_m2m()


class WaveForm(ModelRowForm):
    """A wave of a call."""

    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=0, max_value=999)
    decided_on = DayField(label=gettext_lazy("Decided on"), required=False)
    budget_envelope = FrenchDecimalField(
        label=gettext_lazy("Budget envelope"), required=False, min_value=0, help_text=gettext_lazy("In euros.")
    )

    class Meta:
        model = Wave
        fields = ["number", "label", "decided_on", "budget_envelope"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        printable(self)


WAVES = RowKind(
    prefix="waves",
    title=gettext_lazy("Waves"),
    row_title=gettext_lazy("Wave %(number)d"),
    add_label=gettext_lazy("Add a wave"),
    form_class=WaveForm,
    **children("waves"),
)


def _is_named(wave: Wave) -> bool:
    """Whether a sheet names ``wave``: online, in its latest draft, or in what is planned to replace it."""
    names = Q(wave=wave) | Q(latest_revision__content__wave=wave.pk)
    planned = Revision.objects.filter(approved_go_live_at__isnull=False, content__wave=wave.pk)
    return ProjectSheetPage.objects.filter(names).exists() or planned.exists()


class CallEditor(StepEditor):
    """A call in the hands of somebody: its form and its waves."""

    def __init__(self, call: Call, user: User, data: QueryDict | None = None) -> None:
        self.call = call
        self.form = CallForm(data, instance=call, user=user)
        self.row_sets = [RowSet(WAVES, call, data)]

    def is_valid(self) -> bool:
        """Check the fields, the waves, and that no wave is twice there or gone while sheets name it."""
        valid = super().is_valid()
        (waves,) = self.row_sets
        numbers = [form.cleaned_data.get("number") for form in waves.kept if form.is_valid()]
        for form in reversed(waves.kept):
            if form.is_valid() and numbers.count(form.cleaned_data["number"]) > 1:
                form.add_error("number", _("This wave stands twice in the call."))
                valid = False
                break
        return self._keeps_named_waves() and valid

    def _keeps_named_waves(self) -> bool:
        (waves,) = self.row_sets
        kept = {form.instance.pk for form in waves.kept}
        lost = [wave for wave in waves.objects if wave.pk not in kept and _is_named(wave)]
        for wave in lost:
            message = _("Sheets name “%(wave)s”: give them another one before you remove it.")
            self.form.add_error(None, message % {"wave": wave})
        return not lost

    def store(self) -> Call:  # type: ignore[override]
        """Write what was typed on the call, and return it; all must be valid."""
        self.form.store()
        self.row_sets[0].store()
        return self.call

    @property
    def error_notice(self) -> str:
        """What the summary says first."""
        return _("The call is not saved yet; what you typed is still here.")

    @property
    def groups(self) -> Any:
        """The parts of the page in order: groups of fields, and the waves after what is announced of them."""
        for title, anchor, names in self.form.GROUPS:
            yield {"title": title, "id": anchor, "fields": [self.form[name] for name in names]}
            if anchor == "annonce":
                yield {"title": WAVES.title, "id": WAVES.prefix, "rows": self.row_sets[0]}
