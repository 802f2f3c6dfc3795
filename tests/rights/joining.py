"""Joining: registration, decisions, invitations."""

from uuid import uuid4

from directory.models import Membership
from portal.joining.models import Registration
from portal.joining.services.invitations import Invitee, invite
from portal.joining.services.registrations import RegistrationData, confirm_registration, receive_registration
from portal.joining.tokens import confirmation_token, invitation_token
from tests.rights.table import MEMBERS, Row, Statuses, everyone, only, row
from tests.support.world import World

#: Who decides on requests, wherever they come from.
DECIDERS: Statuses = {
    **everyone(403),
    "visitor": 302,
    **dict.fromkeys(("animator", "other_animator", "administrator"), 200),
}
#: Nobody of the world manages an organisation: tests/joining/test_invitations.py has those who do.
MANAGERS: Statuses = {**everyone(403), "visitor": 302}
ANIMATION, STRUCTURE = "animation/invitations/", "mon-espace/ma-structure/invitations/"


def _confirm(world: World) -> str:
    return f"/inscription/confirmer/{confirmation_token(world.things['unconfirmed'].uid)}/"


ROUTES: dict[str, Row] = {
    "inscription/": row("/inscription/", {**everyone(302), "visitor": 200}),
    "inscription/envoyee/": row("/inscription/envoyee/", everyone()),
    "inscription/structures/": row("/inscription/structures/?q=structure", everyone()),
    # Members have nothing to wait for: to their first steps; visitors to the sign-in page.
    "inscription/en-attente/": row("/inscription/en-attente/", everyone(302)),
    "inscription/confirmer/<str:token>/": row("/inscription/confirmer/faux/", everyone(404)),
    "invitation/<str:token>/": row("/invitation/faux/", everyone(404)),
    "mon-espace/premiers-pas/": row("/mon-espace/premiers-pas/", only(*MEMBERS, others=302)),
    "animation/comptes/": row("/animation/comptes/", DECIDERS),
    "animation/comptes/<uuid:uid>/": row(
        lambda world: f"/animation/comptes/{world.things['request'].uid}/", {**DECIDERS, "other_animator": 404}
    ),
    **{
        f"animation/comptes/<uuid:uid>/{action}/": row(f"/animation/comptes/{uuid4()}/{action}/", everyone(405))
        for action in ("accepter", "refuser")
    },
    ANIMATION: row(f"/{ANIMATION}", DECIDERS),
    f"{ANIMATION}fichier/": row(f"/{ANIMATION}fichier/", DECIDERS),
    STRUCTURE: row(f"/{STRUCTURE}", MANAGERS),
    f"{STRUCTURE}fichier/": row(f"/{STRUCTURE}fichier/", MANAGERS),
    **{
        f"{desk}{action}": row(f"/{desk}{action.replace('<uuid:uid>', str(uuid4()))}", everyone(405))
        for desk in (ANIMATION, STRUCTURE)
        for action in ("fichier/envoyer/", "<uuid:uid>/renvoyer/", "<uuid:uid>/annuler/")
    },
}

#: Whoever holds the link of a mail reads it, signed in or not: the link is the proof.
PAGES: dict[str, Row] = {
    "joining: a confirmation link": row(_confirm, everyone()),
    "joining: an invitation link": row(
        lambda world: f"/invitation/{invitation_token(world.things['invitation'].uid)}/", everyone()
    ),
}

#: A request is read by the animators of its region alone.
SECRETS = {
    "registration.last_name": "Zsecretasker",
    "registration.message": "zsecretmotive",
    "registration.email": "zsecretasker@test.example",
    "invitation.email": "zsecretinvited@test.example",
    "invitation.last_name": "Zsecretinvited",
}
NEVER_TOLD = list(SECRETS)


def _register(world: World, email: str) -> Registration:
    data = RegistrationData(
        email=email,
        first_name="Personne",
        last_name=SECRETS["registration.last_name"],
        job_title="",
        message=SECRETS["registration.message"],
        password="",
        region=world.region,
    )
    return receive_registration(uid=uuid4(), data=data)


def build(world: World) -> None:
    """Add somebody who waits for the animators of the first region, somebody unconfirmed, an open invitation."""
    request = _register(world, SECRETS["registration.email"])
    world.things["request"] = confirm_registration(uid=request.uid, keep_password=False)
    world.things["unconfirmed"] = _register(world, "zsecretlater@test.example")
    invitee = Invitee(
        SECRETS["invitation.email"],
        "Personne",
        SECRETS["invitation.last_name"],
        organisation=world.organisation,
        role=Membership.Role.MEMBER,
    )
    [world.things["invitation"]] = invite(invitees=[invitee], by=world.users["animator"]).sent
