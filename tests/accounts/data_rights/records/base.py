"""What the makers of all apps share: the person, and the word that stands in each of their personal fields."""

from collections.abc import Callable, Mapping
from typing import Any

from portal.accounts.models import User
from tests.factories import UserFactory

#: Stands in every personal field; nothing of the portal says it by itself.
MARKER = "zmarqueur"

#: Declared model → what makes one record of it for the person.
Makers = Mapping[str, Callable[[User], Any]]


def make_person() -> User:
    """Return a member whose account says the marker wherever it can."""
    return UserFactory(
        email=f"{MARKER}@test.example", first_name=f"Prénom{MARKER}", last_name=f"Nom{MARKER}", job_title=f"F{MARKER}"
    )
