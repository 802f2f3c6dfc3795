"""The filters of the lists of news and resources: one choice each, kept in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest


class Named(Protocol):
    """What a list may be filtered by."""

    slug: str


@dataclass(frozen=True)
class Choice:
    """An option that is no row of the database."""

    slug: str
    name: str

    def __str__(self) -> str:
        return self.name


def choice_for(
    name: str, label: str, everything: str, options: Sequence[Named], chosen: Named | None
) -> dict[str, Any]:
    """Return the parameters of a "choice" component: all, or one of ``options``."""
    rows = [{"value": "", "label": everything, "selected": chosen is None}]
    rows += [{"value": option.slug, "label": str(option), "selected": option == chosen} for option in options]
    return {"name": name, "label": label, "options": rows}


def chips_for(request: HttpRequest, choices: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the active filters, each with the address that removes it."""
    chips = []
    for choice in choices:
        for option in choice["options"]:
            if option["selected"] and option["value"]:
                query = request.GET.copy()
                query.pop("page", None)
                query.pop(choice["name"], None)
                url = f"{request.path}?{query.urlencode()}" if query else request.path
                chips.append({"label": option["label"], "url": url})
    return chips
