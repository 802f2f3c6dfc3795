"""The list of organisations: what is chosen, what is found, and what each choice would find."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from directory.models import Organisation, OrganisationKind, OrganisationQuerySet
from portal.accounts.rules import AnyUser
from portal.taxonomy.models import Territory, Theme


@dataclass(frozen=True)
class DirectoryFilter:
    """What the reader chose; within one field any value does, all fields must agree."""

    text: str = ""
    kinds: tuple[OrganisationKind, ...] = ()
    themes: tuple[Theme, ...] = ()
    territories: tuple[Territory, ...] = ()


@dataclass(frozen=True)
class Option:
    """One choice of a filter, with how many organisations it would show."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Facets:
    """The choices of the three filters; those that would show nothing are left out."""

    kinds: list[Option]
    themes: list[Option]
    territories: list[Option]


def read_filter(cleaned: Mapping[str, Any]) -> DirectoryFilter:
    """Return what the cleaned form names; values that name nothing are left out."""
    return DirectoryFilter(
        text=cleaned.get("q", ""),
        kinds=tuple(OrganisationKind.objects.filter(slug__in=cleaned.get("type", []))),
        themes=tuple(Theme.objects.filter(slug__in=cleaned.get("theme", []))),
        territories=tuple(Territory.objects.with_public_codes(cleaned.get("territoire", []))),
    )


def organisations_found(user: AnyUser, chosen: DirectoryFilter) -> OrganisationQuerySet:
    """Return the organisations that ``user`` may see and that match ``chosen``."""
    found = Organisation.objects.visible_to(user).matching(chosen.text)
    if chosen.kinds:
        found = found.filter(kind__in=chosen.kinds)
    if chosen.themes:
        themes = Theme.objects.filter(Q(pk__in=[theme.pk for theme in chosen.themes]) | Q(parent__in=chosen.themes))
        about = Organisation.themes.through.objects.filter(theme__in=themes)
        found = found.filter(pk__in=about.values("organisation_id"))
    if chosen.territories:
        found = found.acting_in(chosen.territories)
    return found


def facets_for(user: AnyUser, chosen: DirectoryFilter) -> Facets:
    """Return the choices of each filter, counted as if that filter alone were not set."""
    return Facets(
        kinds=_kind_options(organisations_found(user, replace(chosen, kinds=())), chosen.kinds),
        themes=_theme_options(organisations_found(user, replace(chosen, themes=())), chosen.themes),
        territories=_territory_options(organisations_found(user, replace(chosen, territories=())), chosen.territories),
    )


def _grouped(found: OrganisationQuerySet, **key: Any) -> Counter[Any]:
    """Count distinct organisations by the value of ``key``, leaving out those without."""
    rows = found.order_by().values(key=key["by"]).annotate(number=Count("pk", distinct=True))
    return Counter({row["key"]: row["number"] for row in rows if row["key"] is not None})


def theme_counts(found: OrganisationQuerySet) -> Counter[int]:
    """Count organisations by theme of the first level, those of the themes below it included."""
    return _grouped(found, by=Coalesce("themes__parent_id", "themes__pk"))


def _kind_options(found: OrganisationQuerySet, chosen: Iterable[OrganisationKind]) -> list[Option]:
    counts, picked = _grouped(found, by=F("kind_id")), {kind.pk for kind in chosen}
    return [
        Option(kind.slug, kind.name, counts[kind.pk], kind.pk in picked)
        for kind in OrganisationKind.objects.all()
        if counts[kind.pk] or kind.pk in picked
    ]


def _theme_options(found: OrganisationQuerySet, chosen: Iterable[Theme]) -> list[Option]:
    """Return the themes of the first level, and of the second level those that are chosen."""
    first, own, picked = theme_counts(found), _grouped(found, by=F("themes__pk")), {theme.pk for theme in chosen}
    options = []
    for theme in Theme.objects.all():
        count = own[theme.pk] if theme.parent_id else first[theme.pk]
        if theme.pk in picked or (count and not theme.parent_id):
            options.append(Option(theme.slug, theme.name, count, theme.pk in picked))
    return options


class Places:
    """Who acts where: ids of organisations by the extent of their action."""

    def __init__(self, found: OrganisationQuerySet) -> None:
        self.everywhere: set[int] = set()
        self.regions: defaultdict[int, set[int]] = defaultdict(set)
        self.departments: defaultdict[int, set[int]] = defaultdict(set)
        fields = ("pk", "level", "department_id", "region_id")
        paths = [f"{prefix}__{name}" for prefix in ("territories", "seat") for name in fields]
        for pk, *columns in found.order_by().values_list("pk", *paths):
            # Where it says nothing of its territory, its seat counts.
            self._note(pk, *(columns[:4] if columns[0] else columns[4:]))

    def _note(self, pk: int, place: int | None, level: str, department: int | None, region: int | None) -> None:
        if level == Territory.Level.COUNTRY:
            self.everywhere.add(pk)
        elif level == Territory.Level.REGION:
            self.regions[place].add(pk)  # type: ignore[index]
        elif level == Territory.Level.DEPARTMENT:
            self.departments[place].add(pk)  # type: ignore[index]
        elif department:
            self.departments[department].add(pk)
        elif region:
            self.regions[region].add(pk)

    def in_department(self, department: Territory) -> int:
        """Return how many act in ``department``, those of its whole region and of France included."""
        return len(self.everywhere | self.departments[department.pk] | self.regions[department.region_id or 0])

    def in_region(self, region: Territory, departments: Iterable[Territory]) -> int:
        """Return how many act in ``region`` or in one of its ``departments``."""
        parts = (self.departments[department.pk] for department in departments)
        return len(self.everywhere.union(self.regions[region.pk], *parts))


def _territory_options(found: OrganisationQuerySet, chosen: Iterable[Territory]) -> list[Option]:
    """Return the regions where somebody acts, each followed by its departments, then what else is chosen."""
    places, picked = Places(found), {territory.pk for territory in chosen}
    somewhere = Q(pk__in=[*places.departments, *picked]) | Q(region__in=[*places.regions])
    tree: dict[Territory, list[Territory]] = {
        region: [] for region in Territory.objects.regions().filter(pk__in=[*places.regions, *picked])
    }
    for department in Territory.objects.departments().filter(somewhere).select_related("region"):
        if department.region is not None:
            tree.setdefault(department.region, []).append(department)
    counted: list[tuple[Territory, int]] = []
    for region, departments in sorted(tree.items(), key=lambda pair: pair[0].normalized_name):
        counted.append((region, places.in_region(region, departments)))
        counted += [(department, places.in_department(department)) for department in departments]
    listed = {area.pk for area, _count in counted}
    counted += [(other, found.acting_in([other]).count()) for other in chosen if other.pk not in listed]
    return [Option(area.public_code, str(area), count, area.pk in picked) for area, count in counted]
