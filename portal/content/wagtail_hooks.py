"""The editorial content in Wagtail's admin, and who may fetch a document."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.rich_text.feature_registry import FeatureRegistry
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.accounts.rules import is_member
from portal.content.blocks.paragraph import FEATURES
from portal.content.models import Announcement, ContactMessage, MenuEntry, NewsCategory, PortalDocument

#: Entries of the admin's menu that lead out of the portal or to what it does not use.
USELESS_MENU_ITEMS = frozenset({"help"})


class AnnouncementViewSet(SnippetViewSet):
    """Banners on every page."""

    model = Announcement
    icon = "bullhorn"
    list_display = ["text", "kind", "starts_at", "ends_at"]


class MenuEntryViewSet(SnippetViewSet):
    """The main menu; empty, it has the portal's own entries."""

    model = MenuEntry
    icon = "list-ul"
    list_display = ["label", "link", "order"]
    sort_order_field = "order"


class NewsCategoryViewSet(SnippetViewSet):
    """Headings of the news."""

    model = NewsCategory
    icon = "tag"
    list_display = ["name", "slug", "order"]
    sort_order_field = "order"


class ReadOnlyPolicy(ModelPermissionPolicy):
    """What people wrote is read and deleted, never typed or rewritten by the team."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Refuse additions and changes, even to administrators."""
        return action not in {"add", "change"} and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether one of ``actions`` is permitted."""
        return any(self.user_has_permission(user, action) for action in actions)


class ContactMessageViewSet(SnippetViewSet):
    """Messages of the contact form, for administrators."""

    model = ContactMessage
    icon = "mail"
    list_display = ["subject", "name", "email", "created_at", "status"]
    list_filter = ["subject", "status"]
    search_fields = ["name", "email", "message"]
    inspect_view_enabled = True
    inspect_view_fields = ["subject", "name", "email", "organisation", "message", "created_at", "status", "attempts"]
    copy_view_enabled = False


class PortalGroup(SnippetViewSetGroup):
    """One entry of the admin's menu for what surrounds the pages."""

    items = (AnnouncementViewSet, MenuEntryViewSet, NewsCategoryViewSet, ContactMessageViewSet)
    menu_label = _("Portal")
    menu_icon = "home"
    menu_order = 200


register_permission_policy(ContactMessage, ReadOnlyPolicy(ContactMessage))
register_snippet(PortalGroup)


@hooks.register("construct_main_menu")
def hide_useless_entries(request: HttpRequest, menu_items: list[Any]) -> None:
    """Keep the menu to what the portal uses."""
    menu_items[:] = [item for item in menu_items if item.name not in USELESS_MENU_ITEMS]


@hooks.register("register_rich_text_features", order=1_000)
def restrict_rich_text(features: FeatureRegistry) -> None:
    """Offer everywhere what the portal's paragraphs accept, and nothing else."""
    features.default_features[:] = FEATURES


@hooks.register("before_serve_document")
def serve_from_the_portal(document: PortalDocument, request: HttpRequest) -> HttpResponse:
    """Send readers of Wagtail's address of a document to the portal's, which checks their right.

    Wagtail's own view cannot serve private files: it asks the storage for an address. Raises
    Http404 for those who may not read the document, so that not even its name is told.
    """
    if document.members_only and not is_member(request.user):
        raise Http404
    return redirect(document.url)
