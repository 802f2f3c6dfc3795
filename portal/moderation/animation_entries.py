"""What moderation brings to "Animation"."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.cockpit import declare
from portal.moderation.selectors import open_count
from portal.moderation.undelivered.selectors import dead_letter_count

declare("moderation:queue", _("Moderation"), order=30, count=open_count)
declare("moderation:journal", _("Journal"), order=80)
declare("moderation:undelivered", _("E-mails not delivered"), order=65, count=dead_letter_count)
