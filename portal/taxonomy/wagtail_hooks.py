"""The taxonomy in Wagtail's admin."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.taxonomy.forms import AudienceForm, ThemeForm
from portal.taxonomy.models import Audience, GlossaryEntry, Occupation, Sector, Territory, Theme


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Nobody writes: the rows come from an official list."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking and choosing alone."""
        return action in {"view", "choose"} and super().user_has_permission(user, action)


class ThemeViewSet(SnippetViewSet):
    """Themes."""

    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    list_display = ["name", "kind", "parent", "order"]
    list_filter = ["kind"]
    search_fields = ["name", "description"]
    ordering = ["order", "name"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("slug"),
            FieldPanel("kind"),
            FieldPanel("parent"),
            FieldPanel("description"),
            FieldPanel("synonyms"),
            FieldPanel("di_codes"),
            FieldPanel("illustration"),
            FieldPanel("order"),
        ],
        base_form_class=ThemeForm,
    )


class AudienceViewSet(SnippetViewSet):
    """Audiences."""

    model = Audience
    icon = "group"
    menu_label = _("Audiences")
    list_display = ["name", "acronym", "di_code", "order"]
    search_fields = ["name", "acronym"]
    ordering = ["order", "name"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("acronym"),
            FieldPanel("slug"),
            FieldPanel("di_code"),
            FieldPanel("order"),
        ],
        base_form_class=AudienceForm,
    )


class SectorViewSet(SnippetViewSet):
    """Sectors of activity."""

    model = Sector
    icon = "list-ul"
    menu_label = _("Sectors")
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


class OccupationViewSet(SnippetViewSet):
    """Occupations."""

    model = Occupation
    icon = "user"
    menu_label = _("Occupations")
    list_display = ["name", "code"]
    search_fields = ["name", "code"]


class GlossaryViewSet(SnippetViewSet):
    """Acronyms explained."""

    model = GlossaryEntry
    icon = "openquote"
    menu_label = _("Glossary")
    list_display = ["acronym", "expansion"]
    search_fields = ["acronym", "expansion", "definition"]
    ordering = ["acronym"]


class TerritoryViewSet(SnippetViewSet):
    """Territories: looked up and chosen, never typed."""

    model = Territory
    icon = "site"
    menu_label = _("Territories")
    list_display = ["name", "level", "code", "department", "region", "population"]
    list_filter = ["level"]
    search_fields = ["name", "normalized_name", "code"]
    list_per_page = 50
    copy_view_enabled = False


class TaxonomyViewSetGroup(SnippetViewSetGroup):
    """Everything of the taxonomy under one entry of the menu."""

    menu_label = _("Vocabulary")
    menu_icon = "tag"
    menu_name = "taxonomy"
    menu_order = 400
    items = (ThemeViewSet, AudienceViewSet, SectorViewSet, OccupationViewSet, GlossaryViewSet, TerritoryViewSet)


register_permission_policy(Territory, ReadOnlyPolicy(Territory))
register_snippet(TaxonomyViewSetGroup)
