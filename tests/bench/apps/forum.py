"""Discussions: index, list, a discussion of 20 messages; 50 spaces, ten messages a discussion, a member for ten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import models, transaction

from directory.models import Profile
from forum.community.models import Discussion, Message, Space
from forum.community.services.spaces import open_space
from forum.machina_apps.forum.models import Forum
from forum.machina_apps.forum_conversation.models import Post, Topic
from portal.accounts.models import User
from portal.core.markdown import render_markdown
from portal.taxonomy.models import Territory, Theme
from tests.bench.pages import BenchPage
from tests.bench.texts import PROJECT_NAMES, paragraphs

PREFIX = "essai-"
#: A portal has about four discussions for each project sheet.
TOPICS_A_SHEET, POSTS_A_TOPIC, TOPICS_A_MEMBER = 4, 10, 10
SPACES = 50
TEXTS = 200
BATCH = 1_000
STARTED = datetime(2024, 1, 1, 8, tzinfo=UTC)


def busiest_space() -> str:
    """Return the address of a space among those that hold the most."""
    return f"/forum/{PREFIX}0/"


def long_discussion() -> str:
    """Return the address of a discussion of 20 messages and more."""
    found = Discussion.objects.select_related("topic__forum__space").filter(
        topic__forum__space__slug__startswith=PREFIX, topic__posts_count__gte=20
    )
    return found.order_by("pk")[0].get_absolute_url()


PAGES = [
    BenchPage("forum", "/forum/", target_ms=12),
    BenchPage("forum-space", busiest_space, target_ms=10),
    BenchPage("forum-discussion", long_discussion, target_ms=11),
    BenchPage("forum-unanswered", "/forum/sans-reponse/"),
]


def generate(scale: int, seed: int) -> None:
    """Bring the forum up to the size of a portal with ``scale`` project sheets."""
    fill(scale * TOPICS_A_SHEET, seed)


@transaction.atomic
def fill(topics: int, seed: int) -> None:
    """Bring the forum up to so many discussions; number n is the same whatever was made before."""
    known = Topic.objects.filter(forum__space__slug__startswith=PREFIX).count()
    if known >= topics:
        return
    spaces = _spaces()
    members = _members(max(topics // TOPICS_A_MEMBER, 20))
    places = list(Territory.objects.current().departments().select_related("region"))
    draw = Random(f"forum {seed}")  # noqa: S311 -- data, not secrets
    texts = [paragraphs(draw, 2, 2) for _number in range(TEXTS)]
    rendered = [str(render_markdown(text)) for text in texts]
    numbers = iter(range(known, topics))
    while chunk := list(islice(numbers, BATCH)):
        _write(chunk, seed, spaces, members, places, list(zip(texts, rendered, strict=True)))
    _count(spaces)


def _spaces() -> list[Space]:
    """Return the spaces, ten at the top and four below each."""
    themes = list(Theme.objects.all())
    made: list[Space] = []
    for number in range(SPACES):
        known = Space.objects.select_related("forum").filter(slug=f"{PREFIX}{number}").first()
        parent = made[number - number % 5] if number % 5 else None
        made.append(
            known
            or open_space(
                name=f"Espace d’essai {number + 1}",
                slug=f"{PREFIX}{number}",
                description="Ce qui se discute ici.",
                parent=parent,
                theme=themes[number % len(themes)] if themes else None,
            )
        )
    return made


def _members(count: int) -> list[User]:
    known = User.objects.filter(email__startswith="bench-forum-").count()
    accounts = [
        User(
            email=f"bench-forum-{number}@demo.example",
            first_name="Membre",
            last_name=str(number),
            job_title="Conseillère en insertion",
            membership_status=User.MembershipStatus.APPROVED,
            password="!",
        )
        for number in range(known, count)
    ]
    User.objects.bulk_create(accounts, batch_size=BATCH)
    bare = User.objects.filter(email__startswith="bench-forum-", profile=None)
    Profile.objects.bulk_create(
        [Profile(user=user, search_text=f"{user.last_name} membre") for user in bare], batch_size=BATCH
    )
    return list(User.objects.filter(email__startswith="bench-forum-").order_by("pk"))


def _posts_of(number: int, draw: Random) -> int:
    """Return how many messages a discussion has: ten on average, one in eight has none but its question."""
    if number % 8 == 7:
        return 1
    if number % 40 == 0:
        return 30
    return draw.randrange(6, 16)


@contextmanager
def dates_of_our_own(model: type[models.Model]) -> Iterator[None]:
    """Let rows be created at the day that they say: machina's fields take the present otherwise."""
    created, updated = model._meta.get_field("created"), model._meta.get_field("updated")
    created.auto_now_add = updated.auto_now = False  # type: ignore[union-attr]
    try:
        yield
    finally:
        created.auto_now_add = updated.auto_now = True  # type: ignore[union-attr]


