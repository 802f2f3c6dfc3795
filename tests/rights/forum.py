"""Discussions."""

from typing import Any

from django.core.files.base import ContentFile

from forum.community.enums import Access
from forum.community.models import Draft, Message
from forum.community.services.files import keep_file
from forum.community.services.moderating import sanction
from forum.community.services.settling import cite, mark_helpful
from forum.community.services.spaces import open_space
from forum.community.services.writing import Writing, ask_question, reply
from tests.factories import ResourceIndexPageFactory
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import World

#: A visitor meets none of these; an ordinary member meets those that are for all members.
SECRETS = {
    "forum.members_title": "Zsecretforumtitle",
    "forum.members_text": "zsecretforumtext",
    "forum.members_answer": "zsecretforumanswer",
    "forum.members_file": "zsecretforumfile.pdf",
    "forum.circle_text": "zsecretcircletext",
    "forum.waiting_text": "zsecretwaitingtext",
    "forum.anonymous_author": "Zsecretanonymous",
}
#: Of a circle, before a moderator has read it, or known to moderators alone.
NEVER_TOLD = ("forum.circle_text", "forum.waiting_text", "forum.anonymous_author")
ENTRANCES = ("/forum/", "/forum/toutes/", "/forum/logement-essai/", "/forum/logement-essai/flux/")
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"

MODERATORS = ("animator", "administrator")
ANIMATORS = ("animator", "other_animator", "administrator")


def build(world: World) -> None:
    """Open a space for everyone, one for members, one for a circle, and plant the secrets."""
    users, things = world.users, world.things
    ResourceIndexPageFactory()  # What a solved discussion may become a resource of.
    spaces = {
        "open": open_space(name="Logement", slug="logement-essai", theme=world.theme, region=world.region),
        "members": open_space(name="Entre membres", slug="membres-essai", access=Access.MEMBERS),
        "circle": open_space(name="Lauréats", slug="laureats-essai", access=Access.CIRCLE, circle="laureates:none"),
        "read_first": open_space(name="Lu d’abord", slug="lu-essai", needs_approval=True),
    }

    def ask(space: str, author: str, subject: str, text: str, **values: Any) -> Any:
        return ask_question(author=users[author], space=spaces[space], subject=subject, writing=Writing(text, **values))

    things["discussion"] = ask("open", "member", "Une question publique", "Une **question** lue par tous.")
    things["answer"] = reply(
        author=users["lead"], discussion=things["discussion"], writing=Writing("Une réponse lue par tous.")
    )
    mark_helpful(message=things["answer"], by=users["member"])
    cite(topic=things["discussion"].topic, key=f"sheet:{world.sheet.pk}", by=users["member"])
    hidden = make_anonymous(world)
    ask_question(
        author=hidden, space=spaces["open"], subject="Une question anonyme", writing=Writing("Texte", is_anonymous=True)
    )
    draft = Draft.objects.create(user=users["lead"], key="question")
    kept = keep_file(draft=draft, upload=ContentFile(PDF, name=SECRETS["forum.members_file"]))
    members = ask_question(
        author=users["lead"],
        space=spaces["members"],
        subject=SECRETS["forum.members_title"],
        writing=Writing(SECRETS["forum.members_text"], files=[kept]),
    )
    things["members_discussion"] = members
    things["file"] = members.topic.first_post.attachments.get()
    reply(author=users["editor"], discussion=members, writing=Writing(SECRETS["forum.members_answer"]))
    things["circle_discussion"] = ask("circle", "animator", "Entre lauréats", SECRETS["forum.circle_text"])
    things["waiting"] = ask("read_first", "lead", "Une question qui attend", SECRETS["forum.waiting_text"])
    things["suspension"] = sanction(user=hidden, by=users["animator"], kind="suspension", reason="Propos contraires")
    things["space"] = spaces["open"]


def make_anonymous(world: World) -> Any:
    """Create the member who writes anonymously; their profile is in no list."""
    from directory.models import Profile
    from tests.support.world import make_user

    user = make_user("anonymous", first_name=SECRETS["forum.anonymous_author"])
    Profile.objects.filter(user=user).update(is_listed=False)
    return user


def address(name: str, below: str = "") -> Any:
    return lambda world: f"{fresh(world.things[name]).get_absolute_url()}{below}"


def fresh(discussion: Any) -> Any:
    return type(discussion).objects.select_related("topic__forum__space").get(pk=discussion.pk)


def of_discussion(below: str) -> Any:
    return lambda world: f"/forum/discussions/{world.things['discussion'].pk}/{below}"


def of_answer(below: str = "") -> Any:
    return lambda world: f"/forum/messages/{world.things['answer'].pk}/{below}"


def waiting_message(world: World) -> str:
    return f"/forum/messages/{Message.objects.get(post__topic=world.things['waiting'].pk).pk}/"


#: Members alone; visitors are led to sign in.
MINE = only(*MEMBERS, others=302)
#: What only changes: an address that is opened does nothing.
POSTS = {**everyone(405)}
ACTS = {**only(*MODERATORS, others=403), "visitor": 302}
ANIMATION = {**only(*ANIMATORS, others=403), "visitor": 302}
ADMINISTRATION = {**only("administrator", others=403), "visitor": 302}

