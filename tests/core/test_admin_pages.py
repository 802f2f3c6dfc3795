"""What Wagtail's window of pages tells of the drafts of other teams: nothing."""

import pytest
from django.urls import reverse

from project_sheets.models import ProjectSheetPage
from tests.support.world import build_world

#: Pages of the admin, slow to draw, and the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]


def test_a_published_page_is_chosen_by_the_title_that_readers_know() -> None:
    world = build_world()
    sheet = world.sheet
    ProjectSheetPage.objects.filter(pk=sheet.pk).update(title="Plateforme", draft_title="Titre tenu")
    for page in ProjectSheetPage.objects.filter(pk=sheet.pk):
        page.index_entries.all().delete()
        page.save()
    search, chosen = (reverse(f"wagtailadmin_choose_page_{name}") for name in ("search", "chosen_multiple"))
    above = reverse("wagtailadmin_choose_page_child", args=[sheet.get_parent().pk])
    own, elsewhere = world.client("animator"), world.client("other_animator")
    for address in (above, f"{above}?multiple=1", f"{search}?q=Platef", f"{chosen}?id={sheet.pk}"):
        assert "Titre tenu" in own.get(address).content.decode(), address
        shown = elsewhere.get(address).content.decode()
        assert "Plateforme" in shown, address
        assert "Titre tenu" not in shown, address
    typed = {"external-link-chooser-url": sheet.get_url(), "external-link-chooser-link_text": "Voir"}
    told = elsewhere.post(reverse("wagtailadmin_choose_page_external_link"), typed).json()["result"]
    assert (told["id"], told["adminTitle"]) == (sheet.pk, "Plateforme")
    typed["external-link-chooser-url"] += "?page=2"
    assert "Titre" not in str(elsewhere.post(reverse("wagtailadmin_choose_page_external_link"), typed).json())
