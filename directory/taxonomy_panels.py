"""Organisations on the pages of themes and territories."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from directory import selectors
from directory.enums import DirectorySort
from directory.facets import DirectoryFilter, organisations_found, theme_counts
from directory.models import Organisation
from directory.presentation import card_of
from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory, Theme
from portal.taxonomy.panels import TaxonomyPanel, register

SHOWN = 6


def _data(user: AnyUser, chosen: DirectoryFilter, query: dict[str, str]) -> dict[str, Any] | None:
    found = organisations_found(user, chosen)
    total = found.count()
    if not total:
        return None
    first = selectors.with_card_details(selectors.in_order(found, DirectorySort.NAME))[:SHOWN]
    more_url = f"{reverse('directory:index')}?{urlencode(query)}"
    cards = [card_of(organisation) for organisation in first]
    return {"cards": cards, "total": total, "more_url": more_url if total > SHOWN else ""}


def organisations_on_theme(request: HttpRequest, theme: Theme) -> dict[str, Any] | None:
    """Return the first organisations that work on ``theme``."""
    return _data(request.user, DirectoryFilter(themes=(theme,)), {"theme": theme.slug})


def organisations_in_territory(request: HttpRequest, territory: Territory) -> dict[str, Any] | None:
    """Return the first organisations that act in ``territory``."""
    return _data(request.user, DirectoryFilter(territories=(territory,)), {"territoire": territory.public_code})


def organisations_by_theme(request: HttpRequest) -> dict[int, int]:
    """Return how many organisations work on each theme of the first level."""
    return dict(theme_counts(Organisation.objects.visible_to(request.user)))


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
