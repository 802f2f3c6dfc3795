"""Every factory makes an object that its own model accepts."""

import inspect

import pytest
from django.contrib.auth import authenticate
from django.db import models

from directory.models import Membership
from project_sheets.models import ProjectSheetPage
from tests import factories

MADE_BY = {name: getattr(factories, name) for name in factories.__all__ if inspect.isclass(getattr(factories, name))}


@pytest.mark.django_db
@pytest.mark.parametrize("name", MADE_BY)
def test_a_factory_makes_valid_objects(name: str) -> None:
    factory = MADE_BY[name]
    for made in (factory(), factory()):
        stored: models.Model = type(made)._default_manager.get(pk=made.pk)
        stored.full_clean()


@pytest.mark.django_db
def test_people_have_the_role_that_their_factory_says() -> None:
    sheet = factories.SheetFactory()
    region = sheet.region
    assert factories.AnimatorFactory(region=region).animated_region_ids == {region.pk}
    assert sheet.leads.filter(user=factories.LeadFactory(sheet=sheet)).exists()
    manager = factories.ManagerFactory(organisation=sheet.holder)
    assert manager.memberships.get().organisation == sheet.holder
    assert factories.EditorFactory().memberships.get().role == Membership.Role.EDITOR
    assert not factories.PendingUserFactory().is_member
    user = factories.UserFactory()
    assert authenticate(email=user.email, password=factories.PASSWORD) == user


@pytest.mark.django_db
def test_a_sheet_keeps_its_words_and_a_draft_stays_one() -> None:
    theme = factories.ThemeFactory()
    sheet = factories.SheetFactory(themes=[theme])
    assert list(ProjectSheetPage.objects.get(pk=sheet.pk).themes.all()) == [theme]
    draft = factories.DraftSheetFactory(themes=[theme])
    assert not ProjectSheetPage.objects.get(pk=draft.pk).live
    assert list(draft.themes.all()) == [theme]
