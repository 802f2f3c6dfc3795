"""The forum on the home page: recent questions, and those that wait for the member."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from forum.community.models import AnswerRequest, Discussion
from forum.community.page_cache_rules import AREAS
from forum.community.presentation import rows_of
from forum.community.selectors.discussions import for_rows
from portal.content.panels import HomePanel, PanelAudience, PanelData, register
from portal.core.remember import remembered

SHOWN = 4


def _recent(request: HttpRequest) -> PanelData | None:
    return recent_questions()


@remembered(*AREAS)
def recent_questions() -> PanelData | None:
    """Return the latest questions that everyone reads, the same for every reader."""
    found = Discussion.objects.visible_to(AnonymousUser()).filter(is_question=True)
    rows = rows_of(list(for_rows(found).order_by("-topic__created", "-topic__first_post_id")[:SHOWN]), AnonymousUser())
    return {"rows": rows} if rows else None


def _asked_of_me(request: HttpRequest) -> PanelData | None:
    """Return the questions that this member was asked to look at and that still wait."""
    asked = list(AnswerRequest.objects.filter(user=request.user).values_list("topic_id", flat=True))
    if not asked:
        return None
    waiting = Discussion.objects.visible_to(request.user).unanswered().filter(pk__in=asked)
    rows = rows_of(list(for_rows(waiting).order_by("topic__created")[:SHOWN]), request.user)
    return {"rows": rows} if rows else None


register(
    HomePanel(
        key="forum-asked",
        title=_("Questions that wait for you"),
        order=8,
        template="community_forum/panels/home.html",
        context=_asked_of_me,
        audience=PanelAudience.MEMBER,
    )
)
register(
    HomePanel(
        key="forum-recent",
        title=_("Recent questions"),
        order=40,
        template="community_forum/panels/home.html",
        context=_recent,
        areas=AREAS,
        is_shared=True,
    )
)
