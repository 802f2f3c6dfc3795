"""The decisions on sheets in the journal of moderation."""

from django.utils.translation import gettext_lazy as _

from portal.moderation.journal import declare_action

declare_action("sheets.approve", _("Sheet accepted"))
declare_action("sheets.ask_for_changes", _("Changes of a sheet asked for"))
declare_action("sheets.refuse", _("Sheet refused"))
declare_action("sheets.archive", _("Sheet archived"))
declare_action("sheets.reopen", _("Sheet put back online"))
