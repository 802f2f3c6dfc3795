"""The first steps: done by facts, put away by whoever wants to."""

import pytest
from allauth.mfa.models import Authenticator

from directory.models import Profile, Skill
from portal.joining.steps import declare, progress_of
from tests.factories.accounts import UserFactory
from tests.factories.taxonomy import RegionFactory, ThemeFactory
from tests.joining.conftest import signed_in

pytestmark = pytest.mark.django_db

PAGE = "/mon-espace/premiers-pas/"


def test_a_step_is_done_when_the_fact_is_there() -> None:
    user = UserFactory()
    profile = Profile.objects.get(user=user)
    assert (progress_of(user).done, progress_of(user).total) == (0, 5)
    profile.presentation = "Je réponds."
    profile.save()
    profile.skills.add(Skill.objects.create(name="Droit d’asile", normalized_name="droit d asile"))
    profile.themes.add(ThemeFactory())
    profile.territories.add(RegionFactory())
    assert progress_of(user).done == 4
    assert not progress_of(user).is_complete
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    assert progress_of(user).is_complete


def test_where_somebody_stands_is_one_query(django_assert_num_queries) -> None:
    user = UserFactory()
    Profile.objects.get(user=user).themes.set(ThemeFactory.create_batch(3))
    with django_assert_num_queries(1):
        assert progress_of(user).done == 1


def test_each_step_leads_somewhere_and_says_why() -> None:
    user = UserFactory()
    client = signed_in(user)
    page = client.get(PAGE).content.decode()
    assert "0/5" in page
    for step in progress_of(user).steps:
        assert step.label in page
        assert step.why in page
        assert client.get(step.url).status_code == 200


def test_they_stand_on_the_home_page_until_put_away_or_done() -> None:
    user = UserFactory()
    client = signed_in(user)

    def is_on_home() -> bool:
        return 'id="first-steps"' in client.get("/").content.decode()

    assert is_on_home()
    for _click in range(2):
        assert client.post(PAGE, {"action": "dismiss", "from": "home"})["Location"] == "/"
    assert not is_on_home()
    assert client.get(PAGE).context["is_dismissed"]
    assert client.post(PAGE, {"action": "restore"})["Location"] == PAGE
    assert is_on_home()
    client.post(PAGE, {"action": "\x00", "from": "https://ailleurs.example/"})
    assert is_on_home()


def test_a_step_is_declared_once() -> None:
    with pytest.raises(ValueError, match="skills"):
        declare("skills", "Encore", why="", url_name="accounts:security", order=1, fact="email")
