"""Wagtail pages and snippets of the editorial content.

The tree: ``HomePage`` (``body``: HomeStack) → ``NewsIndexPage`` → ``NewsPage`` (category, published_on,
intro, body, picture, source_url, source_label, themes, territories); ``ResourceIndexPage`` →
``ResourcePage`` (kind, parties, url, summary, body, audiences, themes) with ``ResourceDocument``
rows; ``StandardPage`` (intro, body). ``manage.py seed_site`` makes the indexes and the legal pages.
"""

from portal.content.models.contact import ContactMessage
from portal.content.models.frame import Announcement, MenuEntry, PortalSettings
from portal.content.models.home import HomePage
from portal.content.models.media import PortalDocument, PortalImage, PortalRendition
from portal.content.models.news import NewsCategory, NewsIndexPage, NewsPage
from portal.content.models.resources import ResourceDocument, ResourceIndexPage, ResourcePage
from portal.content.models.standard import StandardPage

__all__ = [
    "Announcement",
    "ContactMessage",
    "HomePage",
    "MenuEntry",
    "NewsCategory",
    "NewsIndexPage",
    "NewsPage",
    "PortalDocument",
    "PortalImage",
    "PortalRendition",
    "PortalSettings",
    "ResourceDocument",
    "ResourceIndexPage",
    "ResourcePage",
    "StandardPage",
]
