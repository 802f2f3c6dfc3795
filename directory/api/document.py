"""The description of the API, in OpenAPI 3.1."""

from typing import Any

from django.conf import settings

from directory.api.limits import REQUESTS

#: Parameters of the list: name → (type, what it does).
PARAMETERS: dict[str, tuple[str, str]] = {
    "q": ("string", "Mots du nom, du sigle ou d’un ancien nom ; une faute de frappe est admise."),
    "type": ("array", "Types de structure, par leur code."),
    "theme": ("array", "Thèmes, par leur code ; un thème comprend ceux qui sont au-dessous."),
    "public": ("array", "Publics, par leur code."),
    "reseau": ("array", "Réseaux, par leur code."),
    "territoire": ("array", "Territoires d’action : dep-35, reg-53, com-35238."),
    "verifiee": ("string", "« oui » : les fiches vérifiées seules."),
    "autour": ("string", "Commune autour de laquelle chercher : nom et code postal."),
    "rayon": ("integer", "Rayon en kilomètres à vol d’oiseau : 5, 10, 20, 50 ou 100."),
    "tri": ("string", "nom, recent ou proximite."),
    "page": ("integer", "Numéro de la page, à partir de 1."),
    "par_page": ("integer", "Structures par page, 100 au plus."),
}


def _parameter(name: str, kind: str, text: str) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if kind == "array":
        schema["items"] = {"type": "string"}
    return {"name": name, "in": "query", "required": False, "description": text, "schema": schema}


def _nullable(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], "description": text, **more}


def _coded(text: str) -> dict[str, Any]:
    word = {"type": "object", "properties": {"code": {"type": "string"}, "nom": {"type": "string"}}}
    return {"type": "array", "description": text, "items": word}


def _structure() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "source": {"type": "string", "description": "Nom de ce portail."},
        "id": {"type": "string", "description": "Identifiant data·inclusion : source et identifiant."},
        "nom": {"type": "string", "minLength": 3, "maxLength": 150},
        "date_maj": {"type": "string", "format": "date"},
        "description": _nullable("string", "Présentation, en Markdown."),
        "lien_source": {"type": "string", "format": "uri", "description": "Adresse de la fiche."},
        "siret": _nullable("string", "Quatorze chiffres.", pattern=r"^\d{14}$"),
        "siren": _nullable("string", "Neuf chiffres."),
        "commune": _nullable("string", "Commune du siège."),
        "code_postal": _nullable("string", "Cinq chiffres."),
        "code_insee": _nullable("string", "Code de la commune."),
        "adresse": _nullable("string", "Numéro et rue."),
        "longitude": _nullable("number", "Degrés."),
        "latitude": _nullable("number", "Degrés."),
        "precision_position": _nullable("string", "commune, epci ou department : centre de ce territoire."),
        "telephone": _nullable("string", "E.164, ou numéro court."),
        "poste": _nullable("string", "Numéro de poste."),
        "site_web": _nullable("string", "Adresse du site."),
        "reseaux_porteurs": _nullable("array", "Codes data·inclusion.", items={"type": "string"}),
        "identifiant": {"type": "string", "format": "uuid", "description": "Identifiant stable."},
        "sigle": _nullable("string", "Sigle."),
        "intitule_du_sigle": _nullable("string", "Sens du sigle."),
        "type": {"type": "object", "properties": {"code": {"type": "string"}, "nom": {"type": "string"}}},
        "autres_noms": {"type": "array", "items": {"type": "string"}},
        "themes": _coded("Thèmes."),
        "publics": _coded("Publics."),
        "reseaux": _coded("Réseaux."),
        "territoires": _coded("Territoires d’action."),
        "verifiee": {"type": "boolean"},
        "confirmee_le": _nullable("string", "Jour de la dernière confirmation.", format="date"),
    }
    return {"type": "object", "required": ["source", "id", "nom", "date_maj", "identifiant"], "properties": properties}


def _answers(description: str, schema: dict[str, Any], **others: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": description, "content": {"application/json": {"schema": schema}}}}
    answers |= {"304": {"description": "Rien n’a changé (If-None-Match)."}}
    answers |= {"429": {"description": f"Plus de {REQUESTS} demandes par minute ; voir Retry-After."}}
    return answers | {code.removeprefix("s"): {"description": text} for code, text in others.items()}


def openapi_document() -> dict[str, Any]:
    """Return the whole description; a test compares it with what the API answers."""
    structure = {"$ref": "#/components/schemas/Structure"}
    page = {
        "type": "object",
        "properties": {
            "total": {"type": "integer"},
            "page": {"type": "integer"},
            "pages": {"type": "integer"},
            "suivante": _nullable("string", "Adresse de la page suivante."),
            "precedente": _nullable("string", "Adresse de la page précédente."),
            "structures": {"type": "array", "items": structure},
        },
    }
    uid = {"name": "uid", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.PORTAL_NAME} – annuaire des structures",
            "version": "1.0.0",
            "description": "Lecture seule, sans clé. Aucune adresse électronique ni donnée de personne.",
            "license": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
        },
        "servers": [{"url": f"{settings.BASE_URL}/annuaire/api/v1"}],
        "paths": {
            "/structures/": {
                "get": {
                    "operationId": "listeStructures",
                    "summary": "Structures de l’annuaire, filtrées et par pages",
                    "parameters": [_parameter(name, kind, text) for name, (kind, text) in PARAMETERS.items()],
                    "responses": _answers("Une page de structures.", page, s400="Un filtre est faux."),
                }
            },
            "/structures/{uid}/": {
                "get": {
                    "operationId": "structure",
                    "summary": "Une structure, par son identifiant stable",
                    "parameters": [uid],
                    "responses": _answers(
                        "La structure.", structure, s301="Fusionnée avec une autre.", s404="Inconnue."
                    ),
                }
            },
        },
        "components": {"schemas": {"Structure": _structure()}},
    }
