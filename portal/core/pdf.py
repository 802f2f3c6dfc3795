"""PDF documents: tagged for who listens (PDF/UA-1), made from HTML by WeasyPrint.

What a document shows is handed over with it: nothing is fetched, from the network or from the disk.
WeasyPrint's own fetcher would embed ``file:///etc/hostname`` where a text gave that address.
"""

import ctypes
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core import checks
from PIL import ImageFile

from portal.settings.variables import BASE_DIR

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcherResponse

logger = logging.getLogger(__name__)

#: Debian's packages without which WeasyPrint does not start; scripts/pdf_libraries.sh installs them.
SYSTEM_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
#: How a document names what is handed over with it: ``asset:qr``.
SCHEME = "asset:"
FONT = BASE_DIR / "portal" / "static" / "fonts" / "figtree.woff2"


class PdfUnavailableError(RuntimeError):
    """The libraries of the system that make PDF documents are missing."""


@dataclass(frozen=True)
class Asset:
    """A picture or a font that a document shows."""

    content: bytes
    mime_type: str


def svg_asset(markup: str) -> Asset:
    """Return a drawing to show as ``<img src="asset:…" alt="…">``."""
    return Asset(markup.encode(), "image/svg+xml")


@cache
def pdf_is_available() -> bool:
    """Whether the libraries of the system are there; asked once per process."""
    try:
        for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


def render_pdf(html: str, *, stylesheet: str, assets: Mapping[str, Asset]) -> bytes:
    """Return ``html`` as a tagged PDF/UA-1 document.

    ``assets`` are all that the document may show, by the name that follows ``asset:``. What it names
    besides is left out and noted in the log. Raises PdfUnavailableError without the libraries.
    """
    if not pdf_is_available():
        raise PdfUnavailableError(f"missing: {' '.join(SYSTEM_PACKAGES)}")
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- a second and 40 MB, which pages need not pay
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    # WeasyPrint makes Pillow accept cut pictures, in the whole process: uploads must go on refusing them.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    fetcher = _fetcher({"figtree": Asset(FONT.read_bytes(), "font/woff2"), **assets})
    fonts = FontConfiguration()
    css = CSS(string=stylesheet, font_config=fonts, url_fetcher=fetcher, base_url=SCHEME)
    document = HTML(string=html, base_url=SCHEME, url_fetcher=fetcher)
    written: Any = document.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1", pdf_tags=True)
    return bytes(written)


def _fetcher(assets: Mapping[str, Asset]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class HandedOverFetcher(URLFetcher):
        """Gives what was handed over, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":
            asset = assets.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if asset is None:
                logger.warning("a PDF document may not show %.80s", url)
                raise ValueError("not handed over with the document")
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.mime_type})

    return HandedOverFetcher()


@checks.register
def check_pdf_libraries(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say at start-up that PDF documents cannot be made, and how to mend it."""
    if pdf_is_available():
        return []
    return [
        checks.Warning(
            "PDF documents cannot be made: libraries of the system are missing. The portal works without them.",
            hint=f"apt-get install --no-install-recommends {' '.join(SYSTEM_PACKAGES)}",
            id="core.W001",
        )
    ]
