"""A resource drafted from a discussion that was settled."""

import pytest
from django.test import Client

from forum.community.models import Discussion
from forum.community.services.settling import mark_helpful, mark_solved
from portal.accounts.models import User
from portal.content.models import ResourcePage
from portal.notifications.fan_out import fan_out_due
from portal.notifications.models import Notification
from search.models import IndexTask
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.factories.content import ResourceIndexPageFactory
from tests.forum.factories import make_answer, make_discussion, make_space
from tests.taxonomy.factories import RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


def solved(**values: object) -> Discussion:
    asked, seen = UserFactory(), UserFactory(first_name="Jeanne", last_name="Le Gall")
    discussion = make_discussion(author=asked, text="Un employeur refuse un récépissé. Que faire ?", **values)  # type: ignore[arg-type]
    answer = make_answer(discussion, text="> Que faire ?\n\n## D’abord\n\nMontrez **la liste**, dit @Jeanne Le Gall.")
    mark_helpful(message=answer, by=asked)
    assert seen
    return discussion


def test_an_animator_drafts_a_page_which_an_administrator_publishes() -> None:
    ResourceIndexPageFactory()
    region, theme = RegionFactory(), ThemeFactory()
    animator, administrator = AnimatorFactory(region=region), AdministratorFactory()
    discussion = solved(space=make_space(theme=theme, region=region))
    address = f"/forum/discussions/{discussion.pk}/ressource/"
    client = signed_in(animator)
    values = client.get(address).context["form"].initial
    assert "Un employeur refuse un récépissé." in values["text"]
    assert "dit un membre." in values["text"]
    assert "> Que faire" not in values["text"]
    assert client.post(address, {**values, "title": "x" * 121, "summary": ""}).status_code == 422
    stopped = client.post(address, {**values, "text": "Appelez le 06 12 34 56 78."})
    assert (stopped.status_code, ResourcePage.objects.count()) == (422, 0)
    assert client.post(address, values).status_code == 302
    page = ResourcePage.objects.get()
    draft = page.get_latest_revision_as_object()
    assert (page.live, page.owner, list(draft.themes.all())) == (False, animator, [theme])
    kinds = [(block.block_type, str(block.value)) for block in draft.body]
    assert [kind for kind, _value in kinds] == ["heading", "paragraph", "heading", "heading", "paragraph"]
    assert "<strong>la liste</strong>" in kinds[-1][1]
    fan_out_due()
    assert Notification.objects.get(kind="forum.resource").user == administrator
    assert "déjà été tirée" in client.get(address).content.decode()
    # Published, each leads to the other.
    draft.save_revision().publish()
    assert "Cité dans 1 discussion" in Client().get(page.get_url()).content.decode()
    assert IndexTask.objects.filter(key=f"resource:{page.pk}").exists()


def test_nobody_else_drafts_one_nor_from_what_is_open() -> None:
    ResourceIndexPageFactory()
    region = RegionFactory(code="53", name="Bretagne")
    discussion = solved(space=make_space(region=region))
    address = f"/forum/discussions/{discussion.pk}/ressource/"
    elsewhere = AnimatorFactory(region=RegionFactory(code="24", name="Centre-Val de Loire"))
    for user in (UserFactory(), elsewhere):
        assert signed_in(user).post(address).status_code == 403
    mark_solved(discussion=discussion, is_solved=False)
    assert signed_in(AdministratorFactory()).get(address).status_code == 404
