"""The search page, the searches that members keep, the questions without a result."""

from search.models import SavedSearch, UnansweredQuestion
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import World

ANY_ANIMATOR = only("animator", "other_animator", "administrator", others=403) | {"visitor": 302}
#: Forms that are posted: their address alone answers nobody.
POSTED = everyone(405) | {"visitor": 302}


def build(world: World) -> None:
    """Add a search that the member keeps, and a question that found nothing."""
    world.things["saved_search"] = SavedSearch.objects.create(
        user=world.users["member"], text="logement", address="/recherche/?q=logement"
    )
    UnansweredQuestion.objects.create(words="logement lunaire", times=3, first_day="2026-01-05", last_day="2026-03-02")


def saved(world: World, below: str) -> str:
    return f"/mon-espace/mes-recherches/{world.things['saved_search'].pk}/{below}"


ROUTES: dict[str, Row] = {
    "recherche/": row("/recherche/?q=projet", everyone()),
    "recherche/suggestions/": row("/recherche/suggestions/?q=pro", everyone()),
    "recherche/opensearch.xml": row("/recherche/opensearch.xml", everyone()),
    "recherche/enregistrer/": row("/recherche/enregistrer/", POSTED),
    "mon-espace/mes-recherches/": row("/mon-espace/mes-recherches/", only(*MEMBERS, others=302)),
    "mon-espace/mes-recherches/<int:pk>/alertes/": row(lambda world: saved(world, "alertes/"), POSTED),
    "mon-espace/mes-recherches/<int:pk>/supprimer/": row(lambda world: saved(world, "supprimer/"), POSTED),
    "animation/recherches-sans-resultat/": row("/animation/recherches-sans-resultat/", ANY_ANIMATOR),
}
