"""What people are told, what they follow, what animators announce."""

from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.services import send_announcement
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from portal.notifications.selectors import subscriptions_to
from portal.notifications.services import follow
from portal.notifications.tokens import Scope, unsubscribe_path
from tests.rights.table import MEMBERS, Row, everyone, only, row
from tests.support.world import World

SECRETS = {"announcement.title": "zsecretannouncement"}
ANIMATORS = ("animator", "other_animator", "administrator")
#: A member who is no animator is told what to do; a visitor goes to sign-in.
FOR_ANIMATORS = {**only(*ANIMATORS, others=403), "visitor": 302}
OF_THE_REGION = {**FOR_ANIMATORS, "other_animator": 404}


def build(world: World) -> None:
    """Add an announcement of the region that has left, and what the member follows."""
    follow(user=world.users["member"], target=world.theme)
    world.things["subscription"] = subscriptions_to(world.theme).get(user=world.users["member"])
    announcement = Announcement.objects.create(
        author=world.users["animator"], title=SECRETS["announcement.title"], body="Un texte", region=world.region
    )
    draft = Announcement.objects.create(
        author=world.users["animator"], title="Brouillon", body="-", region=world.region
    )
    world.users["member"].profile.territories.add(world.region)
    send_announcement(announcement=announcement)
    fan_out_due()
    world.things["announcement"], world.things["announcement_draft"] = announcement, draft
    world.things["notification"] = Notification.objects.get(user=world.users["member"], title=announcement.title)


def _announcement(below: str = "", name: str = "announcement") -> Row:
    def path(world: World) -> str:
        return f"/animation/annonces/{world.things[name].uid}/{below}"

    return row(path, everyone(405) if below and below != "modifier/" else OF_THE_REGION)


ROUTES: dict[str, Row] = {
    "notifications/": row("/notifications/", only(*MEMBERS, others=302)),
    "notifications/compte/": row("/notifications/compte/", only(*MEMBERS, others=302)),
    "notifications/tout-lu/": row("/notifications/tout-lu/", everyone(405)),
    "notifications/suivre/": row("/notifications/suivre/", everyone(405)),
    "notifications/<int:pk>/": row(
        lambda world: f"/notifications/{world.things['notification'].pk}/",
        {**everyone(404), "visitor": 302, "member": 302},
    ),
    "mon-espace/mes-abonnements/": row("/mon-espace/mes-abonnements/", only(*MEMBERS, others=302)),
    "mon-espace/mes-abonnements/<int:pk>/": row(
        lambda world: f"/mon-espace/mes-abonnements/{world.things['subscription'].pk}/", everyone(405)
    ),
    "mon-espace/mes-courriels/": row("/mon-espace/mes-courriels/", only(*MEMBERS, others=302)),
    "mon-espace/mes-courriels/adresse/": row("/mon-espace/mes-courriels/adresse/", everyone(405)),
    # Whoever has the address may unsubscribe with it: mail programs do so for their owner.
    "desabonnement/<str:token>/": row(
        lambda world: unsubscribe_path(world.users["member"], Scope("weekly")), everyone()
    ),
    "animation/annonces/": row("/animation/annonces/", FOR_ANIMATORS),
    "animation/annonces/nouvelle/": row("/animation/annonces/nouvelle/", FOR_ANIMATORS),
    "animation/annonces/<uuid:uid>/": _announcement(),
    "animation/annonces/<uuid:uid>/modifier/": _announcement("modifier/", "announcement_draft"),
    "animation/annonces/<uuid:uid>/essai/": _announcement("essai/"),
    "animation/annonces/<uuid:uid>/envoyer/": _announcement("envoyer/"),
    "animation/annonces/<uuid:uid>/programmer/": _announcement("programmer/"),
    "animation/annonces/<uuid:uid>/deprogrammer/": _announcement("deprogrammer/"),
    "animation/annonces/<uuid:uid>/supprimer/": _announcement("supprimer/"),
    # Those to whom it was sent, and who animate its region; not the animator who wrote it from elsewhere.
    "notifications/annonces/<uuid:uid>/": row(
        lambda world: f"/notifications/annonces/{world.things['announcement'].uid}/",
        {
            **everyone(404),
            "visitor": 302,
            "member": 200,
            "lead": 200,
            "animator": 200,
            "administrator": 200,
        },
    ),
    "notifications/annonces/<uuid:uid>/lien/": row(
        lambda world: f"/notifications/annonces/{world.things['announcement'].uid}/lien/", everyone(302)
    ),
}

PAGES: dict[str, Row] = {
    "a forged address of unsubscription": row("/desabonnement/faux/", everyone(404)),
}
