"""Calls and fact sheets."""

from project_sheets.models import LaureateImport
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import World

SHEET = "/projets/bretagne/projet-public/"
ANIMATORS = {**everyone(403), "visitor": 302, "animator": 200, "other_animator": 200, "administrator": 200}
#: An import is its owner's alone.
OWNER = {**everyone(403), "visitor": 302, "animator": 200, "other_animator": 404, "administrator": 404}


def build(world: World) -> None:
    """Add a list of laureates that the animator has sent."""
    world.things["laureates"] = LaureateImport.objects.create(
        call=world.call,
        owner=world.users["animator"],
        file_name="laureats.csv",
        lines=[{"number": 2, "titre": "Projet"}],
    )


def _import(world: World) -> str:
    return str(world.things["laureates"].get_absolute_url())


ROUTES: dict[str, Row] = {
    "appels/<slug:slug>/": row("/appels/ipr/", everyone()),
    "appels/<slug:slug>/bilan/": row("/appels/ipr/bilan/", everyone()),
    "appels/<slug:slug>/bilan/bilan.csv": row("/appels/ipr/bilan/bilan.csv", everyone()),
    "appels/<slug:slug>/bilan/bilan.xlsx": row("/appels/ipr/bilan/bilan.xlsx", everyone()),
    # Fewer than five projects measure it: it is named to animators alone.
    "appels/<slug:slug>/bilan/resultats/<slug:indicator>/": row(
        "/appels/ipr/bilan/resultats/zsecretindicator-zsecretunit/",
        {**everyone(404), "animator": 200, "other_animator": 200, "administrator": 200},
    ),
    "donnees/": row("/donnees/", everyone()),
    "donnees/<slug:key>.csv": row("/donnees/fiches-projets.csv", everyone()),
    "donnees/<slug:key>.json": row("/donnees/fiches-projets.json", everyone()),
    "animation/": row("/animation/", ANIMATORS),
    "animation/tableau-de-bord.csv": row("/animation/tableau-de-bord.csv", ANIMATORS),
    "animation/tableau-de-bord.xlsx": row("/animation/tableau-de-bord.xlsx", ANIMATORS),
    "animation/appels/": row("/animation/appels/", ANIMATORS),
    "animation/appels/nouveau/": row("/animation/appels/nouveau/", ANIMATORS),
    # A call of the whole country is the administrators'.
    "animation/appels/<slug:slug>/": row(
        "/animation/appels/ipr/", {**everyone(403), "visitor": 302, "administrator": 200}
    ),
    "animation/laureats/": row("/animation/laureats/", ANIMATORS),
    "animation/laureats/modele.csv": row("/animation/laureats/modele.csv", ANIMATORS),
    "animation/laureats/<uuid:uid>/": row(_import, OWNER),
    "animation/laureats/<uuid:uid>/importer/": row(lambda world: f"{_import(world)}importer/", everyone(405)),
    "animation/transfert/": row("/animation/transfert/", ANIMATORS),
    "animation/transfert/<uuid:uid>.json": row(
        lambda world: f"/animation/transfert/{world.sheet.uid}.json",
        {**everyone(403), "visitor": 302, "animator": 200, "administrator": 200},
    ),
    "projets/": row("/projets/", everyone()),
    "projets/comparer/": row("/projets/comparer/?f=bretagne.projet-public", everyone()),
    "projets/<slug:region_slug>/": row("/projets/bretagne/", everyone()),
    "projets/<slug:region_slug>/<slug:slug>/": row("/projets/bretagne/projet-public/", everyone()),
    "projets/<slug:region_slug>/<slug:slug>/fiche.pdf": row("/projets/bretagne/projet-public/fiche.pdf", everyone()),
    "projets/<slug:region_slug>/<slug:slug>/affiche.pdf": row(
        "/projets/bretagne/projet-public/affiche.pdf", everyone()
    ),
    "projets/documents/<uuid:uid>/<slug:name>/": row(lambda world: world.document.get_absolute_url(), only(*MEMBERS)),
}

PAGES: dict[str, Row] = {
    "nobody's region": row("/projets/nulle-part/", everyone(404)),
    "draft": row("/projets/bretagne/projet-brouillon/", only("lead", "editor", "animator", "administrator")),
}
