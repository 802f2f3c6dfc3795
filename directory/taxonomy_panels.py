"""Organisations on the pages of themes and territories."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory.enums import DirectorySort
from directory.facets import DirectoryFilter, FacetedDirectory
from directory.presentation import cards_of
from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import TaxonomyPanel, register

SHOWN = 6


def _data(user: AnyUser, chosen: DirectoryFilter, query: dict[str, str]) -> dict[str, Any] | None:
    found = FacetedDirectory(user, chosen).found(DirectorySort.NAME)
    if not found:
        return None
    more_url = f"{reverse('directory:index')}?{urlencode(query)}"
    cards = list(cards_of(one.pk for one in found[:SHOWN]).values())
    return {"cards": cards, "total": len(found), "more_url": more_url if len(found) > SHOWN else ""}


def organisations_on_theme(request: HttpRequest, theme: Theme) -> dict[str, Any] | None:
    """Return the first organisations that work on ``theme``."""
    return _data(request.user, DirectoryFilter(chosen={"theme": (theme.slug,)}), {"theme": theme.slug})


def organisations_in_territory(request: HttpRequest, territory: Territory) -> dict[str, Any] | None:
    """Return the first organisations that act in ``territory``."""
    return _data(request.user, DirectoryFilter(territories=(territory,)), {"territoire": territory.public_code})


def organisations_by_theme(request: HttpRequest) -> dict[int, int]:
    """Return how many organisations work on each theme of the first level."""
    options = FacetedDirectory(request.user, DirectoryFilter()).options("theme")
    keys = dict(Theme.objects.filter(parent=None).values_list("slug", "pk"))
    return {keys[option.value]: option.count for option in options if option.value in keys}


def organisations_label(count: int) -> str:
    """Return the number in words: « 2 structures »."""
    return ngettext("%(count)s organisation", "%(count)s organisations", count) % {"count": count}


register(
    TaxonomyPanel(
        key="organisations",
        title=_("Organisations"),
        order=30,
        template="directory/_taxonomy_panel.html",
        of_theme=organisations_on_theme,
        of_territory=organisations_in_territory,
        theme_counts=organisations_by_theme,
        count_label=organisations_label,
        areas=("directory",),
    )
)
