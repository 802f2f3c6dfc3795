"""What comes back by itself: alerts, housekeeping, an index that follows the rules of analysis."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare
from search.files import forget_gone
from search.indexing import rebuild_if_outdated
from search.services import forget_unanswered, send_alerts

declare("search.alerts", every=timedelta(minutes=15), run=send_alerts, verbose_name=_("Alerts of saved searches"))
declare(
    "search.forget",
    every=timedelta(days=1),
    run=forget_unanswered,
    verbose_name=_("Forget questions without a result"),
)
declare("search.files", every=timedelta(days=1), run=forget_gone, verbose_name=_("Forget the words of deleted files"))
declare(
    "search.rebuild",
    every=timedelta(hours=1),
    run=rebuild_if_outdated,
    verbose_name=_("Rebuild the search index where its rules have changed"),
)
