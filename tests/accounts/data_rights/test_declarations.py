"""Every table that may hold a person is declared, and the declarations are true."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from portal.accounts.personal_data import (
    PERSONAL_NAMES,
    OnErasure,
    may_hold_a_person,
    other_people,
    personal_data,
)

ALL_MODELS = apps.get_models()

#: Fields that let somebody in, whatever their model.
SECRET_NAMES = frozenset(
    {
        *("password", "link_stamp", "link_key", "token", "secret", "digest", "fingerprint"),
        *("session_key", "session_data", "data"),
    }
)
#: Elsewhere a text is what somebody wrote, and a key names a thing.
SECRETS_OF = {
    # A mail may hold a link that signs in.
    "mail.OutboxMessage": {"text", "html", "attachments", "unsubscribe_url"},
    "agenda.CalendarKey": {"key"},
}


@pytest.mark.parametrize("model", [m for m in ALL_MODELS if may_hold_a_person(m)], ids=lambda m: m._meta.label)
def test_a_model_that_may_hold_a_person_is_declared(model: type[models.Model]) -> None:
    label = model._meta.label_lower
    assert label in personal_data or label in other_people, "declare it in its app's privacy.py"


def test_what_is_looked_for_is_found() -> None:
    """The rule of the test above: an account, an address, a name that tells; nothing else."""

    class Meta:
        app_label = "tests"
        abstract = True

    def model(name: str, **fields: models.Field) -> type[models.Model]:
        return type(name, (models.Model,), {"__module__": __name__, "Meta": Meta, **fields})

    person = get_user_model()
    assert may_hold_a_person(person)
    assert may_hold_a_person(apps.get_model("mail.OutboxMessage"))
    assert may_hold_a_person(apps.get_model("content.ContactMessage"))
    assert may_hold_a_person(apps.get_model("directory.Membership"))
    assert not may_hold_a_person(apps.get_model("taxonomy.Theme"))
    assert may_hold_a_person(model("WithAddress", anything=models.EmailField()))
    assert not may_hold_a_person(model("WithTitle", title=models.CharField(max_length=10)))
    for name in PERSONAL_NAMES:
        assert may_hold_a_person(model(f"With{name}", **{name: models.CharField(max_length=10)}))


def test_what_is_emptied_exists_and_stays() -> None:
    for declared in personal_data:
        names = {field.name for field in declared.model_class._meta.get_fields()}
        assert set(declared.emptied) <= names
        assert not (declared.emptied and declared.on_erasure is OnErasure.DELETE), declared.model


@pytest.mark.django_db
def test_no_secret_is_exported() -> None:
    """What lets somebody in must not stand in a file that people keep on their desk."""
    exported = {(declared.model, name) for declared in personal_data for name in declared.fields}
    assert not {(model, name) for model, name in exported if name in SECRET_NAMES | SECRETS_OF.get(model, set())}
    # The names above are those of fields: a field that is renamed is looked for under its new name.
    assert SECRETS_OF.keys() <= {model for model, _name in exported}
    for model, names in SECRETS_OF.items():
        assert names <= {field.name for field in apps.get_model(model)._meta.get_fields()}, model
    assert {field.name for model in ALL_MODELS for field in model._meta.get_fields()} >= SECRET_NAMES - {"secret"}
