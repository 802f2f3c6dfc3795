"""Calls and programmes in Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from project_sheets.models import Call, Programme


class CallViewSet(SnippetViewSet):
    """Calls for projects with their waves."""

    model = Call
    icon = "clipboard-list"
    list_display = ["title", "programme", "published_on", "stated_project_count"]
    search_fields = ["title", "authority"]
    panels = [
        FieldPanel("programme"),
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("short_title"), FieldPanel("slug")]),
        FieldPanel("authority"),
        FieldPanel("region"),
        FieldRowPanel([FieldPanel("published_on"), FieldPanel("closes_on")]),
        FieldPanel("purpose"),
        FieldPanel("audiences"),
        FieldPanel("audience_conditions"),
        MultiFieldPanel(
            [FieldPanel("stated_project_count"), FieldPanel("stated_wave_count")], heading=_("As announced")
        ),
        FieldPanel("url"),
        FieldPanel("source_url"),
        InlinePanel("waves", label=_("wave")),
    ]


class ProgrammeViewSet(SnippetViewSet):
    """Programmes that fund calls."""

    model = Programme
    icon = "folder-open-1"
    list_display = ["name", "acronym", "authority"]
    search_fields = ["name", "acronym"]


class CallsGroup(SnippetViewSetGroup):
    """One entry of the admin's menu for what frames the sheets."""

    items = (CallViewSet, ProgrammeViewSet)
    menu_label = _("Calls for projects")
    menu_icon = "clipboard-list"
    menu_order = 210


register_snippet(CallsGroup)
