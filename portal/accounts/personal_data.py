"""Which records hold something of a person: declared by every app in its ``privacy.py``.

A test walks all models and fails on one that may hold a person and is declared nowhere, so that
exports and erasures (GDPR, articles 15 and 17) cannot forget a table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.functional import Promise

from portal.core.registry import Registry

#: Fields whose name says that they may hold a person, in a model that points to no account.
PERSONAL_NAMES = frozenset(
    {
        *("email", "mail", "first_name", "last_name", "full_name", "phone", "author", "contact", "contact_name"),
        *("recipient", "sender", "to", "from_email", "reply_to", "ip", "ip_address", "user_agent", "birth_date"),
    }
)


class OnErasure(Enum):
    """What happens to a record when its person leaves."""

    DELETE = "delete"
    #: The record stays, without the person: discussions, reviews, journals.
    ANONYMISE = "anonymise"


@dataclass(frozen=True)
class Person:
    """Somebody whose records are looked for: the account, and the addresses it is known by."""

    account: models.Model
    emails: tuple[str, ...]


@dataclass(frozen=True)
class PersonalData:
    """One model that holds personal data; see ``declare``."""

    model: str
    owner: str
    purpose: str | Promise
    fields: tuple[str, ...]
    on_erasure: OnErasure
    by_email: bool = False
    emptied: dict[str, Any] = field(default_factory=dict)
    is_role: bool = False

    @property
    def model_class(self) -> type[models.Model]:
        """The model behind the label."""
        return apps.get_model(self.model)

    @property
    def key(self) -> str:
        """What names it: the model, and the role where the account is not that of its own person."""
        return f"{self.model}:{self.owner}" if self.is_role else self.model

    def records_of(self, person: Person) -> models.QuerySet[Any]:
        """Return the records that hold something of ``person``."""
        found = self.model_class._base_manager.all()
        if self.by_email:
            condition = models.Q(pk__in=[])
            for email in person.emails:
                condition |= models.Q(**{f"{self.owner}__iexact": email})
            return found.filter(condition)
        return found.filter(**{self.owner or "pk": person.account.pk})


@dataclass(frozen=True)
class Obstacle:
    """Why somebody cannot leave yet, and where they can do something about it."""

    sentence: str
    url: str
    action: str


personal_data: Registry[PersonalData] = Registry("personal data")
#: Models that hold something of people who have no account, with the reason why nothing is to be done.
other_people: Registry[str] = Registry("people without an account")
#: By app: what keeps an account from leaving, and what is done besides when it leaves.
obstacles: Registry[Callable[[Any], Iterable[Obstacle]]] = Registry("obstacles to leaving")
cleanings: Registry[Callable[[Person], None]] = Registry("cleanings")


def declare(
    model: str,
    *,
    owner: str,
    purpose: str | Promise,
    fields: tuple[str, ...],
    on_erasure: OnErasure,
    by_email: bool = False,
    emptied: dict[str, Any] | None = None,
) -> None:
    """Declare that ``model`` ("app.Model") holds personal data; once per model.

    ``owner`` is the path from the model to the account ("" for the account itself); with
    ``by_email`` it is the field that holds the person's e-mail address, where there is no account
    to point to. ``fields`` are exported for their owner, files among them as files. With
    ``ANONYMISE`` the record goes on pointing to the account, which has no name any more;
    ``emptied`` then says what its other personal fields become.
    """
    declared = PersonalData(model, owner, purpose, fields, on_erasure, by_email, emptied or {})
    personal_data.register(model.lower(), declared)


def declare_role(
    model: str, *, owner: str, purpose: str | Promise, fields: tuple[str, ...], on_erasure: OnErasure
) -> None:
    """Declare that ``model``, declared already for its own person, also tells what another one did with it.

    ``owner`` is the path to the account of whoever acted: who invited, who decided. ``fields`` hold
    nothing of the person concerned, who is somebody else.
    """
    declared = PersonalData(model, owner, purpose, fields, on_erasure, is_role=True)
    personal_data.register(declared.key.lower(), declared)


def declare_other_people(model: str, *, because: str) -> None:
    """Declare that ``model`` holds nothing of an account's owner, and why (a sentence for developers)."""
    other_people.register(model.lower(), because)


def declare_obstacle(key: str, check: Callable[[Any], Iterable[Obstacle]]) -> None:
    """Declare what may keep an account from leaving: ``check(user)`` returns its obstacles."""
    obstacles.register(key, check)


def declare_cleaning(key: str, clean: Callable[[Person], None]) -> None:
    """Declare what an erasure does besides: ``clean(person)``, in its transaction, before the account is emptied."""
    cleanings.register(key, clean)


def other_mentions() -> list[tuple[type[models.Model], Any]]:
    """Return (model, field) for each field that points to an account and that no declaration follows."""
    followed = {(declared.model.lower(), declared.owner) for declared in personal_data}
    person = get_user_model()
    return [
        (model, one)
        for model in apps.get_models()
        for one in (*model._meta.local_fields, *model._meta.local_many_to_many)
        if one.related_model is person and (model._meta.label_lower, one.name) not in followed
    ]


def may_hold_a_person(model: type[models.Model]) -> bool:
    """Whether a field of ``model`` points to an account, is an e-mail address, or bears a name that tells of one."""
    person = get_user_model()
    for one in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if one.is_relation and one.related_model is person:
            return True
        if not one.is_relation and (isinstance(one, models.EmailField) or one.name in PERSONAL_NAMES):
            return True
    return model is person
