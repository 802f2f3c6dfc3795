"""Reading the official lists of French territories.

Source: the npm package ``@etalab/decoupage-administratif`` (MIT), itself made from INSEE's official
geographic code and the lists of intercommunal bodies. Where it is not installed, our own small file
of regions and departments stands in, without communes.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.taxonomy.models import Territory
from portal.taxonomy.reference import read_rows

#: Year of the official geographic code that release 6.0.0 of the package follows.
VINTAGE = 2026
PACKAGE = "@etalab/decoupage-administratif"
PACKAGE_DATA = Path("node_modules") / PACKAGE / "data"
OWN_LIST = Path(__file__).parent / "data" / "regions_departements.csv"
Level = Territory.Level


@dataclass
class TerritoryRow:
    """A territory as the lists give it; ``region``, ``department`` and ``epci`` are codes."""

    level: str
    code: str
    name: str
    locative: str = ""
    region: str = ""
    department: str = ""
    epci: str = ""
    postal_codes: list[str] = field(default_factory=list)
    population: int | None = None


def package_folder(source: Path | None = None) -> Path | None:
    """Return the folder of the package's data, ``source`` if given, or None where it is absent.

    Raises FileNotFoundError when ``source`` is given and holds no such data.
    """
    folder = source or Path(settings.BASE_DIR) / PACKAGE_DATA
    if (folder / "communes.json").is_file():
        return folder
    if source is not None:
        raise FileNotFoundError(source)
    return None


def french_name(name: str) -> str:
    """Return ``name`` with the typographic apostrophe, as the interface writes it."""
    return name.replace("'", "’")


def commune_locative(name: str) -> str:
    """Return « à Brest », « au Mans », « aux Herbiers », « à La Rochelle »."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def own_rows() -> list[TerritoryRow]:
    """Return the country, the regions and the departments, with their locatives, from our own list."""
    return [TerritoryRow(**row) for row in read_rows(OWN_LIST)]


def package_rows(folder: Path) -> list[TerritoryRow]:
    """Return all territories of the package in ``folder``, larger levels first."""
    locatives = {(row.level, row.code): row.locative for row in own_rows()}
    rows = [TerritoryRow(Level.COUNTRY, "FR", "France")]
    rows += [TerritoryRow(Level.REGION, raw["code"], french_name(raw["nom"])) for raw in _read(folder, "regions")]
    rows += [
        TerritoryRow(Level.DEPARTMENT, raw["code"], french_name(raw["nom"]), region=raw["region"])
        for raw in _read(folder, "departements")
    ]
    for row in rows:
        row.locative = locatives.get((row.level, row.code), "")
    communes = [raw for raw in _read(folder, "communes") if raw["type"] == "commune-actuelle"]
    intercommunal = _read(folder, "epci")
    return rows + _epci_rows(intercommunal, communes) + _commune_rows(intercommunal, communes)


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.json").open(encoding="utf-8") as file:
        return json.load(file)


def _epci_rows(intercommunal: list[dict[str, Any]], communes: list[dict[str, Any]]) -> list[TerritoryRow]:
    """Return the EPCI; one that spans several departments or regions belongs to none of them."""
    place = {raw["code"]: (raw["region"], raw["departement"]) for raw in communes}
    rows = []
    for raw in intercommunal:
        places = [place[member["code"]] for member in raw["membres"] if member["code"] in place]
        regions, departments = {region for region, _dep in places}, {department for _reg, department in places}
        rows.append(
            TerritoryRow(
                Level.EPCI,
                raw["code"],
                french_name(raw["nom"]),
                region=regions.pop() if len(regions) == 1 else "",
                department=departments.pop() if len(departments) == 1 else "",
                population=raw.get("populationMunicipale"),
            )
        )
    return rows


def _commune_rows(intercommunal: list[dict[str, Any]], communes: list[dict[str, Any]]) -> list[TerritoryRow]:
    epci_of: dict[str, str] = defaultdict(str)
    for raw in intercommunal:
        epci_of.update({member["code"]: raw["code"] for member in raw["membres"]})
    return [
        TerritoryRow(
            Level.COMMUNE,
            raw["code"],
            name := french_name(raw["nom"]),
            locative=commune_locative(name),
            region=raw["region"],
            department=raw["departement"],
            epci=epci_of[raw["code"]],
            postal_codes=raw.get("codesPostaux", []),
            population=raw.get("population"),
        )
        for raw in communes
    ]
