"""Organisations: the list, a page, and the data of both."""

from itertools import chain
from random import Random

from django.db import transaction
from django.db.models import Count
from django.utils.text import slugify

from directory.models import Organisation, OrganisationKind
from portal.taxonomy.models import Territory, Theme, normalize_name
from tests.bench.pages import BenchPage
from tests.bench.texts import ORGANISATION_NAMES, paragraphs

#: What generated slugs begin with: the next run counts them to know how far the last one went.
PREFIX = "essai-"


def busiest_organisation() -> str:
    """Return the address of the organisation that carries most sheets."""
    found = Organisation.objects.annotate(sheets=Count("held_sheets")).order_by("-sheets", "pk").first()
    assert found is not None
    return found.get_absolute_url()


PAGES = [
    BenchPage("directory", "/annuaire/", target_ms=12),
    BenchPage("directory-filtered", "/annuaire/?theme=logement&tri=recent"),
    BenchPage("directory-near", "/annuaire/?autour=Rennes+35000&rayon=50"),
    BenchPage("directory-map", "/annuaire/carte/"),
    BenchPage("organisation", busiest_organisation),
]


def make_organisation(index: int, seed: int, kinds: list[OrganisationKind], places: list[Territory]) -> Organisation:
    """Return the organisation number ``index``, the same for the same seed."""
    draw = Random(f"organisation {seed} {index}")  # noqa: S311 -- data, not secrets
    place = places[index % len(places)]
    name = f"{ORGANISATION_NAMES[index % len(ORGANISATION_NAMES)]} – {place.name} {index}"
    return Organisation(
        name=name,
        slug=f"{PREFIX}{index}-{slugify(name)}",
        kind=draw.choice(kinds),
        description=paragraphs(draw, 2, 3),
        website=f"https://structure-{index}.example/",
        seat=place,
        search_text=normalize_name(name),
    )


@transaction.atomic
def generate(scale: int, seed: int) -> None:
    """Bring the directory up to two organisations for three sheets, each with themes and territories."""
    kinds, themes = list(OrganisationKind.objects.all()), list(Theme.objects.all())
    places = list(Territory.objects.current().departments())
    known = Organisation.objects.filter(slug__startswith=PREFIX).count()
    indexes = range(known, 2 * scale // 3)
    made = Organisation.objects.bulk_create([make_organisation(index, seed, kinds, places) for index in indexes])
    themed, placed = Organisation.themes.through, Organisation.territories.through
    draw = Random(f"organisations {seed} {known}")  # noqa: S311
    themed.objects.bulk_create(
        chain.from_iterable([themed(organisation=one, theme=theme) for theme in draw.sample(themes, 2)] for one in made)
    )
    placed.objects.bulk_create(placed(organisation=one, territory_id=one.seat_id) for one in made)
