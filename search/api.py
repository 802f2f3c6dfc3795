"""What other apps use of search.

An app describes its things in its ``search_documents.py``::

    @search.api.register
    class OrganisationSource(search.api.DocumentSource): …

Saves, deletions and many-to-many changes are followed by signals; ``touch`` announces what no
signal tells (``QuerySet.update()``, bulk work).
"""

from search.analysis import text_of_html, text_of_markdown
from search.enums import ADMINISTRATORS, MEMBERS, PUBLIC
from search.indexing import touch
from search.sources import (
    Document,
    DocumentSource,
    PageSource,
    register,
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
    "PageSource",
    "register",
    "register_tokens",
    "territory_keys",
    "text_of_html",
    "text_of_markdown",
    "theme_keys",
    "tokens_for",
    "touch",
]
