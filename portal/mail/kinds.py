"""Every message that the portal can write: apps declare theirs in ``mails.py``.

A kind has a subject, a body template of plain text, at most one action and the reason why one
receives it; the layout of the theme does the rest.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.core.registry import Registry
from portal.mail.enums import MailCategory

Text = str | Promise
#: Longer subjects are cut on telephones.
SUBJECT_LENGTH = 60
_NAME = re.compile(r"[a-z_]+\.[a-z0-9_]+")


@dataclass(frozen=True)
class MailKind:
    """One declared message; see ``declare`` for its parts."""

    name: str
    subject: Text
    action: Text
    reason: Text
    sample: Callable[[], dict[str, Any]]
    category: MailCategory

    @property
    def template_name(self) -> str:
        """Return the body's template: ``accounts.confirm_address`` is ``accounts/mail/confirm_address.txt``."""
        return "{}/mail/{}.txt".format(*self.name.split("."))


mail_kinds: Registry[MailKind] = Registry("mail kinds")


def declare(
    name: str,
    *,
    subject: Text,
    action: Text = "",
    reason: Text,
    sample: Callable[[], dict[str, Any]],
    category: str = MailCategory.ACCOUNT,
) -> MailKind:
    """Declare the message ``name``, "app.message", whose body is ``<app>/mail/<message>.txt``.

    The body is a Django template of plain text: a blank line between paragraphs, "- " before the
    lines of a list ("- title <address>" makes a link to the portal), "> " before quoted ones;
    neither HTML nor the button's address in it, and nothing is escaped. ``subject`` and ``reason``
    may hold %(name)s, filled from the context of each message; ``action`` labels the only button.
    ``sample`` returns a context, of invented values, for the preview that animators read.

    Raises ValueError for a malformed or taken name, or an unknown category. A system check reads
    what needs the French catalogue: subjects of 60 signs at most, templates that render.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not of the form app.message")
    return mail_kinds.register(name, MailKind(name, subject, action, reason, sample, MailCategory(category)))
