"""A kind and a followable thing that belong to these tests alone: themes, which all members see."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from portal.accounts.models import User
from portal.notifications import follows, kinds
from portal.notifications.enums import Rhythm
from portal.notifications.follows import followables
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event
from portal.notifications.selectors import followers_as_recipients
from portal.taxonomy.models import Theme

#: Titles of themes that nobody may see any more.
HIDDEN = "caché"


def _audience(event: Event) -> Iterator[Recipient]:
    yield from (Recipient(pk, "Vous êtes nommée.") for pk in event.data.get("named", []))
    yield from followers_as_recipients(event.about, reason=f"Vous suivez le thème {event.about.name}.")


def _telling(event: Event, user: User) -> Telling | None:
    theme = Theme.objects.filter(pk=event.object_id).exclude(name=HIDDEN).first()
    if theme is None or user.last_name == "Aveugle":
        return None
    title = event.data.get("title", f"Du nouveau sur {theme.name}")
    return Telling(title, theme.get_absolute_url(), f"theme:{theme.pk}", theme.name)


KIND = NotificationKind(
    key="tests.answer", label="Une réponse", reason="Vous suivez ceci.", audience=_audience, telling=_telling
)


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare them for the length of a test."""
    monkeypatch.setattr(kinds.notification_kinds, "_entries", dict(kinds.notification_kinds._entries))
    monkeypatch.setattr(follows.followables, "_entries", dict(follows.followables._entries))
    declare(replace(KIND, visible=lambda user: Theme.objects.exclude(name=HIDDEN)))
    declare(replace(KIND, key="tests.now", default=Rhythm.NOW))
    declare(replace(KIND, key="tests.daily", default=Rhythm.DAILY))
    declare(replace(KIND, key="tests.step", mandatory=True))
    shown = replace(followables.get("taxonomy.theme"), visible=lambda user: Theme.objects.exclude(name=HIDDEN))
    monkeypatch.setitem(followables._entries, "taxonomy.theme", shown)


def break_kind(monkeypatch: pytest.MonkeyPatch, key: str, **changes: Any) -> None:
    """Replace parts of a declared kind."""
    monkeypatch.setitem(kinds.notification_kinds._entries, key, replace(kinds.notification_kinds.get(key), **changes))
