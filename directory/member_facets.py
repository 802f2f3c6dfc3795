"""The members' directory: what is chosen, who is found, and what each choice would find.

A part of a profile that its owner keeps from the members is not searched, counted or filtered by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from directory.enums import SEEN_BY_MEMBERS, MemberSort
from directory.facets import Option
from directory.models import Membership, Organisation, Profile, ProfileQuerySet, Skill
from portal.taxonomy.models import Territory, Theme, normalize_name

#: The longest lists of a filter; what is rarer is found by its words.
MOST_OPTIONS = 30


@dataclass(frozen=True)
class MemberFilter:
    """What the reader chose; within one field any value does, all fields must agree."""

    text: str = ""
    themes: tuple[Theme, ...] = ()
    territories: tuple[Territory, ...] = ()
    skills: tuple[Skill, ...] = ()
    organisations: tuple[Organisation, ...] = ()


def read_member_filter(cleaned: Mapping[str, Any]) -> MemberFilter:
    """Return what the cleaned form names; values that name nothing are left out."""
    names = [slug.replace("-", " ") for slug in cleaned.get("competence", [])]
    return MemberFilter(
        text=cleaned.get("q", ""),
        themes=tuple(Theme.objects.filter(slug__in=cleaned.get("theme", []))),
        territories=tuple(Territory.objects.with_public_codes(cleaned.get("territoire", []))),
        skills=tuple(skills_shown().filter(normalized_name__in=names)),
        organisations=tuple(Organisation.objects.listed().filter(slug__in=cleaned.get("structure", []))),
    )


def members_found(chosen: MemberFilter) -> ProfileQuerySet:
    """Return the listed members that match ``chosen``; for members' eyes alone."""
    found = Profile.objects.listed()
    for word in normalize_name(chosen.text).split():
        found = found.filter(_says(word))
    if chosen.themes:
        themes = Theme.objects.filter(Q(pk__in=_ids(chosen.themes)) | Q(parent__in=chosen.themes))
        found = found.filter(_has("themes", theme__in=themes))
    if chosen.territories:
        places = Territory.objects.touching(chosen.territories).values("pk")
        found = found.filter(_has("territories", territory__in=places))
    if chosen.skills:
        found = found.filter(_has("skills", skill__in=_ids(chosen.skills)))
    if chosen.organisations:
        found = found.filter(_acts_for(organisation__in=_ids(chosen.organisations)))
    return found


def in_member_order(found: ProfileQuerySet, sort: str) -> ProfileQuerySet:
    """Order ``found`` as the reader asked; names compare without accents, last name first."""
    if sort == MemberSort.RECENT:
        return found.order_by("-user__date_joined", "search_text", "pk")
    return found.order_by("search_text", "pk")


def skills_shown() -> Any:
    """Return the skills that members may read on somebody's profile."""
    listed = Profile.objects.listed().filter(skills_visibility__in=SEEN_BY_MEMBERS)
    rows = Profile.skills.through.objects.filter(profile__in=listed, skill_id=OuterRef("pk"))
    return Skill.objects.filter(Exists(rows))


def frequent_skills(limit: int) -> list[Skill]:
    """Return the skills that most members show, to choose from rather than to type again."""
    rows = Profile.skills.through.objects.filter(
        profile__in=Profile.objects.listed().filter(skills_visibility__in=SEEN_BY_MEMBERS), skill_id=OuterRef("pk")
    )
    used = rows.order_by().values("skill_id").annotate(number=Count("pk")).values("number")
    return list(skills_shown().annotate(uses=used).order_by("-uses", "normalized_name")[:limit])


def member_facets(chosen: MemberFilter) -> list[dict[str, Any]]:
    """Return the four filters, each counted as if it alone were not set; empty ones are left out."""
    without_skills = members_found(replace(chosen, skills=()))
    without_places = members_found(replace(chosen, organisations=()))
    options = {
        "theme": _theme_options(members_found(replace(chosen, themes=())), chosen.themes),
        "territoire": _territory_options(members_found(replace(chosen, territories=())), chosen.territories),
        "competence": _counted_options(Skill, _counts(without_skills, "skills"), chosen.skills),
        "structure": _counted_options(Organisation, _organisation_counts(without_places), chosen.organisations),
    }
    return [{"name": name, "options": found} for name, found in options.items() if found]


def _ids(chosen: Iterable[Any]) -> list[int]:
    return [one.pk for one in chosen]


