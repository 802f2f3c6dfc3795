"""Pages, news, resources, contact."""

from tests.rights.table import MEMBERS, Row, everyone, only, row

ROUTES: dict[str, Row] = {
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
    "": row("/", everyone()),
    "actualites/flux/": row("/actualites/flux/", everyone()),
    "contact/": row("/contact/", everyone()),
    "contact/merci/": row("/contact/merci/", everyone()),
    "ressources/documents/<int:pk>/<str:name>": row(lambda world: world.resource_file.url, only(*MEMBERS)),
    "plan-du-site/": row("/plan-du-site/", everyone()),
    # Resized pictures are public; a name that no picture has is not found.
    "media/images/<path:path>": row("/media/images/nulle-part.webp", everyone(404)),
}

PAGES: dict[str, Row] = {
    "home": row("/", everyone()),
    "nowhere": row("/cette-page-n-existe-pas/", everyone(404)),
}
