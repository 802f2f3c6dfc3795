"""Addresses of Wagtail pages, without asking the cache for the site at each call."""

from wagtail.models import Page


def public_path(page: Page) -> str:
    """Return the address of ``page`` from the root of the site.

    Read from ``url_path``, whose first part is the site's root page.
    """
    return "/" + page.url_path.split("/", 2)[2]
