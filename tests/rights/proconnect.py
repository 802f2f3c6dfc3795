"""ProConnect, which the portal under test does not have: its pages answer nobody."""

from tests.rights.table import Row, everyone, row
from tests.support.world import ROLES

ROUTES: dict[str, Row] = {
    "connexion/proconnect/": row("/connexion/proconnect/", everyone(405)),
    "connexion/proconnect/retour/": row("/connexion/proconnect/retour/", everyone(404)),
    "connexion/proconnect/fin/": row("/connexion/proconnect/fin/", everyone(302)),
    # Nobody whom ProConnect has named: to the ordinary form.
    "inscription/proconnect/": row("/inscription/proconnect/", everyone(302)),
    "mon-espace/securite/proconnect/retirer/": row("/mon-espace/securite/proconnect/retirer/", everyone(405)),
    "animation/domaines/": row("/animation/domaines/", dict.fromkeys(ROLES, 404) | {"visitor": 302}),
    "animation/domaines/<int:pk>/retirer/": row("/animation/domaines/1/retirer/", everyone(405)),
}
