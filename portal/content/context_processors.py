"""The frame of every page, for templates: nothing is read before a template asks for it."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.rules import is_animator, is_member
from portal.content.frame import Frame, current_frame
from portal.content.models import PortalSettings
from portal.content.navigation import INFORMATION, SEARCH, SEARCH_PATH, Link, LinkGroup, footer_links
from portal.notifications.selectors import unread_count


def layout(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``layout``: names, menu, tools, announcement, footer."""
    return {"layout": Layout(request)}


class Layout:
    """What header and footer show; each part is made when a template reads it."""

    portal_name: str = settings.PORTAL_NAME
    tagline: str = settings.PORTAL_TAGLINE
    theme: str = settings.PORTAL_THEME
    search_url = SEARCH_PATH

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def _frame(self) -> Frame:
        return current_frame()

    @cached_property
    def _person(self) -> Any:
        """The person who is signed in; an error page is shown even when nobody can be recognised."""
        user = getattr(self.request, "user", None)
        try:
            return user if user is not None and user.is_authenticated else None
        except DatabaseError:
            return None

    @property
    def parts(self) -> dict[str, SafeString]:
        """What has been drawn of this version of the frame."""
        return self._frame.parts

    @property
    def header_variant(self) -> str:
        """What tells headers apart: the current area, and the tools with what waits there."""
        current = (link.url for link in self.main_menu if link.current)
        return " ".join((*current, *(f"{tool.url}={tool.count}" for tool in self.tools)))

    @property
    def identity(self) -> PortalSettings:
        """Who runs the portal."""
        return self._frame.identity

    @property
    def operator_name(self) -> str:
        """The organisation that runs the portal; empty where nobody has said."""
        return self.identity.operator_name

    @property
    def accessibility_status(self) -> str:
        """The state of accessibility, in words."""
        return str(self.identity.get_accessibility_status_display())

    @cached_property
    def main_menu(self) -> list[Link]:
        """The main menu, with the current area marked."""
        return [link.marked(self.request.path) for link in self._frame.menu]

    @cached_property
    def announcement(self) -> dict[str, str] | None:
        """The banner under way, or None."""
        found = self._frame.announcement_at(timezone.now())
        if found is None:
            return None
        return {"text": found.text, "url": found.link, "link_label": found.link_label, "kind": found.kind}

    @cached_property
    def tools(self) -> list[Link]:
        """Search, account and administration, as far as this reader has them."""
        if self._person is None:
            return self._visitor_tools()
        try:
            may_administer = is_animator(self._person)
            notifications = self._notifications()
        except DatabaseError:
            # An error page is shown even when nobody can be recognised.
            return self._visitor_tools()
        space = _named_link(gettext_lazy("My space"), "accounts:space", icon="user")
        animation = [
            *_named_link(gettext_lazy("Animation"), "animation:dashboard", icon="people"),
            Link(gettext_lazy("Administration"), reverse("wagtailadmin_home"), icon="settings"),
        ]
        sign_out = Link(gettext_lazy("Sign out"), reverse("account_logout"), icon="logout", post=True)
        return [SEARCH, *notifications, *space, *(animation if may_administer else []), sign_out]

    def _notifications(self) -> list[Link]:
        """The notification centre, with what is unread; for members, whose pages no cache keeps."""
        if not is_member(self._person):
            return []
        return [
            Link(
                gettext_lazy("Notifications"),
                reverse("notifications:centre"),
                icon="bell",
                count=unread_count(self._person),
                count_url=reverse("notifications:count"),
            )
        ]

    @staticmethod
    def _visitor_tools() -> list[Link]:
        sign_in = Link(gettext_lazy("Sign in"), reverse("account_login"), icon="user")
        return [SEARCH, sign_in, *_named_link(gettext_lazy("Create an account"), "joining:register", icon="user")]

    @property
    def shows_live_count(self) -> bool:
        """Whether a tool has a number that changes while a page stays open."""
        return any(tool.count_url for tool in self.tools)

    @property
    def footer_links(self) -> tuple[Link, ...]:
        """Legal links, with the state of accessibility that RGAA wants in words."""
        return footer_links(_("Accessibility: %(status)s") % {"status": self.accessibility_status})

    @property
    def footer_groups(self) -> list[LinkGroup]:
        """The areas of the portal once more."""
        return [LinkGroup(gettext_lazy("Browse"), self._frame.menu), INFORMATION]


def _named_link(label: Any, name: str, *, icon: str = "") -> list[Link]:
    """Return a link to a named page, or none while the portal has no such page."""
    try:
        return [Link(label, reverse(name), icon=icon)]
    except NoReverseMatch:
        return []