def _write(
    numbers: list[int], seed: int, spaces: list[Space], members: list[User], places: list[Territory], texts: Any
) -> None:
    topics, posts_of = [], []
    for number in numbers:
        draw = Random(f"topic {seed} {number}")  # noqa: S311 -- data, not secrets
        asked = STARTED + timedelta(minutes=37 * number)
        posts = list(_moments(asked, _posts_of(number, draw), draw))
        subject = f"{draw.choice(PROJECT_NAMES)} : comment faites-vous, question {number + 1} ?"
        topics.append(
            Topic(
                forum=spaces[number % SPACES].forum,
                poster=draw.choice(members),
                subject=subject,
                slug=f"question-{number + 1}",
                type=Topic.TOPIC_STICKY if number % 997 == 0 else Topic.TOPIC_POST,
                status=Topic.TOPIC_UNLOCKED,
                approved=True,
                posts_count=len(posts),
                last_post_on=posts[-1],
                created=posts[0],
                updated=posts[0],
            )
        )
        posts_of.append((draw, posts))
    with dates_of_our_own(Topic):
        Topic.objects.bulk_create(topics, batch_size=BATCH)
    posts = [
        _post(topic, moment, place, draw, members, texts)
        for topic, (draw, moments) in zip(topics, posts_of, strict=True)
        for place, moment in enumerate(moments)
    ]
    with dates_of_our_own(Post):
        Post.objects.bulk_create(posts, batch_size=BATCH)
    Message.objects.bulk_create([Message(post=post, useful_count=post.pk % 4) for post in posts], batch_size=BATCH)
    _join(topics, posts, places)


def _moments(asked: datetime, count: int, draw: Random) -> Iterator[datetime]:
    moment = asked
    for _place in range(count):
        yield moment
        moment += timedelta(minutes=draw.randrange(20, 900))


def _post(topic: Topic, moment: datetime, place: int, draw: Random, members: list[User], texts: Any) -> Post:
    text, html = draw.choice(texts)
    post = Post(
        topic=topic, poster=draw.choice(members) if place else topic.poster, subject=topic.subject, content=text
    )
    # What the renderer would have stored: bulk_create does not call it.
    post._content_rendered, post.created, post.updated = html, moment, moment
    return post


def _join(topics: list[Topic], posts: list[Post], places: list[Territory]) -> None:
    by_topic: dict[int, list[Post]] = {}
    for post in posts:
        by_topic.setdefault(post.topic_id, []).append(post)
    discussions = []
    for topic in topics:
        own = by_topic[topic.pk]
        topic.first_post, topic.last_post = own[0], own[-1]
        place = places[topic.pk % len(places)] if places else None
        solved = own[1] if len(own) > 1 and topic.pk % 3 == 0 else None
        discussions.append(
            Discussion(
                topic=topic,
                territory=place,
                region=place.region if place else None,
                helpful_post=solved,
                solved_at=solved.created if solved else None,
                first_answer_at=own[1].created if len(own) > 1 else None,
                escalated_at=topic.created,
            )
        )
    Topic.objects.bulk_update(topics, ["first_post", "last_post"], batch_size=500)
    Discussion.objects.bulk_create(discussions, batch_size=BATCH)


def _count(spaces: list[Space]) -> None:
    for space in spaces:
        Forum.objects.get(pk=space.pk).update_trackers()
