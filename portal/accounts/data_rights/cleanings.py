"""What an erasure does besides the declared records: names that stand in somebody else's."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry

from portal.accounts.models import User
from portal.accounts.personal_data import Person
from portal.mail.models import OutboxMessage


def forget_mails_about(person: Person) -> None:
    """Delete the mails to others that give an address of ``person``: the contact form's, for instance."""
    about = Q(pk__in=[])
    for email in person.emails:
        about |= Q(text__icontains=email) | Q(reply_to__iexact=email) | Q(last_error__icontains=email)
    OutboxMessage.objects.filter(about).delete()


def forget_names_in_journals(person: Person) -> None:
    """Take the name out of the lines that say what was done to the account of ``person``."""
    accounts = ContentType.objects.get_for_model(User)
    lines = ModelLogEntry.objects.filter(content_type=accounts, object_id=str(person.account.pk))
    lines.update(label="", data={})
