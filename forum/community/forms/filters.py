"""What narrows a list, read from its address: anything may stand there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.community.enums import DiscussionFilter, DiscussionSort
from forum.community.selectors.discussions import ListFilter
from portal.taxonomy.selectors import territory_by_public_code


class ListForm(forms.Form):
    """State, order and territory; a wrong value is no value."""

    etat = forms.ChoiceField(label=_("State"), choices=DiscussionFilter.choices, required=False)
    tri = forms.ChoiceField(label=_("Sort by"), choices=DiscussionSort.choices, required=False)
    territoire = forms.CharField(max_length=20, required=False)

    def chosen(self) -> ListFilter:
        """Return what the reader chose."""
        self.is_valid()
        cleaned = self.cleaned_data
        territory = territory_by_public_code(cleaned.get("territoire") or "")
        return ListFilter(
            cleaned.get("etat") or DiscussionFilter.ALL, cleaned.get("tri") or DiscussionSort.RECENT, territory
        )
