"""How well questions are answered: what animators look at."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from forum.community.models import Discussion
from forum.community.models.discussions import moderated_by
from portal.accounts.rules import AnyUser
from portal.core.money import format_percent

#: Questions counted: of the last 90 days, so that the rate says how things stand now.
PERIOD = timedelta(days=90)
#: "Answered in time": within 48 hours, week-ends included, as a reader feels it.
IN_TIME = timedelta(hours=48)


@dataclass(frozen=True)
class AnswerFigures:
    """Counts of questions; ``rate`` is the share answered in time, in per cent, None without any question."""

    asked: int
    answered_in_time: int
    waiting: int
    passed_on: int

    @property
    def rate(self) -> int | None:
        """The answer rate within 48 hours."""
        return round(100 * self.answered_in_time / self.asked) if self.asked else None

    @property
    def rate_shown(self) -> str:
        """The rate as the French write it."""
        return format_percent(Decimal(self.rate)) if self.rate is not None else ""


def answer_figures(user: AnyUser) -> AnswerFigures:
    """Return the figures of the questions that ``user`` moderates; four short counts."""
    own = Discussion.objects.published().filter(moderated_by(user), is_question=True)
    lately = own.filter(topic__created__gt=timezone.now() - PERIOD)
    return AnswerFigures(
        asked=lately.count(),
        answered_in_time=lately.filter(first_answer_at__lte=F("topic__created") + IN_TIME).count(),
        waiting=own.unanswered().count(),
        passed_on=own.unanswered().exclude(escalated_at=None).count(),
    )
