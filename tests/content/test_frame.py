"""Header and footer: menu, tools, announcement; read once, renewed exactly."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.content import context_processors, frame
from portal.content.context_processors import Layout, layout
from portal.content.enums import AccessibilityStatus
from portal.content.models import Announcement, MenuEntry, PortalSettings
from portal.content.templatetags.frame import TOKEN_MARK
from portal.core import areas
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory


def layout_for(user=None, path: str = "/") -> Layout:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return layout(request)["layout"]


def urls(links) -> list[str]:
    return [link.url for link in links]


@pytest.fixture
def frame_token(db) -> str:
    cache.clear()
    return frame.current_frame().token


def test_the_menu_has_defaults_and_marks_the_area(frame_token) -> None:
    menu = layout_for(path="/projets/bretagne/adventus/").main_menu
    assert urls(menu) == ["/", "/projets/", "/forum/", "/agenda/", "/annuaire/", "/ressources/"]
    assert urls(link for link in menu if link.current) == ["/projets/"]
    assert urls(link for link in layout_for().main_menu if link.current) == ["/"]


def test_a_typed_menu_replaces_the_default_one_once_committed(frame_token, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        MenuEntry.objects.create(label="Deux", link="/b/", order=2)
        MenuEntry.objects.create(label="Un", link="/a/", order=1)
    assert [(link.label, link.url) for link in layout_for().main_menu] == [("Un", "/a/"), ("Deux", "/b/")]


def test_another_process_sees_a_change_at_its_next_page(frame_token) -> None:
    """A change made elsewhere reaches this process by its token alone."""
    MenuEntry.objects.bulk_create([MenuEntry(label="Un", link="/a/")])
    assert "/a/" not in urls(layout_for().main_menu)
    cache.set(areas.token_key(areas.LAYOUT_AREA), "the other process renewed it", timeout=None)
    cache.set(areas.GENERATION_KEY, "and said so", timeout=None)
    assert urls(layout_for().main_menu) == ["/a/"]


@pytest.mark.parametrize("link", ["//evil.example/", "javascript:alert(1)", "/\\evil.example", "projets", "ftp://a.fr"])
def test_a_menu_leads_to_the_portal_or_to_the_web(link: str, db) -> None:
    with pytest.raises(ValidationError) as refused:
        MenuEntry(label="X", link=link).full_clean()
    assert "link" in refused.value.message_dict


def test_a_page_costs_one_query_for_its_frame_and_none_for_its_visitor(frame_token) -> None:
    with CaptureQueriesContext(connection) as captured:
        shown = layout_for()
        parts = (shown.main_menu, shown.tools, shown.announcement, shown.footer_links, shown.footer_groups)
    assert all(part or part is None for part in parts)
    assert len(captured) <= 1


def form_tokens(page: str) -> set[str]:
    return set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', page))


def test_a_header_drawn_for_several_holds_the_token_of_its_reader(frame_token, home) -> None:
    pages = []
    for _member in range(2):
        client = Client(enforce_csrf_checks=True)
        client.force_login(UserFactory(first_name=""))
        pages.append(client.get("/").content.decode())
    assert len(frame.current_frame().parts) > 0
    drawn = "".join(frame.current_frame().parts.values())
    first, second = map(form_tokens, pages)
    assert first.isdisjoint(second)
    assert not any(token in drawn for token in first | second)
    assert TOKEN_MARK not in "".join(pages)
    # The last one's own token signs them out.
    assert client.post("/deconnexion/", {"csrfmiddlewaretoken": next(iter(first))}).status_code == 403
    assert client.post("/deconnexion/", {"csrfmiddlewaretoken": second.pop()}).status_code == 302


def test_a_header_tells_what_waits_for_its_reader(frame_token, home, monkeypatch) -> None:
    waited, other = UserFactory(), UserFactory()
    monkeypatch.setattr(context_processors, "unread_count", lambda user: 3 if user == waited else 0)
    for user, count in ((other, "0"), (waited, "3"), (other, "0")):
        client = Client()
        client.force_login(user)
        assert f"<span data-number>{count}</span>" in client.get("/").content.decode()


def test_a_visitor_s_page_sends_no_cookie(frame_token, home) -> None:
    client = Client()
    client.get("/")
    assert not client.cookies


def test_tools_of_a_visitor(frame_token) -> None:
    assert urls(layout_for().tools)[:2] == ["/recherche/", "/connexion/"]
    assert "/admin/" not in urls(layout_for().tools)


def test_tools_of_members_and_animators(frame_token) -> None:
    member, animator, administrator = (
        layout_for(made()).tools for made in (UserFactory, AnimatorFactory, AdministratorFactory)
    )
    assert "/admin/" not in urls(member)
    assert "/admin/" in urls(animator)
    assert "/admin/" in urls(administrator)
    assert [(link.url, link.post) for link in member][-1] == ("/deconnexion/", True)
    assert "/connexion/" not in urls(member)


def announce(**values) -> Announcement:
    return Announcement.objects.create(text="Inscriptions ouvertes", **values)


@pytest.mark.parametrize(
    ("starts", "ends", "is_shown"),
    [(-1, None, True), (-1, 1, True), (1, None, False), (-2, -1, False)],
    ids=["under way", "with an end", "to come", "over"],
)
def test_an_announcement_is_shown_between_its_moments(db, starts: int, ends: int | None, is_shown: bool) -> None:
    now = timezone.now()
    announce(starts_at=now + timedelta(hours=starts), ends_at=now + timedelta(hours=ends) if ends is not None else None)
    assert (layout_for().announcement is not None) is is_shown


def test_a_remembered_announcement_follows_the_clock(frame_token) -> None:
    announce(starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1))
    frame._remembered = None
    remembered = frame.current_frame()
    assert remembered.announcement_at(timezone.now())
    assert remembered.announcement_at(timezone.now() + timedelta(hours=2)) is None


def test_the_latest_announcement_wins(db) -> None:
    announce(starts_at=timezone.now() - timedelta(days=2))
    Announcement.objects.create(text="La dernière", link="/agenda/", starts_at=timezone.now() - timedelta(days=1))
    assert layout_for().announcement == {"text": "La dernière", "url": "/agenda/", "link_label": "", "kind": "info"}


def test_an_announcement_that_ends_before_it_begins_is_refused(db) -> None:
    with pytest.raises(ValidationError) as refused:
        Announcement(text="X", ends_at=timezone.now() - timedelta(hours=1)).full_clean()
    assert "ends_at" in refused.value.message_dict


def test_no_better_accessibility_than_an_audit_says(db) -> None:
    with pytest.raises(ValidationError) as refused:
        PortalSettings(accessibility_status=AccessibilityStatus.PARTIAL).full_clean()
    assert "accessibility_status" in refused.value.message_dict


def test_the_footer_says_the_state_of_accessibility(db) -> None:
    PortalSettings.objects.create(
        operator_name="DREETS Bretagne",
        accessibility_status=AccessibilityStatus.PARTIAL,
        accessibility_audited_on=timezone.localdate(),
    )
    shown = layout_for()
    assert shown.operator_name == "DREETS Bretagne"
    link = next(link for link in shown.footer_links if link.url == "/accessibilite/")
    assert str(AccessibilityStatus.PARTIAL.label) in link.label


def test_an_error_page_needs_no_database(monkeypatch) -> None:
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    class Nobody:
        @property
        def is_authenticated(self) -> bool:
            raise DatabaseError("gone")

    monkeypatch.setattr(areas.cache, "get", fail)
    monkeypatch.setattr(frame, "_read_frame", fail)
    shown = layout_for(Nobody())
    assert "/projets/" in urls(shown.main_menu)
    assert shown.announcement is None
    assert "/connexion/" in urls(shown.tools)
