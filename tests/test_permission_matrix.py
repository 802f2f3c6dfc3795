"""Every address of the portal × every role: what each one answers.

The URL resolver is the list: an address that is not in the table fails the test, so that no page
is ever opened to anyone by forgetting it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.support.world import ROLES, World, build_world, read

#: Marked although one fixture opens the database for all: marked tests run before those that empty it.
pytestmark = pytest.mark.django_db

Statuses = dict[str, int]


def everyone(status: int = 200) -> Statuses:
    return dict.fromkeys(ROLES, status)


def only(*roles: str, status: int = 200, others: int = 404) -> Statuses:
    return {role: status if role in roles else others for role in ROLES}


MEMBERS = ROLES[1:]


@dataclass(frozen=True)
class Row:
    """One address: how to reach it in the world under test, and what each role gets."""

    path: Callable[[World], str]
    statuses: Statuses


def row(path: str | Callable[[World], str], statuses: Statuses) -> Row:
    return Row(path if callable(path) else lambda world: path, statuses)


def member_page(world: World, role: str, below: str = "") -> str:
    return f"/annuaire/membres/{world.users[role].short_id}/{below}"


#: Route of the resolver → what each role gets with GET.
MATRIX: dict[str, Row] = {
    # No worker beats in the tests: the health page says so, to anyone.
    "sante/": row("/sante/", everyone(503)),
    "connexion/": row("/connexion/", {**everyone(302), "visitor": 200}),
    "connexion/code/": row("/connexion/code/", everyone(302)),
    "connexion/cle/": row("/connexion/cle/", {**everyone(302), "visitor": 200}),
    "connexion/lien/": row("/connexion/lien/", everyone()),
    "connexion/lien/envoye/": row("/connexion/lien/envoye/", everyone()),
    "connexion/lien/<str:token>/": row("/connexion/lien/faux/", everyone(404)),
    "connexion/adresse/<str:token>/": row("/connexion/adresse/faux/", everyone(404)),
    "mot-de-passe/oublie/": row("/mot-de-passe/oublie/", everyone()),
    "mot-de-passe/oublie/envoye/": row("/mot-de-passe/oublie/envoye/", everyone()),
    "mot-de-passe/nouveau/<str:token>/": row("/mot-de-passe/nouveau/faux/", everyone(404)),
    "mon-espace/": row("/mon-espace/", only(*MEMBERS, others=302)),
    "mon-espace/securite/": row("/mon-espace/securite/", only(*MEMBERS, others=302)),
    "mon-espace/securite/verification/": row("/mon-espace/securite/verification/", only(*MEMBERS, others=302)),
    "mon-espace/securite/appareils/": row("/mon-espace/securite/appareils/", only(*MEMBERS, others=302)),
    "mon-espace/securite/second-facteur/": row("/mon-espace/securite/second-facteur/", only(*MEMBERS, others=302)),
    "mon-espace/securite/adresse/annuler/": row("/mon-espace/securite/adresse/annuler/", everyone(405)),
    # Members are led to the verification first: their sessions here have proven nothing.
    **{
        f"mon-espace/securite/{path}": row(f"/mon-espace/securite/{path.replace('<int:pk>', '1')}", everyone(302))
        for path in (
            "mot-de-passe/",
            "adresse/",
            "second-facteur/application/",
            "second-facteur/cle/",
            "second-facteur/<int:pk>/retirer/",
            "second-facteur/codes/",
            "second-facteur/codes/fichier/",
        )
    },
    "deconnexion/": row("/deconnexion/", {**everyone(200), "visitor": 302}),
    "appels/<slug:slug>/": row("/appels/ipr/", everyone()),
    "projets/": row("/projets/", everyone()),
    "projets/<slug:region_slug>/": row("/projets/bretagne/", everyone()),
    "projets/<slug:region_slug>/<slug:slug>/": row("/projets/bretagne/projet-public/", everyone()),
    "projets/documents/<uuid:uid>/<slug:name>/": row(lambda world: world.document.get_absolute_url(), only(*MEMBERS)),
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
    "mon-espace/mes-donnees/": row("/mon-espace/mes-donnees/", only(*MEMBERS, others=302)),
    "mon-espace/mes-donnees/export/": row("/mon-espace/mes-donnees/export/", everyone(405)),
    # Nobody's data leave with somebody else, an administrator included.
    "mon-espace/mes-donnees/export/<uuid:uid>/": row(
        lambda world: f"/mon-espace/mes-donnees/export/{world.export.uid}/",
        {**everyone(404), "visitor": 302, "member": 200},
    ),
    "mon-espace/mes-donnees/suppression/": row("/mon-espace/mes-donnees/suppression/", only(*MEMBERS, others=302)),
    "mon-espace/mes-donnees/suppression/lien/": row("/mon-espace/mes-donnees/suppression/lien/", everyone(405)),
    "mon-espace/mes-donnees/suppression/annuler/": row("/mon-espace/mes-donnees/suppression/annuler/", everyone(405)),
    "mon-espace/mes-donnees/suppression/<str:token>/": row("/mon-espace/mes-donnees/suppression/faux/", everyone(302)),
    "glossaire/": row("/glossaire/", everyone()),
    "themes/": row("/themes/", everyone()),
    "themes/<slug:slug>/": row("/themes/logement/", everyone()),
    "territoires/": row("/territoires/", everyone()),
    "territoires/<slug:code>/": row("/territoires/dep-35/", everyone()),
    "": row("/", everyone()),
    "actualites/flux/": row("/actualites/flux/", everyone()),
    "contact/": row("/contact/", everyone()),
    "contact/merci/": row("/contact/merci/", everyone()),
    "ressources/documents/<int:pk>/<str:name>": row(lambda world: world.resource_file.url, only(*MEMBERS)),
    "plan-du-site/": row("/plan-du-site/", everyone()),
    # Resized pictures are public; a name that no picture has is not found.
    "media/images/<path:path>": row("/media/images/nulle-part.webp", everyone(404)),
    "recherche/": row("/recherche/?q=projet", everyone()),
    "forum/": row("/forum/", everyone()),
    "agenda/": row("/agenda/", everyone()),
}

#: Addresses behind the catch-all route of Wagtail's tree, and others that show a rule.
PAGES: dict[str, Row] = {
    "home": row("/", everyone()),
    "nobody's region": row("/projets/nulle-part/", everyone(404)),
    "draft": row("/projets/bretagne/projet-brouillon/", only("lead", "editor", "animator", "administrator")),
    "a member shown to everyone": row(lambda world: member_page(world, "animator"), everyone()),
    "nowhere": row("/cette-page-n-existe-pas/", everyone(404)),
}

#: Routes that libraries bring, each judged as a whole by a test below.
LIBRARY_PREFIXES = ("admin/", "documents/", "_util/")
CATCH_ALL = r"^((?:[\w\-]+/)*)$"


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the resolver with its pattern, as one string."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        else:
            yield route, entry


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """One world for the whole table: reading changes nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


