"""Rules that hold across all apps."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Page

from portal.accounts.personal_data import personal_data
from portal.core.areas import all_areas
from portal.core.datasets import datasets
from portal.notifications.kinds import notification_kinds

ROOT = Path(__file__).resolve().parent.parent
OWN_APPS = ("agenda", "directory", "forum", "portal", "project_sheets", "search")
OWN_MODELS = [model for model in apps.get_models() if model.__module__.split(".")[0] in OWN_APPS]


def models_that_point_to_a_person() -> list[type[models.Model]]:
    person = get_user_model()
    return [
        model
        for model in apps.get_models()
        if any(field.related_model is person for field in model._meta.local_fields if field.is_relation)
    ]


@pytest.mark.parametrize("model", models_that_point_to_a_person(), ids=lambda model: model._meta.label)
def test_a_model_that_points_to_a_person_is_declared_personal(model: type[models.Model]) -> None:
    assert model._meta.label_lower in personal_data, "declare it in the app's privacy.py"


def test_personal_data_declarations_name_real_fields() -> None:
    for declared in personal_data:
        model = apps.get_model(declared.model)
        # Where the account stands on another record ("registration__user"), Django knows the path.
        model._base_manager.filter(**{f"{declared.owner or 'pk'}__isnull": True})
        for field in declared.fields:
            try:
                model._meta.get_field(field)
            except FieldDoesNotExist:
                pytest.fail(f"{declared.model} has no field {field}")


def test_declaration_modules_are_discovered() -> None:
    assert "fiches-projets" in datasets
    assert "sheet.submitted" in notification_kinds
    assert {"layout", "sheets", "directory"} <= all_areas()


#: Whose lists Wagtail orders itself, or which exist once.
ORDERED_ELSEWHERE = (AbstractDocument, AbstractImage, AbstractRendition, BaseGenericSetting, Page)


@pytest.mark.parametrize(
    "model", [model for model in OWN_MODELS if not issubclass(model, ORDERED_ELSEWHERE)], ids=lambda m: m._meta.label
)
def test_every_model_has_an_order(model: type[models.Model]) -> None:
    """Without one, pages of a list repeat and lose rows on PostgreSQL."""
    assert model._meta.ordering


def test_every_template_is_used() -> None:
    """A template that no Python module and no other template names is a leftover."""
    sources = [
        path.read_text(encoding="utf-8")
        for app in OWN_APPS
        for suffix in ("*.py", "*.html", "*.txt")
        for path in (ROOT / app).rglob(suffix)
    ]
    everything = "\n".join(sources)
    unused = []
    for app in OWN_APPS:
        for template in (ROOT / app).rglob("templates/**/*.html"):
            name = str(template).split("/templates/", 1)[1]
            overrides_a_library = name.split("/")[0] in {"account", "allauth", "wagtailadmin", "wagtailusers"}
            is_page_template = name.removesuffix(".html").replace("/", ".").replace("_", "") in {
                f"{model._meta.app_label}.{model.__name__.lower()}".replace("_", "") for model in OWN_MODELS
            }
            if not overrides_a_library and not is_page_template and f'{name}"' not in everything:
                unused.append(name)
    assert not unused
