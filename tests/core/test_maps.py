"""The map of the départements: every one of them, five steps at most, the same figures in a list."""

import json

import pytest

from portal.core.maps import DepartmentMap, department_map, outlines
from portal.settings.variables import BASE_DIR
from tests.support.markup import THEMES, Markup, render


def _map(values: dict[str, int], **options: object) -> DepartmentMap:
    return department_map(values, title="Projets", url_for=lambda code: f"/projets/?territoire=dep-{code}", **options)  # type: ignore[arg-type]


def test_every_departement_is_drawn_and_has_its_place_on_earth() -> None:
    drawn = {outline.code for outline in outlines() if outline.path}
    assert len(drawn) == 101
    assert {"2A", "2B", "971", "976"} <= drawn
    shapes = json.loads((BASE_DIR / "portal/static/maps/departements.geojson").read_text())["features"]
    assert {shape["properties"]["code"] for shape in shapes} == drawn
    # Rennes stands in the box of Ille-et-Vilaine.
    (ring,) = next(s for s in shapes if s["properties"]["code"] == "35")["geometry"]["coordinates"][0]
    assert min(x for x, _ in ring) < -1.68 < max(x for x, _ in ring)
    assert min(y for _, y in ring) < 48.11 < max(y for _, y in ring)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ({}, []),
        ({"35": 0}, []),
        ({"35": 2, "29": 2}, ["2"]),
        ({"35": 1, "29": 2, "22": 9}, ["1", "2", "9"]),
        ({str(code): code for code in range(10, 20)}, ["10 à 11", "12 à 13", "14 à 15", "16 à 17", "18 à 19"]),
    ],
)
def test_the_scale_follows_the_values(values: dict[str, int], scale: list[str]) -> None:
    assert [step.label for step in _map(values).scale] == scale


def test_what_has_nothing_is_no_link_and_an_unknown_code_is_ignored() -> None:
    found = _map({"35": 3, "29": 1, "75": 4, "99": 8}, chosen=("35",))
    assert [(area.outline.code, area.value, area.step) for area in found.listed] == [
        ("75", 4, 5),
        ("35", 3, 3),
        ("29", 1, 2),
    ]
    assert {area.outline.code for area in found.areas if area.url} == {"35", "29", "75"}
    assert [area.outline.code for area in found.areas if area.is_chosen] == ["35"]


@pytest.mark.parametrize("theme", THEMES)
def test_the_drawing_and_the_list_give_the_same_links(theme: str) -> None:
    html = render(theme, "components/department_map.html", {"map": _map({"35": 3, "75": 4, "975": 2})})
    markup = Markup(html)
    links = [a["href"] for tag, a in markup.elements if tag == "a" and "territoire" in a["href"]]
    # Saint-Pierre-et-Miquelon has no outline: the list alone holds it.
    assert sorted(links) == sorted(f"/projets/?territoire=dep-{code}" for code in ("35", "35", "75", "75", "975"))
    assert "Ille-et-Vilaine (35)\N{NO-BREAK SPACE}: 3 résultats" in html
    (group,) = [a for tag, a in markup.elements if tag == "svg" and a.get("role") == "group"]
    assert {group["aria-labelledby"], group["aria-describedby"]} <= set(markup.values("id"))
    # A colour is never alone: each step of the map that is not the palest or the deepest has a pattern.
    css = (BASE_DIR / "portal/static/charts.css").read_text()
    patterns = (BASE_DIR / "portal/templates/layout/chart_patterns.html").read_text()
    for step in (2, 3, 4):
        assert f"url(#chart-step-{step})" in css
        assert f'id="chart-step-{step}"' in patterns


def test_tiles_open_the_policy_to_their_origin_alone() -> None:
    from portal.settings.variables import _tiles, origin_of

    assert origin_of(_tiles("https://tuiles.example/carte/{z}/{x}/{y}.png")) == "https://tuiles.example"
    with pytest.raises(ValueError, match="expected"):
        _tiles("http://tuiles.example/{z}/{x}/{y}.png")
