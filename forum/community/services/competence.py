"""Questions that nobody answers: passed on to members who offered to help, and to animators."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.enums import SEEN_BY_MEMBERS
from directory.models import Profile
from forum.community.models import AnswerOffer, AnswerRequest, Discussion
from forum.community.models.discussions import readable_space_ids
from forum.community.selectors.people import author_ids
from forum.community.services.news import tell_unanswered
from portal.accounts.models import User
from portal.core.working_days import working_hours_before
from portal.taxonomy.models import Territory, Theme

#: A question waits this long, on working days, before others are asked.
HOURS = 48
#: Members asked about one question.
ASKED = 3


def offer_to_answer(*, user: User, offers: bool) -> None:
    """Note that ``user`` agrees to be asked, or no longer does."""
    if offers:
        AnswerOffer.objects.get_or_create(user=user)
    else:
        AnswerOffer.objects.filter(user=user).delete()


def pass_on_unanswered(*, now: datetime | None = None) -> int:
    """Ask competent members and tell animators of each question that has waited long enough; returns how many.

    A job calls this; each question is passed on once.
    """
    now = now or timezone.now()
    waiting = Discussion.objects.published().unanswered()
    waiting = waiting.filter(escalated_at=None, topic__created__lte=working_hours_before(now, HOURS))
    done = 0
    for pk in list(waiting.order_by("topic__created").values_list("pk", flat=True)[:200]):
        done += _pass_on(pk, now)
    return done


@transaction.atomic
def _pass_on(pk: int, now: datetime) -> int:
    """Pass one question on; 0 where another worker has."""
    held = Discussion.objects.select_for_update(of=("self",))
    discussion = held.select_related("topic__forum__space__theme", "territory").get(pk=pk)
    if discussion.escalated_at is not None:
        return 0
    discussion.escalated_at = now
    discussion.save(update_fields=["escalated_at"])
    requests = [
        AnswerRequest(user=user, topic=discussion.topic, reason=reason, asked_at=now)
        for user, reason in competent_members(discussion, now=now)
    ]
    AnswerRequest.objects.bulk_create(requests, ignore_conflicts=True)
    tell_unanswered(discussion=discussion)
    return 1


def competent_members(discussion: Discussion, *, now: datetime) -> Iterable[tuple[User, str]]:
    """Return who is asked about ``discussion``, each with the reason: three at most.

    Members who offered, read the space, said in their profile that they work on its theme — and, best,
    on its place —, were asked less than twice in the last seven days and did not ask themselves. Those asked
    least lately come first, so that the same people do not carry everything.
    """
    space, theme = discussion.topic.forum.space, discussion.topic.forum.space.theme
    asked_by = author_ids([discussion.topic.first_post_id or 0]).get(discussion.topic.first_post_id or 0)
    recent = Count("user__answer_requests", filter=Q(user__answer_requests__asked_at__gt=now - timedelta(days=7)))
    offered = AnswerOffer.objects.filter(user=OuterRef("user_id"))
    profiles = Profile.objects.listed().filter(Exists(offered)).exclude(user=asked_by).annotate(recent=recent)
    profiles = profiles.filter(recent__lt=AnswerRequest.A_WEEK)
    if theme is not None:
        themes = Theme.objects.filter(Q(pk=theme.pk) | Q(pk=theme.parent_id) | Q(parent=theme)).values("pk")
        on_theme = Profile.themes.through.objects.filter(profile_id=OuterRef("pk"), theme__in=themes)
        profiles = profiles.filter(Exists(on_theme), themes_visibility__in=SEEN_BY_MEMBERS)
    here = _here(discussion.territory)
    profiles = profiles.annotate(is_here=here).select_related("user").order_by("-is_here", "recent", "pk")
    readers = (profile for profile in profiles[: ASKED * 5] if space.pk in readable_space_ids(profile.user))
    chosen = list(islice(readers, ASKED))
    return [(profile.user, _reason(discussion, is_here=profile.is_here)) for profile in chosen]


def _here(territory: Territory | None) -> Exists:
    places = Profile.territories.through.objects.filter(profile_id=OuterRef("pk"))
    if territory is None:
        return Exists(places.none())
    touching = Territory.objects.touching([territory]).values("pk")
    return Exists(places.filter(territory__in=touching, profile__territories_visibility__in=SEEN_BY_MEMBERS))


def _reason(discussion: Discussion, *, is_here: bool) -> str:
    theme = discussion.topic.forum.space.theme
    if theme is not None and is_here:
        values = {"theme": theme.name, "place": discussion.territory}
        return _("You offered to answer, and your profile says that you work on “%(theme)s” in %(place)s.") % values
    if theme is not None:
        return _("You offered to answer, and your profile says that you work on “%(theme)s”.") % {"theme": theme.name}
    return _("You offered to answer questions of the community.")
