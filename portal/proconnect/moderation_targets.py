"""The acts of ProConnect in the journal."""

from django.utils.translation import gettext_lazy as _

from portal.moderation.journal import declare_action

declare_action("proconnect.trust", _("Domain trusted"))
declare_action("proconnect.distrust", _("Domain no longer trusted"))
