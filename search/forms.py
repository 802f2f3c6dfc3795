"""The question that a person types."""

import re
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from search.analysis import clean_text
from search.engines.base import FACETS

MAX_QUESTION_LENGTH = 200
MAX_VALUES = 20
_FACET_VALUE = re.compile(r"[A-Za-z0-9_-]{1,120}")
_PAGE = re.compile(r"[1-9][0-9]{0,5}")


class QuestionField(forms.CharField):
    """A line of text; control signs count as spaces, so that no text is an error but a long one."""

    def to_python(self, value: str | None) -> str:
        """Clean before the validators see NUL, which they would refuse."""
        return super().to_python(clean_text(value or "")) or ""


class SearchForm(forms.Form):
    """The search box."""

    q = QuestionField(
        label=_("Your search"),
        max_length=MAX_QUESTION_LENGTH,
        error_messages={
            "max_length": _("Your search has %(show_value)d signs: keep its main words, %(limit_value)d signs at most.")
        },
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def question_form(data: QueryDict) -> SearchForm:
    """Return the form of what an address asks, unbound where it asks nothing."""
    return SearchForm(data) if clean_text(data.get("q", "")).strip() else SearchForm()


def chosen_facets(data: QueryDict) -> Mapping[str, tuple[str, ...]]:
    """Return the facet values that an address asks for; what cannot be one is passed over."""
    return {
        name: tuple(dict.fromkeys(value for value in data.getlist(name) if _FACET_VALUE.fullmatch(value)))[:MAX_VALUES]
        for name in FACETS
    }


def page_number(data: QueryDict) -> int:
    """Return the page that an address asks for, the first one where it makes no sense."""
    asked = data.get("page", "")
    return int(asked) if _PAGE.fullmatch(asked) else 1
