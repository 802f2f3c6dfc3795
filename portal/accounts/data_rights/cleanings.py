"""What an erasure does besides the declared records: names that stand in somebody else's."""

import re

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry

from portal.accounts.models import User
from portal.accounts.personal_data import Person
from portal.mail.models import OutboxMessage


def forget_mails_about(person: Person) -> None:
    """Delete the mails to others that give an address of ``person``: the contact form's, for instance."""
    for email in person.emails:
        about = Q(text__icontains=email) | Q(reply_to__iexact=email) | Q(last_error__icontains=email)
        # The whole address: "marie@x.fr" holds "ie@x.fr" and is somebody else's.
        whole = re.compile(rf"(?<![\w.+-]){re.escape(email)}(?![\w-]|\.\w)", re.IGNORECASE)
        rows = OutboxMessage.objects.filter(about).values_list("pk", "text", "reply_to", "last_error")
        theirs = [pk for pk, *texts in rows.iterator() if any(whole.search(text or "") for text in texts)]
        OutboxMessage.objects.filter(pk__in=theirs).delete()


def forget_names_in_journals(person: Person) -> None:
    """Take the name out of the lines that say what was done to the account of ``person``."""
    accounts = ContentType.objects.get_for_model(User)
    lines = ModelLogEntry.objects.filter(content_type=accounts, object_id=str(person.account.pk))
    lines.update(label="", data={})
