"""The synonyms of search in Wagtail's admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from search.models import SynonymGroup


class SynonymViewSet(SnippetViewSet):
    """Words that stand for each other."""

    model = SynonymGroup
    icon = "openquote"
    menu_label = _("Synonyms of search")
    menu_name = "search-synonyms"
    menu_order = 410
    add_to_admin_menu = True
    list_display = ["__str__", "note"]
    search_fields = ["words", "note"]


register_snippet(SynonymViewSet)
