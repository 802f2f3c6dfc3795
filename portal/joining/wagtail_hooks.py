"""Joining in the journal of Wagtail."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def joining_actions(actions: LogActionRegistry) -> None:
    """Name the decisions on people who asked to join."""
    actions.register_action("joining.approve", _("Admit a member"), _("Account approved"))
    actions.register_action("joining.refuse", _("Refuse a request to join"), _("Account refused"))
