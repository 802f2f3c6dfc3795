"""The forum on the page of an organisation: the discussions in which somebody answered in its name."""

from typing import Any

from django.db.models import F, Max
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from directory.models import Organisation
from directory.panels import OrganisationPanel, PanelData, register
from forum.community.models import Discussion, Message
from forum.community.models.discussions import readable_space_ids
from forum.community.page_cache_rules import AREAS
from forum.community.presentation import rows_of
from forum.community.selectors.discussions import LATEST, for_rows
from portal.core import areas

SHOWN = 5
#: The discussions that it answered last, among which those that somebody wrote in last are shown.
MOST_ANSWERED = 100
#: What visitors' pages that show no answer yet depend on: they are not made anew at each message of the forum.
AREA = "organisation-answers"


def _answered(request: HttpRequest, organisation: Organisation) -> PanelData | None:
    """Return the latest of those that the reader may read; what opens a discussion answers nothing."""
    spaces = readable_space_ids(request.user)
    said = Message.objects.published().filter(organisation=organisation, post__topic__forum__in=spaces)
    answers = said.exclude(post=F("post__topic__first_post")).order_by().values("post__topic")
    latest = answers.annotate(last=Max("pk")).order_by("-last").values_list("post__topic", flat=True)
    # Told which discussions, a database begins with them: asked for them, it goes through all of the forum.
    answered = list(latest[:MOST_ANSWERED])
    if not answered:
        return None
    found = Discussion.objects.visible_to(request.user).filter(pk__in=answered)
    shown = list(for_rows(found).order_by(*LATEST)[:SHOWN])
    return {"rows": rows_of(shown, request.user)} if shown else None


def _on_message(sender: type[Message], instance: Message, **kwargs: Any) -> None:
    if instance.organisation_id is not None:
        areas.invalidate([AREA])


areas.declare(AREA, "community_forum.Space")
post_save.connect(_on_message, sender=Message, dispatch_uid="forum-organisation-answers")
register(
    OrganisationPanel(
        "discussions",
        _("Discussions that it answered"),
        50,
        _answered,
        "community_forum/panels/answered.html",
        (AREA,),
        AREAS,
    )
)
