"""Forms of the sheets in Wagtail's admin."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from portal.core.money import format_euros
from portal.taxonomy.forms import AreasField


class SheetAdminForm(WagtailAdminPageForm):
    """Checks that need a sheet's rows together; each error is put at its field."""

    territories = AreasField(label=_("territories"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["territories"].offer_too(self.instance.territories.all())
            self._keep_files_of_draft()

    def _keep_files_of_draft(self) -> None:
        """Give back their files to documents that were never published: they have no key, only an order."""
        formset = self.formsets.get("documents")
        if formset is None or not formset.is_bound:
            return
        rows = [row for row in self.instance.documents.all() if row.pk is None]
        forms = [form for form in formset.initial_forms if form.instance.pk is None]
        for form, row in zip(forms, rows, strict=False):
            form.instance, form.initial["file"] = row, row.file

    def clean(self) -> dict[str, Any]:
        """Refuse funding lines that add up to more than the total."""
        cleaned = super().clean()
        total = cleaned.get("total_budget")
        lines = self._kept_rows("funding_lines")
        named = sum((row["amount"] for row in lines if row.get("amount") is not None), Decimal(0))
        if total is None and named:
            self.add_error("total_budget", _("Give the total budget: funding lines are shares of it."))
        elif total is not None and named > total:
            message = _("The funding lines add up to %(sum)s, more than this total.") % {"sum": format_euros(named)}
            self.add_error("total_budget", message)
        return cleaned

    def _kept_rows(self, formset_name: str) -> list[dict[str, Any]]:
        formset = self.formsets.get(formset_name)
        if formset is None or not formset.is_valid():
            return []
        return [row for row in formset.cleaned_data if row and not row.get("DELETE")]
