"""Each bug that stock django-machina 1.3.1 has and this forum must not have.

Every test fails where machina's own class, template filter or view stands in the place of ours; the
comment of each names what stock does.
"""

import cProfile
import re
import sys
from pathlib import Path
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import transaction
from django.template import Context, Template
from django.test import Client

from forum.community.models import Discussion, Draft
from forum.community.services import moderating
from forum.community.services.drafts import discard_draft
from forum.community.services.files import keep_file
from forum.community.services.spaces import open_space
from forum.community.services.writing import delete_message, edit_message
from forum.machina_apps.forum.models import Forum
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.models import Post, Topic
from forum.machina_apps.forum_tracking.handler import TrackingHandler
from portal.accounts.models import User
from portal.core.markdown import ALLOWED_TAGS, MAX_LENGTH, render_markdown
from tests.factories.accounts import AdministratorFactory, AnimatorFactory, UserFactory
from tests.forum.corpus import HEAVY, XSS
from tests.forum.factories import first_message, make_answer, make_discussion, make_space
from tests.support.queries import queries_of

pytestmark = pytest.mark.django_db
BACKEND = "portal.accounts.backends.MemberBackend"
PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_no_script_of_a_message_is_kept() -> None:
    """Stock: markdown in "safe mode" leaves 6 of 50 payloads working."""
    space = make_space()
    text = "\n\n".join(XSS)
    html = first_message(make_discussion(space, text=text)).post._content_rendered
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        assert tag.name in ALLOWED_TAGS
        assert set(tag.attrs) <= {"href", "title", "rel", "start"}
        assert not tag.get("href") or re.match("(https?|mailto|tel):", tag["href"])


