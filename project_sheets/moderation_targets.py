"""The decisions on sheets in the journal of moderation."""

from django.utils.translation import gettext_lazy as _

from portal.moderation.journal import declare_action

declare_action("sheets.approve", _("Sheet accepted"))
declare_action("sheets.ask_for_changes", _("Changes of a sheet asked for"))
declare_action("sheets.refuse", _("Sheet refused"))
declare_action("sheets.plan", _("Publication of a sheet put off"))
declare_action("sheets.call_off", _("Publication of a sheet called off"))
declare_action("sheets.create_call", _("Call opened"))
declare_action("sheets.edit_call", _("Call changed"))
declare_action("sheets.archive", _("Sheet archived"))
declare_action("sheets.reopen", _("Sheet put back online"))
