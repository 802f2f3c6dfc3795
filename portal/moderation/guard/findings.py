"""What the guard reports."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class FindingKind(models.TextChoices):
    """What a passage seems to hold; the label completes "This message seems to hold…"."""

    NAME = "name", _("the name of a person")
    PHONE = "phone", _("a phone number")
    EMAIL = "email", _("an e-mail address")
    FILE_NUMBER = "file_number", _("a file or identity number")
    BIRTH = "birth", _("a date of birth")
    ADDRESS = "address", _("the address of a person")
    HEALTH = "health", _("something about the health of a person")


#: What to write instead.
ADVICE = {
    FindingKind.NAME: _("Write “a young woman whom I accompany”, or an initial."),
    FindingKind.PHONE: _("Give the number in private, or that of a switchboard."),
    FindingKind.EMAIL: _("Invite people to write to you through your profile."),
    FindingKind.FILE_NUMBER: _("Remove it: nobody needs it to answer you."),
    FindingKind.BIRTH: _("An age is enough: “a man in his thirties”."),
    FindingKind.ADDRESS: _("The municipality is enough."),
    FindingKind.HEALTH: _("Say what help is looked for, without naming the illness."),
}


@dataclass(frozen=True, order=True)
class Finding:
    """One passage of a text: ``text[start:end]`` is ``excerpt``."""

    start: int
    end: int
    kind: FindingKind
    excerpt: str

    @property
    def message(self) -> str:
        """Say what this seems to be, and what to write instead."""
        return str(ADVICE[self.kind])
