"""Organisations and members."""

from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import World


def member_page(world: World, role: str, below: str = "") -> str:
    return f"/annuaire/membres/{world.users[role].short_id}/{below}"


ROUTES: dict[str, Row] = {
    "annuaire/": row("/annuaire/", everyone()),
    "annuaire/structures/<slug:slug>/": row("/annuaire/structures/structure-porteuse/", everyone()),
    # Members meet one another; a visitor meets those alone who chose to be shown to everyone.
    "annuaire/membres/": row("/annuaire/membres/", only(*MEMBERS, others=302)),
    "annuaire/membres/<slug:short_id>/": row(lambda world: member_page(world, "lead"), only(*MEMBERS)),
    "annuaire/membres/<slug:short_id>/photo/": row(lambda world: member_page(world, "lead", "photo/"), only(*MEMBERS)),
    "mon-espace/mon-profil/": row("/mon-espace/mon-profil/", only(*MEMBERS, others=302)),
    "mon-espace/mon-profil/apercu/": row("/mon-espace/mon-profil/apercu/", only(*MEMBERS, others=302)),
    "mon-espace/ma-structure/": row("/mon-espace/ma-structure/", only(*MEMBERS, others=302)),
    # An editor acts for the organisation and does not manage its members; the others do not act for it.
    "mon-espace/ma-structure/places/<int:pk>/role/": row(
        lambda world: f"/mon-espace/ma-structure/places/{world.place.pk}/role/",
        {**everyone(404), "visitor": 302, "editor": 403},
    ),
    "mon-espace/ma-structure/places/<int:pk>/retirer/": row(
        lambda world: f"/mon-espace/ma-structure/places/{world.place.pk}/retirer/",
        {**everyone(404), "visitor": 302, "editor": 403},
    ),
    "mon-espace/ma-structure/places/<int:pk>/quitter/": row(
        lambda world: f"/mon-espace/ma-structure/places/{world.place.pk}/quitter/",
        {**everyone(404), "visitor": 302, "editor": 200},
    ),
}

PAGES: dict[str, Row] = {
    "a member shown to everyone": row(lambda world: member_page(world, "animator"), everyone()),
}
