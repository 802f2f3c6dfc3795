"""What the demonstration's people follow and were told, and the announcements of the team."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.animation.demo.accounts import DOMAIN
from portal.animation.demo.tools import Say, demo_uid, tell, territory, themes
from portal.notifications.announcements.enums import State
from portal.notifications.announcements.models import Announcement
from portal.notifications.announcements.services import send_announcement
from portal.notifications.services import follow

#: Role → the themes that it follows.
FOLLOWED = {
    "membre": ("logement", "mobilite"),
    "porteur": ("garde-enfants", "langue-francaise"),
    "structure": ("logement",),
}
SENT = (
    "Session Lab IPR : proposez votre sujet",
    """\
La prochaine Session Lab réunit les porteurs de projets de l’appel « Intégration professionnelle des réfugiés ».

Le matin est ouvert à tous ; l’après-midi, les lauréats travaillent entre eux.

- proposez un sujet que vous voulez mettre au travail ;
- soutenez ceux des autres ;
- inscrivez vos collègues.""",
    "/agenda/",
)
DRAFT = ("Mettez vos fiches projet à jour", "Une relecture de cinq minutes suffit : dates, référents, résultats.", "")


def load_attention(say: Say) -> None:
    """Follow themes, send one announcement and leave one as a draft; adds what is missing."""
    users = {user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith=f"@{DOMAIN}")}
    with transaction.atomic():
        for role, slugs in FOLLOWED.items():
            if role in users:
                for theme in themes(slugs):
                    follow(user=users[role], target=theme)
        added = sum(_announce(users["animateur"], *made) for made in (("sent", *SENT), ("draft", *DRAFT)))
    tell(say, added, 2)


def _announce(author: User, key: str, title: str, body: str, link: str) -> bool:
    announcement, is_new = Announcement.objects.get_or_create(
        uid=demo_uid("announcement", key),
        defaults={
            "author": author,
            "region": territory("reg-53"),
            "title": title,
            "body": body,
            "link_url": link,
            "created_at": timezone.now() - timedelta(hours=2),
        },
    )
    if is_new and key == "sent" and announcement.state == State.DRAFT:
        send_announcement(announcement=announcement)
    return is_new
