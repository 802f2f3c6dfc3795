"""What the forum does by itself."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare

declare(
    "forum.pass_on_unanswered",
    every=timedelta(hours=1),
    run="forum.community.services.competence.pass_on_unanswered",
    verbose_name=_("Pass on the questions that nobody has answered"),
)
declare(
    "forum.forget_drafts",
    every=timedelta(days=1),
    run="forum.community.services.drafts.forget_old_drafts",
    verbose_name=_("Forget drafts that nobody has touched for 60 days"),
)
