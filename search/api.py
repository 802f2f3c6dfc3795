"""What other apps use of search.

An app describes its things in its ``search_documents.py``::

    @search.api.register
    class OrganisationSource(search.api.DocumentSource): …

Saves, deletions and many-to-many changes are followed by signals; ``touch`` announces what no
signal tells (``QuerySet.update()``, bulk work). ``similar_to`` and ``similar_to_text`` say what
resembles an object or a text, by the reader's rights.
"""

from search.analysis import text_of_html, text_of_markdown
from search.enums import ADMINISTRATORS, MEMBERS, PUBLIC
from search.files import text_of_file
from search.indexing import touch
from search.related import Hit, similar_to, similar_to_text
from search.sources import (
    Document,
    DocumentSource,
    PageSource,
    register,
    register_labels,
    register_tokens,
    territory_keys,
    theme_keys,
    tokens_for,
)

__all__ = [
    "ADMINISTRATORS",
    "MEMBERS",
    "PUBLIC",
    "Document",
    "DocumentSource",
    "Hit",
    "PageSource",
    "register",
    "register_labels",
    "register_tokens",
    "similar_to",
    "similar_to_text",
    "territory_keys",
    "text_of_file",
    "text_of_html",
    "text_of_markdown",
    "theme_keys",
    "tokens_for",
    "touch",
]