def _has(part: str, **condition: Any) -> Q:
    """Return the condition "shows to members one of these ``part``"."""
    through = Profile._meta.get_field(part).remote_field.through
    rows = through.objects.filter(profile_id=OuterRef("pk"), **condition)
    return Q(Exists(rows), **{f"{part}_visibility__in": SEEN_BY_MEMBERS})


def _acts_for(**condition: Any) -> Q:
    places = Membership.objects.active().in_listed().filter(user_id=OuterRef("user_id"))
    return Q(Exists(places.filter(**condition)), organisations_visibility__in=SEEN_BY_MEMBERS)


def _says(word: str) -> Q:
    """Return the condition "one of the words that members may read holds ``word``"."""
    words = Q(search_text__contains=word) | _has("skills", skill__normalized_name__contains=word)
    return words | _acts_for(organisation__search_text__contains=word)


def _counts(found: ProfileQuerySet, part: str) -> Counter[int]:
    """Count members by the ids of what they show in ``part``."""
    shown = found.filter(**{f"{part}_visibility__in": SEEN_BY_MEMBERS, f"{part}__isnull": False})
    rows = shown.order_by().values_list(part).annotate(number=Count("pk", distinct=True))
    return Counter(dict(rows))


def _organisation_counts(found: ProfileQuerySet) -> Counter[int]:
    people = found.filter(organisations_visibility__in=SEEN_BY_MEMBERS).order_by().values("user_id")
    places = Membership.objects.active().in_listed().filter(user__in=people)
    return Counter(dict(places.order_by().values_list("organisation_id").annotate(number=Count("user_id"))))


def _counted_options(model: type[Any], counts: Counter[int], chosen: Iterable[Any]) -> list[Option]:
    """Return the most frequent values and those that are chosen, the most frequent first."""
    picked = set(_ids(chosen))
    kept = [pk for pk, _count in counts.most_common(MOST_OPTIONS)]
    found = model.objects.filter(pk__in={*kept, *picked})
    ranked = sorted(found, key=lambda one: (-counts[one.pk], str(one).casefold()))
    return [Option(one.slug, str(one), counts[one.pk], one.pk in picked) for one in ranked]


def _theme_options(found: ProfileQuerySet, chosen: Iterable[Theme]) -> list[Option]:
    """Return the themes of the first level with those below them counted in, and any other that is chosen."""
    shown = found.filter(themes_visibility__in=SEEN_BY_MEMBERS, themes__isnull=False).order_by()
    people: defaultdict[int, set[int]] = defaultdict(set)
    for pk, theme, parent in shown.values_list("pk", "themes__pk", "themes__parent_id"):
        people[theme].add(pk)
        people[parent or theme].add(pk)
    picked = set(_ids(chosen))
    return [
        Option(theme.slug, theme.name, len(people[theme.pk]), theme.pk in picked)
        for theme in Theme.objects.all()
        if theme.pk in picked or (people[theme.pk] and not theme.parent_id)
    ]


def _territory_options(found: ProfileQuerySet, chosen: Iterable[Territory]) -> list[Option]:
    """Return the regions and departments that members name, and what else is chosen.

    Who acts in a whole region acts in each of its departments: the count is what the choice shows.
    """
    shown = found.filter(territories_visibility__in=SEEN_BY_MEMBERS, territories__isnull=False).order_by()
    people: defaultdict[int, set[int]] = defaultdict(set)
    for pk, territory in shown.values_list("pk", "territories__pk"):
        people[territory].add(pk)
    picked = set(_ids(chosen))
    named = {one.pk: one for one in Territory.objects.filter(pk__in={*people, *picked}).select_related("region")}
    offered = {*named.values(), *(one.region for one in named.values() if one.region)}
    ordered = sorted(offered, key=lambda one: (one.region or one).normalized_name + f"/{one.level != 'region'}")
    options = []
    for area in ordered:
        count = len(set().union(*(people[pk] for pk, one in named.items() if _touch(one, area))))
        if count or area.pk in picked:
            options.append(Option(area.public_code, str(area), count, area.pk in picked))
    return options


def _touch(one: Territory, other: Territory) -> bool:
    """Whether one of two territories holds the other."""
    if Territory.Level.COUNTRY in {one.level, other.level}:
        return True
    above_one = {one.pk, one.region_id, one.department_id, one.epci_id}
    above_other = {other.pk, other.region_id, other.department_id, other.epci_id}
    return other.pk in above_one or one.pk in above_other
