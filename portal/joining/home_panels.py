"""Joining on the members' home page: first steps; for animators, who waits."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.rules import is_animator
from portal.content.panels import HomePanel, PanelAudience, PanelData, register
from portal.joining.models import DismissedSteps
from portal.joining.selectors import registrations_for_list
from portal.joining.steps import progress_of

SHOWN = 3


def _first_steps(request: HttpRequest) -> PanelData | None:
    if DismissedSteps.objects.filter(user=request.user).exists():  # type: ignore[misc]
        return None
    progress = progress_of(request.user)  # type: ignore[arg-type]
    return None if progress.is_complete else {"progress": progress}


def _to_approve(request: HttpRequest) -> PanelData | None:
    if not is_animator(request.user):
        return None
    waiting = list(registrations_for_list(request.user)[: SHOWN + 1])
    return {"registrations": waiting[:SHOWN], "has_more": len(waiting) > SHOWN} if waiting else None


register(
    HomePanel(
        key="first-steps",
        title=_("First steps"),
        order=2,
        template="joining/panels/first_steps.html",
        context=_first_steps,
        audience=PanelAudience.MEMBER,
    )
)
register(
    HomePanel(
        key="accounts-to-approve",
        title=_("Accounts to approve"),
        order=4,
        template="joining/panels/to_approve.html",
        context=_to_approve,
        audience=PanelAudience.MEMBER,
    )
)