def test_every_route_is_in_the_table() -> None:
    known = set(MATRIX) | {CATCH_ALL}
    found = {route for route, _pattern in routes(get_resolver().url_patterns)}
    unlisted = sorted(route for route in found - known if not route.startswith(LIBRARY_PREFIXES))
    assert not unlisted, f"list them in MATRIX: {unlisted}"
    assert not known - found, f"these routes are gone: {sorted(known - found)}"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", [*MATRIX, *PAGES])
def test_status(world: World, route: str, role: str) -> None:
    entry = MATRIX.get(route) or PAGES[route]
    response = world.client(role).get(entry.path(world))
    read(response)
    assert response.status_code == entry.statuses[role]


def admin_paths() -> list[str]:
    """Return the addresses of the admin that need no argument."""
    found = {route for route, _pattern in routes(get_resolver().url_patterns) if route.startswith("admin/")}
    return sorted(f"/{route}" for route in found if not set(route) & set("<^("))


#: What the admin shows before anyone has signed in, and its way out.
ADMIN_OPEN = {"/admin/jsi18n/", "/admin/sprite/"}


@pytest.mark.parametrize("role", ["visitor", "member", "lead", "other_lead", "editor"])
def test_nobody_but_animators_enters_the_admin(world: World, role: str) -> None:
    paths = admin_paths()
    assert len(paths) > 40
    client = world.client(role)
    opened = [path for path in paths if path not in ADMIN_OPEN and client.get(path).status_code in {200, 500}]
    assert not opened


@pytest.mark.parametrize("view", ["edit", "delete", "unpublish", "history"])
def test_a_region_s_sheets_are_edited_by_its_animators_alone(world: World, view: str) -> None:
    path = reverse(f"wagtailadmin_pages:{view}", args=[world.sheet.pk])
    assert world.client("animator").get(path).status_code == 200
    assert world.client("administrator").get(path).status_code == 200
    for role in ("other_animator", "lead", "member"):
        assert world.client(role).get(path).status_code in {302, 403}, role


def test_another_region_s_explorer_is_empty(world: World) -> None:
    explorer = reverse("wagtailadmin_explore", args=[world.sheet.get_parent().pk])
    assert "Projet public" in world.client("animator").get(explorer).content.decode()
    response = world.client("other_animator").get(explorer)
    assert response.status_code in {302, 403} or "Projet public" not in response.content.decode()


def test_an_animator_adds_sheets_to_their_region_alone(world: World) -> None:
    add = reverse("wagtailadmin_pages:add", args=["project_sheets", "projectsheetpage", world.sheet.get_parent().pk])
    assert world.client("animator").get(add).status_code == 200
    assert world.client("other_animator").get(add).status_code in {302, 403}
