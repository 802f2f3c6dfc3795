"""Housekeeping of the outbox."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.core.schedule import declare
from portal.mail.marks import read_return_mailbox
from portal.mail.services import purge_contents

declare("mail.purge", every=timedelta(days=1), run=purge_contents, verbose_name=_("Delete the contents of old e-mails"))
declare(
    "mail.returns",
    every=timedelta(minutes=5),
    run=read_return_mailbox,
    verbose_name=_("Read the reports of undelivered e-mails"),
)
