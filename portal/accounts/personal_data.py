"""Which records hold something of a person: declared by every app in its ``privacy.py``.

A test walks all models and fails on one that points to an account and is declared nowhere, so
that exports and erasures (GDPR, articles 15 and 17) cannot forget a table.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise

from portal.core.registry import Registry


class OnErasure(Enum):
    """What happens to a record when its person leaves."""

    DELETE = "delete"
    #: The record stays, without the person: discussions, reviews, journals.
    ANONYMISE = "anonymise"


@dataclass(frozen=True)
class PersonalData:
    """One model that holds personal data.

    ``owner`` is the path from the model to the account; ``fields`` are exported for their owner.
    """

    model: str
    owner: str
    purpose: str | Promise
    fields: tuple[str, ...]
    on_erasure: OnErasure


personal_data: Registry[PersonalData] = Registry("personal data")


def declare(model: str, *, owner: str, purpose: str | Promise, fields: tuple[str, ...], on_erasure: OnErasure) -> None:
    """Declare that ``model`` ("app.Model") holds personal data; once per model."""
    personal_data.register(model.lower(), PersonalData(model, owner, purpose, fields, on_erasure))
