"""Wagtail pages and snippets of the editorial content."""

from portal.content.models.home import HomePage
from portal.content.models.media import PortalDocument, PortalImage, PortalRendition

__all__ = ["HomePage", "PortalDocument", "PortalImage", "PortalRendition"]
