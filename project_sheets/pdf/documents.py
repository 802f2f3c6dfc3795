"""The PDF documents of a sheet: the sheet itself at its two depths, and a poster that leads to it.

A document is kept under a name that holds the fingerprint of all that it shows: it is made when it
is first asked for, or in advance at publication, and never shown once it has changed.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.template.loader import render_to_string

from portal.core.pdf import Asset, render_pdf, svg_asset
from portal.core.storage import private_storage
from portal.settings.variables import BASE_DIR
from project_sheets.charts import Segment, financing_segments
from project_sheets.presentation import (
    financing_rows,
    financing_stats,
    header_badges,
    header_kicker,
    measure_sentence,
    partner_groups,
    public_facts,
    team_lines,
)
from project_sheets.selectors import MembersPart, SheetPresentation

FOLDER = "sheets-pdf"
STYLESHEET = BASE_DIR / "project_sheets" / "pdf" / "document.css"
DRAWINGS = BASE_DIR / "portal" / "static" / "img" / "illustrations.svg"
#: Part of each fingerprint: a new one makes every document anew after a change of its looks.
EDITION = "1"
#: The colours of the parts of the financing; the table beside the bar numbers them too.
COLOURS = {"1": "#0b5c70", "2": "#a66a00", "3": "#77488c", "4": "#38774a", "5": "#a04632", "rest": "#c9d5d7"}


class Version(StrEnum):
    """What a document is, and for whom."""

    PUBLIC = "public"
    MEMBERS = "members"
    POSTER = "poster"


@dataclass(frozen=True)
class SheetDocumentSource:
    """All that goes into a document."""

    html: str
    assets: dict[str, Asset]
    stylesheet: str

    @property
    def fingerprint(self) -> str:
        """What tells two documents apart."""
        digest = hashlib.sha256(f"{EDITION}\0{self.html}\0{self.stylesheet}".encode())
        for name, asset in sorted(self.assets.items()):
            digest.update(name.encode() + b"\0" + asset.content)
        return digest.hexdigest()[:24]


def kept_document(sheet: SheetPresentation, version: Version) -> bytes:
    """Return a document of the sheet, made if it is not kept yet, which takes about a second.

    ``sheet`` is presented at the depth of ``version``. Raises PdfUnavailableError where the machine
    cannot make PDF documents and none is kept.
    """
    source = document_source(sheet, version)
    storage = private_storage()
    name = f"{FOLDER}/{sheet.uid}-{version}-{source.fingerprint}.pdf"
    if storage.exists(name):
        with storage.open(name) as kept:
            return bytes(kept.read())
    content = render_pdf(source.html, stylesheet=source.stylesheet, assets=source.assets)
    _keep(storage, f"{sheet.uid}-{version}-", name, content)
    return content


def _keep(storage: Storage, prefix: str, name: str, content: bytes) -> None:
    """Keep ``content`` in place of the former documents of the same sheet and version."""
    _forget(storage, prefix)
    if not storage.exists(name):
        storage.save(name, ContentFile(content))


def forget_documents(uid: str) -> None:
    """Delete the documents of a sheet that is no longer published."""
    _forget(private_storage(), f"{uid}-")


def _forget(storage: Storage, prefix: str) -> None:
    try:
        _folders, files = storage.listdir(FOLDER)
    except FileNotFoundError:
        return
    for file in files:
        if file.startswith(prefix):
            storage.delete(f"{FOLDER}/{file}")


def document_source(sheet: SheetPresentation, version: Version) -> SheetDocumentSource:
    """Return the HTML of a document with what it shows; raises ValueError for members' parts that are not there."""
    if version == Version.MEMBERS and sheet.members is None:
        raise ValueError("this sheet is presented to visitors")
    address = f"{settings.BASE_URL}{sheet.url}"
    assets = {"qr": svg_asset(_qr_code(address))}
    context: dict[str, Any] = {
        "sheet": sheet,
        "version": version,
        "kicker": header_kicker(sheet),
        "facts": public_facts(sheet),
        "partner_groups": partner_groups(sheet),
        "badges": header_badges(sheet),
        "portal_name": settings.PORTAL_NAME,
        "address": address,
    }
    if version == Version.POSTER:
        drawing = next((theme.illustration for theme in sheet.themes if theme.illustration != "default"), "default")
        assets["drawing"] = svg_asset(_drawing(drawing))
    elif version == Version.MEMBERS and sheet.members is not None:
        context |= _members_context(sheet.members, assets)
    is_poster = version == Version.POSTER
    html = render_to_string("project_sheets/pdf/poster.html" if is_poster else "project_sheets/pdf/sheet.html", context)
    return SheetDocumentSource(html, assets, STYLESHEET.read_text(encoding="utf-8"))


def _members_context(members: MembersPart, assets: dict[str, Asset]) -> dict[str, Any]:
    segments = financing_segments(members.financing)
    if segments:
        assets["financing"] = svg_asset(_financing_chart(segments))
    return {
        "members": members,
        "team": team_lines(members),
        "has_chart": bool(segments),
        "financing_rows": financing_rows(members.financing, segments),
        "financing_stats": financing_stats(members),
        "indicators": [{"measured": measured, "aim": measure_sentence(measured)} for measured in members.indicators],
    }


def _qr_code(address: str) -> str:
    written = io.BytesIO()
    segno.make(address, error="m").save(written, kind="svg", border=2, svgclass=None, lineclass=None, dark="#15252d")
    return written.getvalue().decode()


def _financing_chart(segments: list[Segment]) -> str:
    bars = []
    for number, segment in enumerate(segments, 1):
        ink = "#15252d" if segment.style == "rest" else "#ffffff"
        bars.append(
            f'<rect x="{segment.x}" width="{segment.width}" height="60" fill="{COLOURS[segment.style]}"'
            ' stroke="#ffffff" stroke-width="3"/>'
        )
        if segment.width > 60:
            bars.append(
                f'<text x="{segment.x + segment.width / 2}" y="40" text-anchor="middle" font-family="Figtree"'
                f' font-size="28" fill="{ink}">{number}</text>'
            )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 60">{"".join(bars)}</svg>'


@cache
def _drawing(name: str) -> str:
    """Return one drawing of the sprite with its own colours: a document has no theme."""
    sprite = DRAWINGS.read_text(encoding="utf-8")
    found = re.search(rf'<symbol id="{re.escape(name)}" viewBox="([\d ]+)">(.*?)</symbol>', sprite, re.DOTALL)
    if found is None:
        return _drawing("default")
    shapes = re.sub(r"var\(--[a-z-]+, (#[0-9a-f]{6})\)", r"\1", found[2])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{found[1]}">{shapes}</svg>'


def file_name(sheet: SheetPresentation, version: Version) -> str:
    """Return the name under which a reader keeps the document."""
    slug = sheet.url.strip("/").split("/")[-1]
    endings = {Version.PUBLIC: "fiche", Version.MEMBERS: "fiche-membres", Version.POSTER: "affiche"}
    return f"{slug}-{endings[version]}.pdf"
