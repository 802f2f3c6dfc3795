"""Publications that were planned for a day and an hour."""

from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Page, Revision


def publish_planned_sheets() -> None:
    """Publish the pages whose planned moment has come, and take down those whose end has.

    Wagtail's own command does both for every page; it is called only when there is something to do.
    """
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lt=now).exists()
    if due or Page.objects.live().filter(expire_at__lt=now).exists():
        call_command("publish_scheduled")
