"""What can be reported in the forum, and the acts that its journal holds."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forum.community.models import Message
from forum.community.services.moderating import withhold
from portal.accounts.models import User
from portal.moderation.journal import declare_action
from portal.moderation.reports import declare_reportable


def _url(message: Message) -> str:
    return reverse("community_forum:message", args=[message.pk])


def _region_id(message: Message) -> int | None:
    return message.post.topic.discussion.region_id


def _hide(message: Message, *, by: User, reason: str) -> None:
    withhold(message=message, by=by, reason=reason)


declare_reportable(
    "community_forum.Message",
    label=_("Message of the forum"),
    visible=Message.objects.visible_to,
    url=_url,
    region_id=_region_id,
    hide=_hide,
)
for name, label in (
    ("approve", _("message published")),
    ("refuse", _("message refused")),
    ("remove", _("message withdrawn")),
    ("delete", _("message deleted")),
    ("lock", _("discussion closed")),
    ("unlock", _("discussion opened again")),
    ("pin", _("discussion pinned")),
    ("announce", _("discussion announced")),
    ("unpin", _("discussion no longer at the top")),
    ("move", _("discussion moved")),
    ("merge", _("discussion merged")),
    ("split", _("discussion split")),
    ("resource", _("resource drafted from a discussion")),
    ("warning", _("member warned")),
    ("suspension", _("member suspended")),
    ("lift", _("suspension lifted")),
):
    declare_action(f"forum.{name}", label)
