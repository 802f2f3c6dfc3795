"""Draw anew the outlines of the départements: portal/core/data/departments.json, portal/static/maps/.

Run once, when the npm packages change: ``python scripts/department_outlines.py``. Outlines come from
``@gouvfr/dsfr-chart`` 2.0.4 (MIT, © 2021 DINUM), names from ``@etalab/decoupage-administratif`` (MIT).

The package draws mainland France in Lambert-93, about 1 059 metres a unit, with Corsica moved 52 km
to the west, and each overseas département in a frame of its own. The drawing of the portal puts all
of them in one frame; the GeoJSON file puts them back in their place on Earth, to about 3 km: enough
to tell a département from its neighbours, never to measure.
"""

import json
import math
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
CHART = BASE / "node_modules/@gouvfr/dsfr-chart/dist/MapChart/MapChart.js"
NAMES = BASE / "node_modules/@etalab/decoupage-administratif/data/departements.json"
DRAWING = BASE / "portal/core/data/departments.json"
SHAPES = BASE / "portal/static/maps/departements.geojson"

Point = tuple[float, float]
Ring = list[Point]

NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)")
ARGUMENTS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "a": 7}
CORSICA = ("2A", "2B")
CLOSE_UP = ("75", "92", "93", "94")
#: The box of each overseas département on Earth: west, south, east, north.
OVERSEAS = {
    "971": (-61.81, 15.83, -61.00, 16.515),
    "972": (-61.23, 14.39, -60.81, 14.88),
    "973": (-54.60, 2.11, -51.62, 5.75),
    "974": (55.215, -21.39, 55.84, -20.87),
    "976": (45.02, -13.005, 45.30, -12.635),
}


def read_rings(path: str) -> list[Ring]:
    """Return the rings of an SVG path; a curve becomes the line to its end."""
    rings: list[Ring] = []
    ring: Ring = []
    x = y = start_x = start_y = 0.0
    for command, text in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        kind, is_relative = command.lower(), command.islower()
        if kind == "z":
            rings.append(ring)
            ring, x, y = [], start_x, start_y
            continue
        numbers = [float(number) for number in NUMBER.findall(text)]
        for index in range(0, len(numbers), ARGUMENTS[kind]):
            part = numbers[index : index + ARGUMENTS[kind]]
            dx, dy = (part[0], None) if kind == "h" else (None, part[0]) if kind == "v" else (part[-2], part[-1])
            x = x if dx is None else x + dx if is_relative else dx
            y = y if dy is None else y + dy if is_relative else dy
            if kind == "m" and index == 0:
                start_x, start_y = x, y
            ring.append((x, y))
    return [each for each in [*rings, ring] if len(each) > 2]


def simplified(ring: Ring, tolerance: float) -> Ring:
    """Drop the points nearer than ``tolerance`` to the line of the others (Douglas and Peucker)."""
    if len(ring) < 4:
        return ring
    (ax, ay), (bx, by) = ring[0], ring[-1]
    length = math.hypot(bx - ax, by - ay)

    def distance(point: Point) -> float:
        if not length:
            return math.hypot(point[0] - ax, point[1] - ay)
        return abs((bx - ax) * (ay - point[1]) - (ax - point[0]) * (by - ay)) / length

    farthest = max(range(1, len(ring) - 1), key=lambda index: distance(ring[index]))
    if distance(ring[farthest]) <= tolerance:
        return [ring[0], ring[-1]]
    return simplified(ring[: farthest + 1], tolerance)[:-1] + simplified(ring[farthest:], tolerance)


def box(rings: Iterable[Ring]) -> tuple[float, float, float, float]:
    """Return the smallest x, the smallest y, the largest x and the largest y."""
    points = [point for ring in rings for point in ring]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def moved(rings: list[Ring], scale: float, dx: float, dy: float) -> list[Ring]:
    """Return the rings enlarged, then moved."""
    return [[(x * scale + dx, y * scale + dy) for x, y in ring] for ring in rings]


def written(rings: list[Ring]) -> str:
    """Return rings as an SVG path in whole units, each point relative to the one before."""
    parts = []
    for ring in rings:
        points = [(round(x), round(y)) for x, y in ring]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(points) if (ax, ay) != (bx, by)]
        if len(steps) > 1:
            line = " ".join(f"{dx} {dy}" for dx, dy in steps).replace(" -", "-")
            parts.append(f"M{points[0][0]} {points[0][1]}l{line}z")
    return "".join(parts)


def from_lambert(x: float, y: float) -> Point:
    """Return longitude and latitude of a point in Lambert-93 (IGN's algorithm ALG0004)."""
    n, c, false_x, false_y, e = 0.7256077650532670, 11754255.426096, 700_000.0, 12655612.049876, 0.0818191910428158
    dx, dy = x - false_x, y - false_y
    latitude_iso = -math.log(math.hypot(dx, dy) / c) / n
    phi = 2 * math.atan(math.exp(latitude_iso)) - math.pi / 2
    for _ in range(6):
        sine = e * math.sin(phi)
        phi = 2 * math.atan(((1 + sine) / (1 - sine)) ** (e / 2) * math.exp(latitude_iso)) - math.pi / 2
    return math.degrees(math.atan(-dx / dy) / n) + 3, math.degrees(phi)


def on_earth(code: str, rings: list[Ring]) -> Callable[[Point], Point]:
    """Return what puts a point of the package's drawing back in its place."""
    if code in OVERSEAS:
        left, top, right, bottom = box(rings)
        west, south, east, north = OVERSEAS[code]
        return lambda point: (
            west + (point[0] - left) / (right - left) * (east - west),
            north - (point[1] - top) / (bottom - top) * (north - south),
        )
    # Measured on points whose place is known, from the pointe de Corsen to cap Corse.
    x0, y0 = (173_000, 7_118_000) if code in CORSICA else (121_107, 7_113_187)
    return lambda point: from_lambert(x0 + 1058.8 * point[0], y0 - 1059.3 * point[1])


def main() -> None:
    """Write both files."""
    source = CHART.read_text()
    found = dict(re.findall(r'class: "FR-(\w+)"(?:,[^}]*?\}\))?,\s*d: "([^"]+)"', source))
    names = {row["code"]: row["nom"].replace("'", "\u2019") for row in json.loads(NAMES.read_text())}
    rows, features = [], []
    for code, name in sorted(names.items()):
        if code not in found:
            rows.append({"code": code, "name": name, "path": ""})
            continue
        rings = read_rings(found[code])
        place = on_earth(code, rings)
        if code in OVERSEAS:
            drawn = moved(rings, 1.6, 10, 425 + 118 * list(OVERSEAS).index(code))
            drawn = [simplified(ring, 0.8) for ring in drawn]
            rings = [simplified(ring, 0.2) for ring in rings]
        else:
            drawn = rings
        row = {"code": code, "name": name, "path": written(drawn)}
        if code in CLOSE_UP:
            row["close_up"] = written(moved(rings, 4, 750 - 486 * 4, 6 - 219 * 4))
        rows.append(row)
        polygons = [
            [[[round(value, 3) for value in place(point)] for point in [*ring, ring[0]]]]
            for ring in rings
            if len(ring) > 2
        ]
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
        features.append({"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry})
    DRAWING.write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n")
    collection = {"type": "FeatureCollection", "features": features}
    SHAPES.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
