"""What can be found of the shared words of the portal: the glossary."""

from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import GlossaryEntry
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
