"""Whose change renews which of the visitors' pages."""

from portal.core.page_cache import declare

declare("agenda", "content.NewsPage", "content.NewsCategory")
