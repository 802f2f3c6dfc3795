"""Sign-in, security, one’s data."""

from tests.rights.table import MEMBERS, Row, everyone, only, row

ROUTES: dict[str, Row] = {
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
    "deconnexion/": row("/deconnexion/", {**everyone(200), "visitor": 302}),
    "mon-espace/mes-donnees/": row("/mon-espace/mes-donnees/", only(*MEMBERS, others=302)),
    "mon-espace/mes-donnees/export/": row("/mon-espace/mes-donnees/export/", everyone(405)),
    # Nobody's data leave with somebody else, an administrator included; their owner proves who they are first.
    "mon-espace/mes-donnees/export/<uuid:uid>/": row(
        lambda world: f"/mon-espace/mes-donnees/export/{world.export.uid}/",
        {**everyone(404), "visitor": 302, "member": 302},
    ),
    "mon-espace/mes-donnees/suppression/": row("/mon-espace/mes-donnees/suppression/", everyone(302)),
    "mon-espace/mes-donnees/suppression/annuler/": row("/mon-espace/mes-donnees/suppression/annuler/", everyone(405)),
}