ROUTES: dict[str, Row] = {
    "forum/": row("/forum/", everyone()),
    "forum/toutes/": row("/forum/toutes/", everyone()),
    "forum/sans-reponse/": row("/forum/sans-reponse/", everyone()),
    "forum/non-lues/": row("/forum/non-lues/", MINE),
    "forum/non-lues/tout-lu/": row("/forum/non-lues/tout-lu/", POSTS),
    "forum/suivies/": row("/forum/suivies/", MINE),
    "forum/mes-discussions/": row("/forum/mes-discussions/", MINE),
    "forum/favoris/": row("/forum/favoris/", MINE),
    "forum/poser-une-question/": row("/forum/poser-une-question/", MINE),
    "forum/discussions-proches/": row("/forum/discussions-proches/?q=logement", MINE),
    "forum/brouillon/": row("/forum/brouillon/", POSTS),
    "forum/mentions/": row("/forum/mentions/?q=lead", MINE),
    "forum/repondre-aux-questions/": row("/forum/repondre-aux-questions/", MINE),
    "forum/pieces-jointes/<uuid:uid>/": row(
        lambda world: f"/forum/pieces-jointes/{world.things['file'].uid}/", only(*MEMBERS)
    ),
    "forum/messages/<int:pk>/": row(of_answer(), everyone(302)),
    "forum/messages/<int:pk>/historique/": row(of_answer("historique/"), everyone()),
    # Its author and the region's moderators; the others are told that they may not.
    "forum/messages/<int:pk>/modifier/": row(
        of_answer("modifier/"), {**only("lead", *MODERATORS, others=403), "visitor": 302}
    ),
    "forum/messages/<int:pk>/supprimer/": row(
        of_answer("supprimer/"), {**only("lead", *MODERATORS, others=403), "visitor": 302}
    ),
    "forum/messages/<int:pk>/utile/": row(of_answer("utile/"), POSTS),
    "forum/messages/<int:pk>/aide/": row(of_answer("aide/"), POSTS),
    "forum/messages/<int:pk>/publier/": row(of_answer("publier/"), POSTS),
    "forum/messages/<int:pk>/retirer/": row(of_answer("retirer/"), ACTS),
    "forum/messages/<int:pk>/sanction/": row(of_answer("sanction/"), ACTS),
    "forum/discussions/<int:pk>/favori/": row(of_discussion("favori/"), POSTS),
    "forum/discussions/<int:pk>/resolue/": row(of_discussion("resolue/"), POSTS),
    "forum/discussions/<int:pk>/relier/": row(of_discussion("relier/"), MINE),
    "forum/discussions/<int:pk>/sondage/": row(of_discussion("sondage/"), POSTS),
    "forum/discussions/<int:pk>/fermer/": row(of_discussion("fermer/"), POSTS),
    "forum/discussions/<int:pk>/rang/": row(of_discussion("rang/"), POSTS),
    "forum/discussions/<int:pk>/deplacer/": row(of_discussion("deplacer/"), ACTS),
    "forum/discussions/<int:pk>/fusionner/": row(of_discussion("fusionner/"), ACTS),
    "forum/discussions/<int:pk>/scinder/": row(of_discussion("scinder/"), ACTS),
    "forum/discussions/<int:pk>/ressource/": row(of_discussion("ressource/"), ACTS),
    "forum/<slug:slug>/": row("/forum/logement-essai/", everyone()),
    "forum/<slug:slug>/flux/": row("/forum/logement-essai/flux/", everyone()),
    "forum/<slug:slug>/<int:pk>-<slug:title>/": row(address("discussion"), everyone()),
    "forum/<slug:slug>/<int:pk>-<slug:title>/repondre/": row(address("discussion", "repondre/"), everyone(302)),
    "animation/forum/": row("/animation/forum/", ANIMATION),
    "animation/forum/sans-reponse/": row("/animation/forum/sans-reponse/", ANIMATION),
    "animation/forum/sanctions/": row("/animation/forum/sanctions/", ANIMATION),
    "animation/forum/sanctions/<int:pk>/lever/": row(
        lambda world: f"/animation/forum/sanctions/{world.things['suspension'].pk}/lever/", POSTS
    ),
    "animation/forum/espaces/": row("/animation/forum/espaces/", ANIMATION),
    "animation/forum/espaces/ouvrir/": row("/animation/forum/espaces/ouvrir/", ADMINISTRATION),
    "animation/forum/espaces/<int:pk>/": row(
        lambda world: f"/animation/forum/espaces/{world.things['space'].pk}/", ADMINISTRATION
    ),
    "animation/forum/espaces/<int:pk>/deplacer/": row(
        lambda world: f"/animation/forum/espaces/{world.things['space'].pk}/deplacer/", POSTS
    ),
}

PAGES: dict[str, Row] = {
    "a space for members": row("/forum/membres-essai/", only(*MEMBERS)),
    "a discussion of members": row(address("members_discussion"), only(*MEMBERS)),
    "the feed of a space for members": row("/forum/membres-essai/flux/", everyone(404)),
    # Animators read every space; laureates of that call would too.
    "a space for a circle": row("/forum/laureats-essai/", only(*ANIMATORS)),
    "a discussion of a circle": row(address("circle_discussion"), only(*ANIMATORS)),
    # Its author and moderators; it belongs to no region, so every animator moderates it.
    "a discussion that waits for a moderator": row(address("waiting"), only("lead", *ANIMATORS)),
    "a message that waits for a moderator": row(waiting_message, only("lead", *ANIMATORS, status=302)),
}
