"""Reads of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import QuerySet

from portal.mail.enums import MailStatus
from portal.mail.kinds import MailKind, mail_kinds
from portal.mail.models import AddressMark, OutboxMessage
from portal.mail.rendering import filled, subject_of


@dataclass(frozen=True)
class KindLine:
    """One declared message, filled with its sample."""

    kind: MailKind
    subject: str
    reason: str


@dataclass(frozen=True)
class KindGroup:
    """The messages of one app, for the page that lists them all."""

    label: str
    lines: tuple[KindLine, ...]


def kinds_by_app() -> list[KindGroup]:
    """Return every declared message under the name of its app, in the order of the apps."""
    names = {config.label: str(config.verbose_name) for config in apps.get_app_configs()}
    found: dict[str, list[KindLine]] = {}
    for kind in mail_kinds:
        sample = kind.sample()
        line = KindLine(kind, subject_of(str(kind.subject), sample), filled(str(kind.reason), sample))
        found.setdefault(kind.name.partition(".")[0], []).append(line)
    return [KindGroup(names.get(label, label), tuple(lines)) for label, lines in found.items()]


def dead_messages() -> QuerySet[OutboxMessage]:
    """Return what was given up and may be sent again, without its content."""
    dead = OutboxMessage.objects.filter(status=MailStatus.DEAD, purged_at=None)
    return dead.defer("text", "html", "attachments")


def blocked_addresses(addresses: Iterable[str]) -> set[str]:
    """Return, in lower case, those of ``addresses`` that receive the mails of their account alone."""
    asked = {address.lower() for address in addresses}
    marked = AddressMark.objects.filter(address__in=asked).exclude(marked_at=None)
    return set(marked.values_list("address", flat=True))
