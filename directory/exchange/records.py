"""Organisations as records: the schema of data·inclusion, shared by the export and the API, and lines of files.

An e-mail address is in none of them: people write through the form of the page.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from directory.exchange.columns import SEPARATOR
from directory.models import FormerName, Organisation
from directory.phones import format_public_phone
from directory.siret import siren_of
from portal.core.addresses import absolute_of
from portal.taxonomy.models import Territory

BATCH = 500


def described(keys: Sequence[int]) -> Iterator[Organisation]:
    """Yield the organisations of ``keys`` in this order with all that a record shows, some at a time."""
    rows = Organisation.objects.select_related("kind", "seat").prefetch_related(
        "territories", "themes", "audiences", "networks", "other_names"
    )
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        found = {one.pk: one for one in rows.filter(pk__in=batch)}
        # One that was deleted meanwhile has no record.
        yield from (found[key] for key in batch if key in found)


def source_name() -> str:
    """Return the name under which this portal publishes, from its address: « portail-example »."""
    host = urlsplit(settings.BASE_URL).hostname or "portail"
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")


def structure_of(organisation: Organisation) -> dict[str, Any]:
    """Return an organisation as a "structure" of data·inclusion, version 1; what is not known is null."""
    seat = organisation.seat
    commune = seat if seat is not None and seat.level == Territory.Level.COMMUNE else None
    description = organisation.description.strip()
    networks = sorted({network.di_code for network in organisation.networks.all() if network.di_code})
    return {
        "source": source_name(),
        "id": f"{source_name()}--{organisation.uid}",
        "nom": organisation.name.removesuffix("."),
        "date_maj": timezone.localdate(organisation.updated_at).isoformat(),
        "description": description if len(description) >= 5 else None,
        "lien_source": absolute_of("directory:organisation", organisation.slug),
        "siret": organisation.siret,
        "commune": commune.name if commune else None,
        "code_postal": organisation.postal_code or None,
        "code_insee": commune.code if commune else None,
        "adresse": organisation.street or None,
        "longitude": organisation.longitude,
        "latitude": organisation.latitude,
        "telephone": organisation.phone or None,
        "site_web": organisation.website or None,
        "reseaux_porteurs": networks or None,
    }


def record_of(organisation: Organisation) -> dict[str, Any]:
    """Return a "structure" with what the portal knows besides, as the API gives it."""
    return {
        **structure_of(organisation),
        "identifiant": str(organisation.uid),
        "sigle": organisation.acronym or None,
        "intitule_du_sigle": organisation.acronym_expansion or None,
        "type": {"code": organisation.kind.slug, "nom": organisation.kind.name},
        "siren": siren_of(organisation.siret) or None,
        "poste": organisation.phone_extension or None,
        "autres_noms": [other.name for other in organisation.other_names.all()],
        "themes": [{"code": theme.slug, "nom": theme.name} for theme in organisation.themes.all()],
        "publics": [{"code": one.slug, "nom": one.name} for one in organisation.audiences.all()],
        "reseaux": [{"code": network.slug, "nom": network.name} for network in organisation.networks.all()],
        "territoires": [{"code": place.public_code, "nom": str(place)} for place in organisation.territories.all()],
        "precision_position": organisation.position or None,
        "verifiee": organisation.verified_at is not None,
        "confirmee_le": organisation.confirmed_at.date().isoformat() if organisation.last_confirmed_at else None,
    }


def cells_of(organisation: Organisation) -> dict[str, str]:
    """Return an organisation as a line of a file, by column, as an import reads it back."""
    seat = organisation.seat
    commune = seat if seat is not None and seat.level == Territory.Level.COMMUNE else None
    former = [one.name for one in organisation.other_names.all() if one.kind == FormerName.Kind.FORMER]
    return {
        "identifiant": str(organisation.uid),
        "nom": organisation.name,
        "sigle": organisation.acronym,
        "intitule_du_sigle": organisation.acronym_expansion,
        "type": organisation.kind.name,
        "siret": organisation.siret or "",
        "categorie_juridique": str(organisation.get_legal_category_display() or ""),
        "description": organisation.description,
        "site_web": organisation.website,
        "telephone": format_public_phone(organisation.phone).replace("\N{NO-BREAK SPACE}", " "),
        "poste": organisation.phone_extension,
        "adresse": organisation.street,
        "code_postal": organisation.postal_code,
        "commune": commune.name if commune else "",
        "code_insee": commune.code if commune else "",
        "territoires": SEPARATOR.join(place.public_code for place in organisation.territories.all()),
        "themes": SEPARATOR.join(theme.name for theme in organisation.themes.all()),
        "publics": SEPARATOR.join(audience.name for audience in organisation.audiences.all()),
        "reseaux": SEPARATOR.join(network.name for network in organisation.networks.all()),
        "anciens_noms": SEPARATOR.join(former),
        "verifiee": "oui" if organisation.verified_at else "non",
        "mise_a_jour": organisation.updated_at.date().isoformat(),
        "page": absolute_of("directory:organisation", organisation.slug),
    }
