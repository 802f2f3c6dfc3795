"""What search brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare

declare("search:unanswered", _("Questions without a result"), order=75)
