"""Where places lie, and how far apart: enough to find who is near, without any server of maps.

``data/centres.csv`` holds the centres of 8,500 communes, where 83 % of the people live, and of the
intercommunal bodies and départements, for the others. They are made from GeoNames (CC BY 4.0).
"""

import csv
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.taxonomy.models import LEVEL_PREFIXES, Territory

CENTRES = Path(__file__).parent / "data" / "centres.csv"
EARTH_RADIUS_KM = 6371.0
KM_PER_DEGREE = 111.2


class Precision(models.TextChoices):
    """How near the truth a position is."""

    COMMUNE = "commune", _("at the centre of the municipality")
    EPCI = "epci", _("at the centre of the intercommunality")
    DEPARTMENT = "department", _("at the centre of the department")


@dataclass(frozen=True)
class Position:
    """A point, in degrees, and how near the truth it is."""

    latitude: float
    longitude: float
    precision: str


@cache
def _centres() -> dict[str, tuple[float, float]]:
    with CENTRES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(file)}


def position_of(place: Territory | None) -> Position | None:
    """Return where ``place`` lies: its own centre, else that of what is around it; None for a region or the country.

    One query for a commune whose centre is unknown, unless ``epci`` and ``department`` are fetched.
    """
    if place is None or place.level in {Territory.Level.COUNTRY, Territory.Level.REGION}:
        return None
    found = _centres().get(place.public_code)
    if found:
        return Position(*found, precision=place.level)
    for around in (place.epci, place.department):
        found = _centres().get(f"{LEVEL_PREFIXES[around.level]}-{around.code}") if around else None
        if around and found:
            return Position(*found, precision=around.level)
    return None


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance between two (latitude, longitude) as the crow flies, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = here, there
    half = sin(radians(lat2 - lat1) / 2) ** 2
    half += cos(radians(lat1)) * cos(radians(lat2)) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


@dataclass(frozen=True)
class Box:
    """The rectangle around a circle, in degrees: a cheap sieve before distances are computed."""

    south: float
    north: float
    west: float
    east: float

    @classmethod
    def around(cls, centre: tuple[float, float], radius_km: float) -> "Box":
        """Return the box that holds the circle."""
        latitude, longitude = centre
        high = radius_km / KM_PER_DEGREE
        wide = high / max(0.01, cos(radians(latitude)))
        return cls(latitude - high, latitude + high, longitude - wide, longitude + wide)
