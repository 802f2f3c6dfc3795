"""Plausible organisations in any number: names, numbers and places as the field has them, some of them twice."""

from collections.abc import Iterator
from random import Random

from directory.exchange.columns import IMPORTED
from directory.models import OrganisationKind
from portal.taxonomy.models import Territory, Theme

#: What an organisation of one kind is called, before its place.
WORDS = {
    "mission-locale": ("Mission locale", "Mission locale rurale"),
    "association": (
        "Association d’aide aux réfugiés",
        "Accueil et insertion",
        "Les Ateliers solidaires",
        "Cap vers l’emploi",
    ),
    "organisme-formation": ("Greta", "Centre de formation professionnelle", "Institut du français langue étrangère"),
    "insertion-activite-economique": (
        "Chantier d’insertion",
        "Régie de quartier",
        "Ressourcerie",
        "Jardins de Cocagne",
    ),
    "service-public-emploi": ("France Travail", "Cap emploi"),
    "commune-intercommunalite": ("Centre communal d’action sociale", "Maison de l’emploi"),
    "entreprise": ("Conserverie", "Maçonnerie", "Transports"),
    "chambre-consulaire": ("Chambre de métiers et de l’artisanat",),
}
EXTRA = ("", "", "", "", " – antenne centre", " – antenne nord", " Horizon", " Tremplin", " Solidarités", " Avenir")
#: One organisation in so many is written a second time, as people do who did not look.
TWICE_EVERY = 12


def _key_of(digits: str) -> str:
    """Return the digit that makes ``digits`` right by Luhn's formula."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def siret_of(number: int) -> str:
    """Return a SIRET whose both keys are right: that of the legal entity and that of the establishment."""
    siren = f"9{number:07d}"
    siren += _key_of(siren)
    return f"{siren}0001{_key_of(f'{siren}0001')}"


def organisations(count: int, seed: int) -> Iterator[dict[str, str]]:
    """Yield ``count`` organisations as the lines of a file; number n is the same for the same seed."""
    communes = Territory.objects.current().filter(level=Territory.Level.COMMUNE, population__gt=2_000)
    places = list(communes.order_by("pk").values_list("name", "code", "postal_codes", "department__code"))
    kinds = {kind.slug: kind.name for kind in OrganisationKind.objects.filter(slug__in=WORDS)}
    themes = list(Theme.objects.order_by("pk").values_list("name", flat=True))
    for index in range(count):
        yield _organisation(index, seed, places, kinds, themes)


def _organisation(
    index: int, seed: int, places: list[tuple[str, str, list[str], str]], kinds: dict[str, str], themes: list[str]
) -> dict[str, str]:
    is_twice = index % TWICE_EVERY == TWICE_EVERY - 1
    known = index - 1 if is_twice else index
    draw = Random(f"organisation {seed} {known}")  # noqa: S311 -- data, not secrets
    slug = draw.choice(sorted(kinds))
    name, code, postal_codes, department = draw.choice(places)
    title = f"{draw.choice(WORDS[slug])} de {name}{draw.choice(EXTRA)}"
    row = {
        "nom": title[:150],
        "type": kinds[slug],
        "siret": siret_of(known),
        "telephone": f"02 {draw.randrange(10, 99)} {draw.randrange(10, 99)} {draw.randrange(10, 99)} {known % 100:02d}",
        "site_web": f"https://structure-{known}.example/",
        "description": f"Accompagne vers l’emploi à {name} et aux alentours.",
        "code_postal": postal_codes[0] if postal_codes else "",
        "code_insee": code,
        "territoires": f"dep-{department}",
        "themes": " | ".join(draw.sample(themes, 2)),
    }
    if is_twice:
        again = Random(f"again {seed} {index}")  # noqa: S311
        row["nom"] = again.choice((title.upper(), title.replace(" de ", " "), title.replace("Mission locale", "ML")))
        row["siret"], row["site_web"] = "", ""
    return row


def as_csv(rows: Iterator[dict[str, str]]) -> bytes:
    """Return rows as the file that the portal imports."""
    names = [column.name for column in IMPORTED]
    lines = [";".join(names)]
    lines += [";".join(row.get(name, "") for name in names) for row in rows]
    return "\r\n".join(lines).encode("utf-8-sig")
