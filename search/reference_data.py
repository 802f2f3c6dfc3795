"""The words that a new portal takes for one another."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.taxonomy.reference import LOADERS, LoadContext, ReferenceLoader
from search.synonyms import load_default_groups


def load_synonym_groups(context: LoadContext) -> None:
    """Add the groups of synonyms where there are none."""
    added, present = load_default_groups()
    context.say(_("  %(added)d added, %(present)d already there") % {"added": added, "present": present})


LOADERS.register("synonyms", ReferenceLoader(gettext_lazy("Synonyms of search"), 70, load_synonym_groups))