def work_of(text: str) -> int:
    """Return how many calls the rendering of ``text`` makes: the same on every machine, whatever its load."""
    profile = cProfile.Profile()
    profile.runcall(render_markdown.__wrapped__, text)
    return sum(entry.callcount for entry in profile.getstats())


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_text_is_refused_or_rendered_at_once(name: str) -> None:
    """Stock: 20 kB of "[" take more than 40 s, nested quotations end in RecursionError.

    The heaviest of these makes 2.3 million calls, 0.35 s here; four times as much text makes four times as many.
    """
    member, space = UserFactory(), make_space()
    values = {"subject": "Une question lourde", "space": space.pk, "content": HEAVY[name], "action": "publier"}
    response = signed_in(member).post("/forum/poser-une-question/", values)
    assert response.status_code in {302, 422}
    text = HEAVY[name][:MAX_LENGTH]
    whole, quarter = work_of(text), work_of(text[: len(text) // 4])
    assert whole < 3_000_000
    assert whole < 5 * quarter + 50_000


def test_an_excerpt_is_plain_text() -> None:
    """Stock: ``{{ post.content|truncatechars }}`` prints what was typed, marked as safe."""
    post = first_message(make_discussion(text="<script>alert(1)</script> **Bonjour** à tous")).post
    shown = Template("{% load forum %}{{ post|excerpt }}").render(Context({"post": post}))
    assert "<script" not in shown
    assert "Bonjour à tous" in shown


def test_a_moderator_of_elsewhere_locks_nothing() -> None:
    """Stock: the forum is taken from the address, so the right to lock is asked of another forum."""
    from tests.taxonomy.factories import RegionFactory

    own, other = RegionFactory(code="53", name="Bretagne"), RegionFactory(code="24", name="Centre-Val de Loire")
    moderator = AnimatorFactory(region=other)
    discussion, theirs = make_discussion(make_space(region=own)), make_space(region=other)
    client = signed_in(moderator)
    assert client.post(f"/forum/discussions/{discussion.pk}/fermer/", {"etat": "fermee"}).status_code == 403
    for below in ("deplacer/", "fusionner/", "scinder/"):
        assert client.post(f"/forum/discussions/{discussion.pk}/{below}", {"space": theirs.pk}).status_code == 403
    # Another space in the address: it leads to the right one, and gives no right there.
    title = discussion.topic.slug
    moved = client.get(f"/forum/{theirs.slug}/{discussion.pk}-{title}/")
    assert (moved.status_code, moved["Location"]) == (302, fresh(discussion).get_absolute_url())
    assert not Topic.objects.get(pk=discussion.pk).is_locked


def fresh(discussion: Discussion) -> Discussion:
    return Discussion.objects.select_related("topic__forum__space").get(pk=discussion.pk)


def test_what_waits_for_a_moderator_is_not_there_for_visitors(client: Client) -> None:
    """Stock: subjects of unapproved topics are listed and their page opens."""
    space = make_space(needs_approval=True)
    discussion = make_discussion(space, subject="Une annonce qui attend")
    assert not discussion.topic.approved
    assert client.get(fresh(discussion).get_absolute_url()).status_code == 404
    for address in ("/forum/", "/forum/toutes/", space.get_absolute_url(), f"/forum/{space.slug}/flux/", "/"):
        assert "Une annonce qui attend" not in client.get(address).content.decode(), address
    assert "Une annonce qui attend" not in signed_in(UserFactory()).get(space.get_absolute_url()).content.decode()


def test_a_file_is_private_nameless_and_goes_with_its_message(client: Client) -> None:
    """Stock: any file, under its own name in /media/, served to anyone, left there after deletion."""
    author, reader = UserFactory(), UserFactory()
    space = make_space(access="members")
    draft = Draft.objects.create(user=author, key="question")
    kept = keep_file(draft=draft, upload=ContentFile(PDF, name="liste des bénéficiaires.pdf"))
    discussion = make_discussion(space, author)
    message = make_answer(discussion, author, files=[kept])
    file = Attachment.objects.get(post=message.post)
    assert "liste" not in file.file.name
    with pytest.raises(ValueError, match="accessible"):
        _ = file.file.url
    address = f"/forum/pieces-jointes/{file.uid}/"
    assert client.get(address).status_code == 404
    served = signed_in(reader).get(address)
    assert b"".join(served.streaming_content) == PDF
    assert served["Content-Disposition"].startswith("attachment")
    assert "no-store" in served["Cache-Control"]
    path = Path(file.file.path)
    with mock.patch.object(transaction, "on_commit", lambda call, **_options: call()):
        delete_message(message=message, by=author)
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("disguised.pdf", b"MZ\x90\x00 a program"),
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("polyglot.gif", b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//"),
        ("polyglot.png", b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)//"),
        ("heavy.pdf", PDF + b"\0" * 30_000_000),
    ],
)
def test_a_dangerous_file_is_refused_at_its_field(name: str, content: bytes) -> None:
    """Stock: accepted, all of them; and nothing typed is lost here."""
    member, space = UserFactory(), make_space()
    values = {
        "subject": "Une question avec un fichier",
        "space": space.pk,
        "content": "Un texte que je ne veux pas perdre",
        "action": "publier",
        "files": ContentFile(content, name=name),
    }
    response = signed_in(member).post("/forum/poser-une-question/", values)
    assert response.status_code == 422
    page = response.content.decode()
    assert name in page
    assert "Un texte que je ne veux pas perdre" in page
    assert not Attachment.objects.exists()
    assert not Discussion.objects.exists()
    discard_draft(user=member, key="question")


def test_who_leaves_takes_nobody_s_answers_along(client: Client) -> None:
    """Stock: deleting an account deletes its topics, with everybody's answers."""
    author = UserFactory()
    discussion = make_discussion(author=author, subject="Une question qui reste")
    make_answer(discussion, text="Une réponse qui reste")
    author.delete()
    page = client.get(fresh(discussion).get_absolute_url()).content.decode()
    assert "Une question qui reste" in page
    assert "Une réponse qui reste" in page
    assert "Ancien membre" in page


def test_an_answer_that_crosses_a_lock_does_not_undo_it() -> None:
    """Stock: the topic is saved whole as the answer's author had read it: unlocked, views set back."""
    discussion = make_discussion()
    stale = Topic.objects.get(pk=discussion.pk)
    moderating.lock(discussion=fresh(discussion), by=AdministratorFactory(), is_locked=True)
    Topic.objects.filter(pk=discussion.pk).update(views_count=41)
    Post(topic=stale, poster=UserFactory(), subject=stale.subject, content="Trop tard").save()
    stale.update_trackers()
    now = Topic.objects.get(pk=discussion.pk)
    assert (now.is_locked, now.views_count, now.posts_count) == (True, 41, 2)


def test_what_somebody_else_read_stays_unread() -> None:
    """Stock: the marks of all members are joined: a topic that one of them has read is read for all."""
    first, second = UserFactory(), UserFactory()
    discussion = make_discussion()
    tracking = TrackingHandler()
    assert tracking.get_unread_topics([discussion.topic], first)
    tracking.mark_topic_read(Topic.objects.get(pk=discussion.pk), second)
    topic = Topic.objects.get(pk=discussion.pk)
    assert tracking.get_unread_topics([topic], second) == []
    assert tracking.get_unread_topics([topic], first) == [topic]
    assert list(Discussion.objects.filter(tracking.unread(first, "topic__"))) == [discussion]
    assert not Discussion.objects.filter(tracking.unread(second, "topic__")).exists()


def test_a_new_member_has_nothing_to_catch_up() -> None:
    """Stock: every topic of the forum is unread for who has just come, at one query a forum."""
    make_discussion()
    newcomer = UserFactory()
    assert not Discussion.objects.filter(TrackingHandler().unread(newcomer, "topic__")).exists()


def test_an_author_who_corrects_a_pinned_discussion_leaves_it_pinned() -> None:
    """Stock: the author's form posts the ordinary type, and the topic loses its place."""
    author = UserFactory()
    discussion = make_discussion(author=author)
    moderating.set_rank(discussion=fresh(discussion), by=AdministratorFactory(), rank=Topic.TOPIC_STICKY)
    values = {"subject": "Un titre corrigé", "content": "Un texte corrigé", "reason": "", "topic_type": "0"}
    response = signed_in(author).post(f"/forum/messages/{discussion.topic.first_post_id}/modifier/", values)
    assert response.status_code == 302
    topic = Topic.objects.get(pk=discussion.pk)
    assert (topic.type, topic.subject) == (Topic.TOPIC_STICKY, "Un titre corrigé")


def test_reading_leaves_no_session_behind(client: Client) -> None:
    """Stock: a middleware writes a session and a cookie for every visitor's page."""
    from django.contrib.sessions.models import Session

    discussion = make_discussion()
    for address in ("/forum/", "/forum/toutes/", fresh(discussion).get_absolute_url()):
        assert not client.get(address).cookies
    assert not Session.objects.exists()
    assert not hasattr(AnonymousUser(), "forum_key")


def test_nobody_is_shown_by_their_login_nor_found_by_counting(client: Client) -> None:
    """Stock: profiles under /member/profile/<pk>/, with the user name: here an e-mail address."""
    author = UserFactory(first_name="Conseillère", last_name="Logement")
    discussion = make_discussion(author=author)
    address = fresh(discussion).get_absolute_url()
    assert author.email not in client.get(address).content.decode()
    page = signed_in(UserFactory()).get(address).content.decode()
    assert author.email not in page
    assert "Conseillère Logement" in page
    assert f"/annuaire/membres/{author.short_id}/" in page
    assert f"/profile/{author.pk}/" not in page


def test_what_one_follows_shows_nothing_that_one_may_no_longer_read() -> None:
    """Stock: the list of subscriptions is not filtered by the right to read."""
    from forum.community.models import Space

    member = UserFactory()
    space = make_space(access="members")
    make_discussion(space, member, subject="Suivie puis réservée")
    client = signed_in(member)
    assert "Suivie puis réservée" in client.get("/forum/suivies/").content.decode()
    Space.objects.filter(pk=space.pk).update(access="circle", circle="laureates:none")
    assert "Suivie puis réservée" not in client.get("/forum/suivies/").content.decode()


def test_the_index_asks_the_same_whatever_the_number_of_spaces() -> None:
    """Stock: 101 queries for a member, one for the ancestors of each forum."""
    member = UserFactory()
    client = signed_in(member)
    make_discussion(make_space())
    few = len(queries_of(lambda: client.get("/forum/")))
    parent = make_space()
    for _number in range(3):
        make_discussion(make_space(parent=parent))
    many = len(queries_of(lambda: client.get("/forum/")))
    assert many == few


def test_the_feed_ends() -> None:
    """Stock: every topic, 5.6 MB for 20,000 of them."""
    from forum.community.feeds import FEED_SIZE

    space, author = make_space(), UserFactory()
    for _number in range(FEED_SIZE + 2):
        make_discussion(space, author)
    assert Client().get(f"/forum/{space.slug}/flux/").content.decode().count("<item>") == FEED_SIZE


@pytest.mark.parametrize("name", ["???", "日本語", "—"])
def test_a_space_may_have_any_name(client: Client, name: str) -> None:
    """Stock: a forum whose name gives an empty slug has no address, and its index answers 500."""
    space = open_space(name=name, slug=f"espace-{abs(hash(name))}")
    assert Forum.objects.get(pk=space.pk).slug
    discussion = make_discussion(space, subject="??? ??? ???")
    assert client.get("/forum/").status_code == 200
    assert client.get(fresh(discussion).get_absolute_url()).status_code == 200


def test_haystack_is_never_imported() -> None:
    assert not [name for name in sys.modules if name.split(".")[0] in {"haystack", "markdown2"}]


def test_a_text_rendered_by_an_older_version_is_rendered_again() -> None:
    """Stock: ``update`` and ``bulk_create`` leave the stored HTML empty, and nothing renders it again."""
    from django.core.management import call_command

    message = first_message(make_discussion(text="**Bonjour**"))
    Post.objects.filter(pk=message.pk).update(_content_rendered="")
    type(message).objects.filter(pk=message.pk).update(renderer=0)
    call_command("rerender_messages", verbosity=0)
    message = first_message(Discussion.objects.get())
    assert "<strong>Bonjour</strong>" in message.post._content_rendered
    assert message.renderer == message.RENDERER


def test_the_history_keeps_what_a_message_said() -> None:
    author = UserFactory()
    message = make_answer(make_discussion(), author, text="Ce que je disais")
    Post.objects.filter(pk=message.pk).update(created="2026-01-05T10:00:00+00:00")
    message.post.refresh_from_db()
    edit_message(message=message, by=author, content="Ce que je dis", reason="Une erreur")
    page = Client().get(f"/forum/messages/{message.pk}/historique/").content.decode()
    assert "Ce que je disais" in page
    assert "Une erreur" in page
