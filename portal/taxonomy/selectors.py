"""Reads of the taxonomy."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from portal.taxonomy.models import GlossaryEntry, Territory, Theme, normalize_name, parse_public_code


def territory_by_public_code(code: str) -> Territory | None:
    """Return the territory that an address names (``dep-35``), or None."""
    pair = parse_public_code(code)
    if pair is None:
        return None
    return (
        Territory.objects.filter(level=pair[0], code=pair[1])
        .select_related("region", "department", "epci", "replaced_by")
        .first()
    )


def territories_below(territory: Territory) -> QuerySet[Territory]:
    """Return the next level that a page lists: the regions of the country, the departments of a region."""
    current = Territory.objects.current()
    if territory.level == Territory.Level.COUNTRY:
        return current.regions()
    if territory.level == Territory.Level.REGION:
        return current.departments().filter(region=territory)
    return current.none()


def regions_with_departments() -> QuerySet[Territory]:
    """Return the regions, each with its departments as ``departments_inside``."""
    departments = Territory.objects.current().departments()
    return (
        Territory.objects.current()
        .regions()
        .prefetch_related(Prefetch("in_region", queryset=departments, to_attr="departments_inside"))
    )


def themes_of_first_level() -> QuerySet[Theme]:
    """Return the themes without a parent, with those below them."""
    return Theme.objects.filter(parent=None).prefetch_related("children")


@dataclass(frozen=True)
class GlossaryLetter:
    """The entries that begin with one letter."""

    letter: str
    entries: list[GlossaryEntry]

    @property
    def anchor(self) -> str:
        """Return the id of the letter's section; never an acronym's."""
        return f"lettre-{self.letter.lower()}"


def glossary_by_letter() -> list[GlossaryLetter]:
    """Return the glossary in alphabetical order, cut by first letter."""
    letters: dict[str, list[GlossaryEntry]] = {}
    for entry in sorted(GlossaryEntry.objects.all(), key=lambda entry: entry.acronym.casefold()):
        letters.setdefault(entry.acronym[:1].upper(), []).append(entry)
    return [GlossaryLetter(letter, entries) for letter, entries in letters.items()]


def communes_matching(text: str) -> list[Territory]:
    """Return the communes that ``text`` names: a name, a postal code, or both ("Brest 29200").

    At most some dozens: « Saint-Denis » is the name of several.
    """
    words = normalize_name(text).split()
    codes = [word for word in words if word.isdigit() and len(word) == 5]
    name = " ".join(word for word in words if word not in codes)
    places = Territory.objects.current().select_related("department", "region")
    if name:
        # By the name alone: asked for the level besides, SQLite reads all communes by that index.
        places = places.filter(normalized_name=name)
    elif not codes:
        return []
    else:
        # Part of the stored text of the list: SQLite has no look-up inside a JSON list.
        places = places.filter(level=Territory.Level.COMMUNE, postal_codes__icontains=codes[0])
    communes = (place for place in places[:60] if place.level == Territory.Level.COMMUNE)
    found = [place for place in communes if not codes or codes[0] in place.postal_codes]
    return found[:40]
