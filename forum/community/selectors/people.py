"""Who wrote what, as a reader may know them; who may be mentioned."""

from collections.abc import Iterable

from django.db.models import Q

from directory.models import Organisation, Profile
from directory.selectors import organisation_ids_written_by
from forum.community.models import HiddenAuthor, Message
from forum.community.texts import names_of_words
from forum.machina_apps.forum_conversation.models import Post
from portal.accounts.models import User
from portal.accounts.rules import AnyUser
from portal.taxonomy.models import normalize_name

#: Members mentioned in one message, at most.
MOST_NAMED = 20


def author_of(post: Post) -> User | None:
    """Return who wrote ``post``, anonymous or not; None once they have left. For rights and news, never for a page."""
    if post.poster_id is not None:
        return post.poster
    hidden = HiddenAuthor.objects.filter(post=post).select_related("user").first()
    return hidden.user if hidden else None


def author_ids(post_ids: Iterable[int]) -> dict[int, int]:
    """Return the id of the author of each post, anonymous ones too."""
    ids = list(post_ids)
    found = dict(Post.objects.filter(pk__in=ids).exclude(poster=None).values_list("pk", "poster_id"))
    found |= dict(HiddenAuthor.objects.filter(post__in=ids).values_list("post_id", "user_id"))
    return found


def writes_anonymously(user: User, topic_id: int) -> bool:
    """Whether ``user`` hides their name in a discussion: what they write there next must not tell it."""
    return HiddenAuthor.objects.filter(user=user, post__topic=topic_id).exists()


def members_named(typed: Iterable[str], *, reader: AnyUser) -> dict[str, str]:
    """Return the page of each member whom ``typed`` words name, by normalised "first last".

    Only members whom ``reader`` may meet; a name that two of them bear names nobody. The first twenty
    are looked up: a longer condition is refused by databases.
    """
    names = names_of_words(list(typed)[:MOST_NAMED])
    wanted = Q(pk__in=[])
    for name in names:
        words = name.split()
        for cut in range(1, len(words)):
            wanted |= Q(search_text__startswith=" ".join([*words[cut:], *words[:cut]]))
    found: dict[str, list[str]] = {}
    for profile in Profile.objects.listed().visible_to(reader).filter(wanted).select_related("user")[:50]:
        name = normalize_name(f"{profile.user.first_name} {profile.user.last_name}")
        if name in names:
            found.setdefault(name, []).append(profile.get_absolute_url())
    return {name: addresses[0] for name, addresses in found.items() if len(addresses) == 1}


def members_beginning_with(text: str, *, reader: AnyUser, limit: int = 6) -> list[Profile]:
    """Return members whose name holds the words of ``text``: what "@" proposes while one types."""
    words = normalize_name(text).split()
    if not words:
        return []
    found = Profile.objects.listed().visible_to(reader).select_related("user")
    for word in words[:4]:
        found = found.filter(search_text__contains=word)
    profiles = list(found.order_by("search_text", "pk")[: limit * 4])

    def is_named(profile: Profile) -> bool:
        name = normalize_name(f"{profile.user.first_name} {profile.user.last_name}").split()
        return all(any(part.startswith(word) for part in name) for word in words)

    return [profile for profile in profiles if is_named(profile)][:limit]


def organisations_to_write_for(user: AnyUser) -> list[Organisation]:
    """Return the organisations in whose name ``user`` may write."""
    return list(Organisation.objects.filter(pk__in=organisation_ids_written_by(user)).order_by("search_text", "pk"))


def hidden_authors_of(messages: Iterable[Message]) -> dict[int, User]:
    """Return who wrote each anonymous message, for moderators alone."""
    ids = [message.pk for message in messages if message.is_anonymous]
    if not ids:
        return {}
    return {row.post_id: row.user for row in HiddenAuthor.objects.filter(post__in=ids).select_related("user")}
