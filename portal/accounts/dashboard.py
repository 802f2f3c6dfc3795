"""The dashboard of "Animation": panels of figures that apps declare in ``dashboard_panels.py``."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.registry import Registry


@dataclass(frozen=True)
class DashboardFigure:
    """One figure and the list that it counts; ``value`` is a number, or a text such as "82 %"."""

    label: str
    value: int | str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class DashboardPanel:
    """A heading and its figures, read for one animator: their regions, nothing of the others'."""

    key: str
    title: str | Promise
    order: int
    figures: Callable[[User], Iterable[DashboardFigure]]
    is_shown: Callable[[User], bool] = is_animator


@dataclass(frozen=True)
class ReadPanel:
    """A panel with its figures read."""

    title: str
    figures: Sequence[DashboardFigure]


dashboard_panels: Registry[DashboardPanel] = Registry("dashboard panels")


def declare_panel(
    key: str,
    title: str | Promise,
    *,
    order: int,
    figures: Callable[[User], Iterable[DashboardFigure]],
    is_shown: Callable[[User], bool] = is_animator,
) -> None:
    """Add a panel at its place; raises ValueError when ``key`` is taken. A panel without figures is not shown."""
    dashboard_panels.register(key, DashboardPanel(key, title, order, figures, is_shown))


def panels_for(user: User) -> Sequence[ReadPanel]:
    """Return the panels that ``user`` sees, in order."""
    shown = sorted((panel for panel in dashboard_panels if panel.is_shown(user)), key=lambda panel: panel.order)
    read = [ReadPanel(str(panel.title), list(panel.figures(user))) for panel in shown]
    return [panel for panel in read if panel.figures]
