"""Organisations and members."""

from uuid import uuid4

from django.core.files.base import ContentFile

from directory.enums import ImportState
from directory.models import (
    ClaimRequest,
    Correction,
    DuplicatePair,
    ImportJob,
    Organisation,
    OrganisationMessage,
)
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import PDF, World, make_organisation


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

WRITTEN = "/annuaire/structures/structure-porteuse/"
#: An animator of the region where the organisation under claim has its seat.
REGION_TEAM = only("animator", "administrator", others=404) | {"visitor": 302, "member": 403, "lead": 403}
REGION_TEAM |= {"other_lead": 403, "editor": 403}
ANY_ANIMATOR = only("animator", "other_animator", "administrator", others=403) | {"visitor": 302}
#: A form that is posted: its address alone answers nobody.
POSTED = everyone(405) | {"visitor": 405}
DESK = "/animation/structures/"


def claim_page(world: World, below: str = "") -> str:
    return f"{DESK}demandes/{world.things['claim'].uid}/{below}"


def import_page(world: World, below: str = "") -> str:
    return f"{DESK}importer/{world.things['import'].uid}/{below}"


ROUTES |= {
    "annuaire/carte/": row("/annuaire/carte/", everyone()),
    "annuaire/carte/points.geojson": row("/annuaire/carte/points.geojson", everyone()),
    "annuaire/export/<slug:form>/": row("/annuaire/export/csv/", everyone()),
    "annuaire/api/v1/": row("/annuaire/api/v1/", everyone()),
    "annuaire/api/v1/openapi.json": row("/annuaire/api/v1/openapi.json", everyone()),
    "annuaire/api/v1/structures/": row("/annuaire/api/v1/structures/", everyone()),
    "annuaire/api/v1/structures/<uuid:uid>/": row(
        lambda world: f"/annuaire/api/v1/structures/{world.organisation.uid}/", everyone()
    ),
    "annuaire/confirmer/<str:token>/": row("/annuaire/confirmer/faux/", everyone(410)),
    "annuaire/adresse-professionnelle/<str:token>/": row("/annuaire/adresse-professionnelle/faux/", everyone(410)),
    "annuaire/corrections/<uuid:uid>/fermer/": row(
        "/annuaire/corrections/00000000-0000-4000-8000-000000000000/fermer/", POSTED
    ),
    "annuaire/structures/semblables/": row("/annuaire/structures/semblables/?nom=porteuse", everyone()),
    "annuaire/structures/<slug:slug>/ecrire/": row(f"{WRITTEN}ecrire/", everyone()),
    "annuaire/structures/<slug:slug>/ecrire/envoye/": row(f"{WRITTEN}ecrire/envoye/", everyone()),
    "annuaire/structures/<slug:slug>/corriger/": row(f"{WRITTEN}corriger/", everyone()),
    "annuaire/structures/<slug:slug>/corriger/envoye/": row(f"{WRITTEN}corriger/envoye/", everyone()),
    "annuaire/structures/<slug:slug>/gerer/": row(f"{WRITTEN}gerer/", only(*MEMBERS, others=302)),
    # Its editor writes it, and whoever administers; its region's animators would, had it a seat.
    "mon-espace/ma-structure/<slug:slug>/modifier/": row(
        "/mon-espace/ma-structure/structure-porteuse/modifier/",
        {**everyone(404), "visitor": 302, "editor": 200, "administrator": 200},
    ),
    "mon-espace/ma-structure/<slug:slug>/confirmer/": row(
        "/mon-espace/ma-structure/structure-porteuse/confirmer/", POSTED
    ),
    "mon-espace/ma-structure/places/<int:pk>/transmettre/": row(
        lambda world: f"/mon-espace/ma-structure/places/{world.place.pk}/transmettre/",
        {**everyone(404), "visitor": 302, "editor": 403},
    ),
    "animation/structures/ajouter/": row(f"{DESK}ajouter/", ANY_ANIMATOR),
    "animation/structures/demandes/": row(f"{DESK}demandes/", ANY_ANIMATOR),
    "animation/structures/demandes/<uuid:uid>/": row(claim_page, REGION_TEAM),
    "animation/structures/demandes/<uuid:uid>/justificatif/": row(
        lambda world: claim_page(world, "justificatif/"), REGION_TEAM
    ),
    "animation/structures/demandes/<uuid:uid>/accepter/": row(lambda world: claim_page(world, "accepter/"), POSTED),
    "animation/structures/demandes/<uuid:uid>/refuser/": row(lambda world: claim_page(world, "refuser/"), POSTED),
    "animation/structures/corrections/": row(f"{DESK}corrections/", ANY_ANIMATOR),
    "animation/structures/doublons/": row(f"{DESK}doublons/", ANY_ANIMATOR),
    "animation/structures/doublons/<int:pk>/": row(
        lambda world: f"{DESK}doublons/{world.things['pair'].pk}/", REGION_TEAM
    ),
    "animation/structures/doublons/<int:pk>/distinctes/": row(f"{DESK}doublons/1/distinctes/", POSTED),
    "animation/structures/doublons/fusions/<uuid:uid>/annuler/": row(
        f"{DESK}doublons/fusions/00000000-0000-4000-8000-000000000000/annuler/", POSTED
    ),
    "animation/structures/importer/": row(f"{DESK}importer/", ANY_ANIMATOR),
    "animation/structures/importer/modele.csv": row(f"{DESK}importer/modele.csv", ANY_ANIMATOR),
    # An import belongs to whoever sent the file.
    "animation/structures/importer/<uuid:uid>/": row(
        import_page, {**everyone(403), "visitor": 302, "animator": 200, "other_animator": 404, "administrator": 404}
    ),
    "animation/structures/importer/<uuid:uid>/rapport.csv": row(
        lambda world: import_page(world, "rapport.csv"),
        {**everyone(403), "visitor": 302, "animator": 200, "other_animator": 404, "administrator": 404},
    ),
    "animation/structures/importer/<uuid:uid>/ecrire/": row(lambda world: import_page(world, "ecrire/"), POSTED),
    "animation/structures/importer/<uuid:uid>/abandonner/": row(
        lambda world: import_page(world, "abandonner/"), POSTED
    ),
}

