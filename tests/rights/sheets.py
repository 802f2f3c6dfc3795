"""Calls and fact sheets."""

from tests.rights.table import MEMBERS, Row, everyone, only, row

ROUTES: dict[str, Row] = {
    "appels/<slug:slug>/": row("/appels/ipr/", everyone()),
    "projets/": row("/projets/", everyone()),
    "projets/comparer/": row("/projets/comparer/?f=bretagne.projet-public", everyone()),
    "projets/<slug:region_slug>/": row("/projets/bretagne/", everyone()),
    "projets/<slug:region_slug>/<slug:slug>/": row("/projets/bretagne/projet-public/", everyone()),
    "projets/documents/<uuid:uid>/<slug:name>/": row(lambda world: world.document.get_absolute_url(), only(*MEMBERS)),
}

PAGES: dict[str, Row] = {
    "nobody's region": row("/projets/nulle-part/", everyone(404)),
    "draft": row("/projets/bretagne/projet-brouillon/", only("lead", "editor", "animator", "administrator")),
}
