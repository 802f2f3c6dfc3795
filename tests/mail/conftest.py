"""A message that belongs to these tests alone, and one call that sends what waits."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.mail import kinds
from portal.mail.delivery import deliver_due
from portal.mail.models import OutboxMessage
from portal.mail.services import queue_mail
from portal.mail.transport import TransportDownError

BODY = """\
Bonjour {{ name }},

l'équipe a lu « {{ title }} » :

- un premier point ;
- un second & dernier point.

> une phrase citée
"""


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Declare two kinds for the length of a test, with the template that they share."""
    folder = tmp_path_factory.mktemp("templates") / "tests" / "mail"
    folder.mkdir(parents=True)
    for name in ("step", "news", "bare"):
        (folder / f"{name}.txt").write_text(BODY, encoding="utf-8")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], folder.parent.parent]}]
    monkeypatch.setattr(kinds.mail_kinds, "_entries", dict(kinds.mail_kinds._entries))

    def sample() -> dict[str, str]:
        return {"name": "Prénom", "title": "Un titre"}

    kinds.declare("tests.step", subject="À propos de %(title)s", action="Ouvrir", reason="Vous essayez.", sample=sample)
    kinds.declare("tests.bare", subject="Une information", reason="Vous essayez.", sample=sample)
    kinds.declare(
        "tests.news",
        subject="Du nouveau",
        action="Lire",
        reason="Vous suivez %(title)s.",
        sample=sample,
        category="digest",
    )


@pytest.fixture
def queue(db: None) -> Callable[..., OutboxMessage]:
    """Queue a message of the tests; every part may be replaced."""

    def call(kind: str = "tests.step", **changes: Any) -> OutboxMessage:
        values = {
            "to": "membre@test.example",
            "key": "essai:1",
            "context": {"name": "Camille", "title": "Mobilité"},
            "url": "" if kind == "tests.bare" else "https://portail.example/page/",
        }
        return queue_mail(kind, **values | changes)

    return call


@pytest.fixture
def deliver() -> Callable[[], int]:
    """Send what is due; a server that is down is no error here."""

    def call() -> int:
        try:
            return deliver_due()
        except TransportDownError:
            return 0

    return call