#: Read by those who decide, and by nobody else on any page.
SECRETS = {
    "organisation.relay_email": "zsecretrelay@test.example",
    "claim.work_email": "zsecretwork@test.example",
    "claim.message": "zsecretclaim",
    "claim.proof": "zsecretproof",
    "correction.message": "zsecretcorrection",
    "message.email": "zsecretsender@test.example",
    "message.message": "zsecretmessage",
}
NEVER_TOLD = tuple(SECRETS)


def build(world: World) -> None:
    """Add a claimed organisation of the region, its look-alike, a message, a correction and an import."""
    assert world.organisation is not None
    assert world.department is not None
    Organisation.objects.filter(pk=world.organisation.pk).update(relay_email=SECRETS["organisation.relay_email"])
    claimed = make_organisation("Structure revendiquée")
    claimed.seat = world.department
    claimed.save()
    other = make_organisation("Structure revendiquee")
    other.seat = world.department
    other.save()
    claim = ClaimRequest(
        organisation=claimed,
        user=world.users["member"],
        region=world.region,
        message=SECRETS["claim.message"],
        work_email=SECRETS["claim.work_email"],
        proof_name="preuve.pdf",
    )
    claim.proof.save("preuve.pdf", ContentFile(PDF + SECRETS["claim.proof"].encode()))
    pair = {"first": claimed, "second": other, "score": 97, "reasons": ["name"]}
    Correction.objects.create(
        organisation=claimed, region=world.region, message=SECRETS["correction.message"], author=None
    )
    OrganisationMessage.objects.create(
        uid=uuid4(),
        organisation=claimed,
        name="Une personne",
        email=SECRETS["message.email"],
        subject="Question",
        message=SECRETS["message.message"],
    )
    job = ImportJob(owner=world.users["animator"], file_name="structures.csv", state=ImportState.CHECKED)
    job.file.save("structures.csv", ContentFile(b"nom\n"))
    world.things |= {"claim": claim, "pair": DuplicatePair.objects.create(**pair), "import": job}


PAGES: dict[str, Row] = {
    "a member shown to everyone": row(lambda world: member_page(world, "animator"), everyone()),
}
