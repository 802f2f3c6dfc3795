"""Writing sheets, reviewing them, keeping them right."""

from tests.rights.table import Row, Statuses, everyone, only, row
from tests.support.world import World

MINE, REVIEW = "mon-espace/mes-fiches/", "animation/a-valider/"
WRITERS = ("lead", "editor", "animator", "administrator")
#: The sheet is public: whoever has signed in and does not write it is told what to do.
WRITES: Statuses = {**only(*WRITERS, others=403), "visitor": 302}
POSTS: Statuses = {**everyone(405), "visitor": 405}


def mine(below: str) -> Row:
    return row(lambda world: f"/{MINE}{world.sheet.uid}/{below}", WRITES)


def build(world: World) -> None:
    from project_sheets.editing.services import invite_colleague
    from project_sheets.living.services import propose_correction

    world.things["sheet_invitation"] = invite_colleague(
        sheet=world.sheet,
        by=world.users["lead"],
        email=world.users["member"].email,
        hands_over=False,
        on_behalf_of=None,
    )
    world.things["sheet_correction"] = propose_correction(sheet=world.sheet, text="zkeptcorrection")


ROUTES: dict[str, Row] = {
    MINE: row(f"/{MINE}", {**everyone(), "visitor": 302}),
    f"{MINE}nouvelle/": row(f"/{MINE}nouvelle/", {**everyone(), "visitor": 302}),
    # An invitation answers to whom it was sent, and to nobody else.
    f"{MINE}invitations/<uuid:uid>/": row(
        lambda world: f"/{MINE}invitations/{world.things['sheet_invitation'].uid}/",
        {**only("member"), "visitor": 302},
    ),
    f"{MINE}<uuid:uid>/": mine(""),
    f"{MINE}<uuid:uid>/proposer/": mine("proposer/"),
    f"{MINE}<uuid:uid>/apercu/": mine("apercu/"),
    f"{MINE}<uuid:uid>/fichiers/<uuid:file_uid>/": row(
        lambda world: f"/{MINE}{world.sheet.uid}/fichiers/{world.document.uid}/", WRITES
    ),
    f"{MINE}<uuid:uid>/historique/": mine("historique/"),
    f"{MINE}<uuid:uid>/historique/<int:pk>/": row(
        lambda world: f"/{MINE}{world.sheet.uid}/historique/{world.sheet.latest_revision_id}/", WRITES
    ),
    f"{MINE}<uuid:uid>/referents/": mine("referents/"),
    f"{MINE}<uuid:uid>/corrections/": mine("corrections/"),
    f"{MINE}<uuid:uid>/<slug:slug>/": mine("financement/"),
    **{
        f"{MINE}<uuid:uid>/{route}": row(lambda world, path=path: f"/{MINE}{world.sheet.uid}/{path}", POSTS)
        for route, path in (
            ("reprendre/", "reprendre/"),
            ("referents/<int:pk>/retirer/", "referents/1/retirer/"),
            ("commentaires/<int:pk>/", "commentaires/1/"),
            ("confirmer/", "confirmer/"),
        )
    },
    f"{MINE}<uuid:uid>/invitations/<uuid:invitation_uid>/retirer/": row(
        lambda world: f"/{MINE}{world.sheet.uid}/invitations/{world.things['sheet_invitation'].uid}/retirer/", POSTS
    ),
    f"{MINE}<uuid:uid>/corrections/<uuid:correction_uid>/": row(
        lambda world: f"/{MINE}{world.sheet.uid}/corrections/{world.things['sheet_correction'].uid}/", POSTS
    ),
    REVIEW: row(f"/{REVIEW}", {**only("animator", "other_animator", "administrator", others=403), "visitor": 302}),
    # A sheet of another region does not exist for its animators.
    f"{REVIEW}<uuid:uid>/": row(
        lambda world: f"/{REVIEW}{world.sheet.uid}/",
        {**only("animator", "administrator", others=403), "visitor": 302, "other_animator": 404},
    ),
    **{
        f"{REVIEW}<uuid:uid>/{verb}/": row(lambda world, verb=verb: f"/{REVIEW}{world.sheet.uid}/{verb}/", POSTS)
        for verb in (
            *("publier", "corrections", "refuser", "commenter", "archiver", "remettre-en-ligne"),
            *("date", "publier-maintenant", "annuler-la-publication"),
        )
    },
    "fiches/confirmer/<str:token>/": row("/fiches/confirmer/faux/", everyone(404)),
    "projets/<slug:region_slug>/<slug:slug>/corriger/": row("/projets/bretagne/projet-public/corriger/", everyone()),
}

PAGES: dict[str, Row] = {
    # Whoever does not write a draft does not learn that there is one.
    "a draft’s form": row(lambda world: f"/{MINE}{world.draft.uid}/", {**only(*WRITERS, others=404), "visitor": 302}),
}
KEPT_FROM_MEMBERS = {"correction.text": "zkeptcorrection"}
