"""The description of the API, in OpenAPI 3.1."""

from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.api.limits import REQUESTS

#: Parameters of the list: name → (type, what it does).
PARAMETERS: dict[str, tuple[str, str | Promise]] = {
    "q": ("string", gettext_lazy("Words of the name, of the acronym or of a former name; a typing error is allowed.")),
    "type": ("array", gettext_lazy("Kinds of organisation, by their code.")),
    "theme": ("array", gettext_lazy("Themes, by their code; a theme includes those below it.")),
    "public": ("array", gettext_lazy("Audiences, by their code.")),
    "reseau": ("array", gettext_lazy("Networks, by their code.")),
    "territoire": ("array", gettext_lazy("Territories of action: dep-35, reg-53, com-35238.")),
    "verifiee": ("string", gettext_lazy("“oui”: verified pages alone.")),
    "autour": ("string", gettext_lazy("Municipality around which to look: name and postal code.")),
    "rayon": ("integer", gettext_lazy("Radius in kilometres, as the crow flies: 5, 10, 20, 50 or 100.")),
    "tri": ("string", gettext_lazy("nom, recent or proximite.")),
    "page": ("integer", gettext_lazy("Number of the page, from 1.")),
    "par_page": ("integer", gettext_lazy("Organisations a page, 100 at most.")),
}


def _parameter(name: str, kind: str, text: str | Promise) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": kind}
    if kind == "array":
        schema["items"] = {"type": "string"}
    return {"name": name, "in": "query", "required": False, "description": str(text), "schema": schema}


def _nullable(kind: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": [kind, "null"], "description": text, **more}


def _coded(text: str) -> dict[str, Any]:
    word = {"type": "object", "properties": {"code": {"type": "string"}, "nom": {"type": "string"}}}
    return {"type": "array", "description": text, "items": word}


def _structure() -> dict[str, Any]:
    properties: dict[str, Any] = {
        "source": {"type": "string", "description": _("Name of this portal.")},
        "id": {"type": "string", "description": _("Identifier of data·inclusion: source and identifier.")},
        "nom": {"type": "string", "minLength": 3, "maxLength": 150},
        "date_maj": {"type": "string", "format": "date"},
        "description": _nullable("string", _("Presentation, in Markdown.")),
        "lien_source": {"type": "string", "format": "uri", "description": _("Address of the page.")},
        "siret": _nullable("string", _("Fourteen digits."), pattern=r"^\d{14}$"),
        "siren": _nullable("string", _("Nine digits.")),
        "commune": _nullable("string", _("Municipality of the seat.")),
        "code_postal": _nullable("string", _("Five digits.")),
        "code_insee": _nullable("string", _("Code of the municipality.")),
        "adresse": _nullable("string", _("Number and street.")),
        "longitude": _nullable("number", _("Degrees.")),
        "latitude": _nullable("number", _("Degrees.")),
        "precision_position": _nullable("string", _("commune, epci or department: the centre of this territory.")),
        "telephone": _nullable("string", _("E.164, or a short number.")),
        "poste": _nullable("string", _("Extension.")),
        "site_web": _nullable("string", _("Address of the website.")),
        "reseaux_porteurs": _nullable("array", _("Codes of data·inclusion."), items={"type": "string"}),
        "identifiant": {"type": "string", "format": "uuid", "description": _("Stable identifier.")},
        "sigle": _nullable("string", _("Acronym.")),
        "intitule_du_sigle": _nullable("string", _("What the acronym means.")),
        "type": {"type": "object", "properties": {"code": {"type": "string"}, "nom": {"type": "string"}}},
        "autres_noms": {"type": "array", "items": {"type": "string"}},
        "themes": _coded(_("Themes.")),
        "publics": _coded(_("Audiences.")),
        "reseaux": _coded(_("Networks.")),
        "territoires": _coded(_("Territories of action.")),
        "verifiee": {"type": "boolean"},
        "confirmee_le": _nullable("string", _("Day of the last confirmation."), format="date"),
    }
    return {"type": "object", "required": ["source", "id", "nom", "date_maj", "identifiant"], "properties": properties}


def _answers(description: str, schema: dict[str, Any], **others: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": description, "content": {"application/json": {"schema": schema}}}}
    answers |= {"304": {"description": _("Nothing has changed (If-None-Match).")}}
    answers |= {
        "429": {"description": _("More than %(count)d requests a minute; see Retry-After.") % {"count": REQUESTS}}
    }
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
            "suivante": _nullable("string", _("Address of the next page.")),
            "precedente": _nullable("string", _("Address of the previous page.")),
            "structures": {"type": "array", "items": structure},
        },
    }
    uid = {"name": "uid", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("%(portal)s – directory of organisations") % {"portal": settings.PORTAL_NAME},
            "version": "1.0.0",
            "description": _("Read only, without a key. No e-mail address and nothing about a person."),
            "license": {"name": "Licence Ouverte 2.0", "identifier": "etalab-2.0"},
        },
        "servers": [{"url": f"{settings.BASE_URL}/annuaire/api/v1"}],
        "paths": {
            "/structures/": {
                "get": {
                    "operationId": "listeStructures",
                    "summary": _("Organisations of the directory, filtered and page by page"),
                    "parameters": [_parameter(name, kind, text) for name, (kind, text) in PARAMETERS.items()],
                    "responses": _answers(_("A page of organisations."), page, s400=_("A filter is wrong.")),
                }
            },
            "/structures/{uid}/": {
                "get": {
                    "operationId": "structure",
                    "summary": _("One organisation, by its stable identifier"),
                    "parameters": [uid],
                    "responses": _answers(
                        _("The organisation."), structure, s301=_("Merged into another."), s404=_("Unknown.")
                    ),
                }
            },
        },
        "components": {"schemas": {"Structure": _structure()}},
    }
