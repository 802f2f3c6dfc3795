"""What can be found of the shared words of the portal: the glossary, the themes."""

from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import GlossaryEntry, Theme
from search import api


@api.register
class GlossarySource(api.DocumentSource):
    """Acronyms of the field, each found by its expansion too."""

    model = "taxonomy.GlossaryEntry"
    kind = "glossary"
    label = _("Glossary")

    def to_document(self, obj: GlossaryEntry) -> api.Document:
        """Describe an entry of the glossary."""
        return self.document(
            obj,
            title=f"{obj.acronym} – {obj.expansion}" if obj.expansion else obj.acronym,
            url=obj.get_absolute_url(),
            summary=obj.definition,
            weight=0.8,
        )


@api.register
class ThemeSource(api.DocumentSource):
    """Themes: the page that gathers all that is about one."""

    model = "taxonomy.Theme"
    kind = "theme"
    label = _("Theme")

    def to_document(self, obj: Theme) -> api.Document:
        """Describe a theme by its name, its description and the words that people use for it."""
        return self.document(
            obj,
            title=obj.name,
            url=obj.get_absolute_url(),
            summary=obj.description,
            keywords=" \n".join(str(word) for word in obj.synonyms),
            themes=api.theme_keys([obj]),
        )
