"""The restitution of a date: written, published, sent to those who came."""

from django.db import transaction
from django.utils import timezone

from agenda.enums import Attendance, RegistrationState
from agenda.links import absolute
from agenda.models import Occurrence, Registration, Session, Subject
from agenda.services.mailing import tell_participant


class NothingToTell(Exception):
    """A restitution cannot be published: nothing is written, and no file is there."""


@transaction.atomic
def save_outcome(
    *, occurrence: Occurrence, report: str, outcomes: dict[int, str], subjects: dict[int, list[str]]
) -> None:
    """Write what came out of a date: by part (session), its outcome and its subjects in order; then the whole.

    A subject that keeps its title keeps its theme. For the event's organisers.
    """
    for session in occurrence.sessions.all():
        if session.pk in outcomes:
            # Its places may be changing meanwhile: they are not ours to write.
            Session.objects.filter(pk=session.pk).update(outcome=outcomes[session.pk])
        if session.pk in subjects:
            _write_subjects(session, subjects[session.pk])
    # Last: by it what is shown and found of the event is made anew.
    occurrence.report = report
    occurrence.save(update_fields=["report"])


def _write_subjects(session: Session, titles: list[str]) -> None:
    themes = dict(session.subjects.values_list("title", "theme_id"))
    session.subjects.all().delete()
    Subject.objects.bulk_create(
        Subject(session=session, rank=rank, title=title, theme_id=themes.get(title))
        for rank, title in enumerate(titles, 1)
    )


@transaction.atomic
def publish_report(*, occurrence: Occurrence) -> bool:
    """Show the restitution to the event's audience; False where it is shown already. For the organisers.

    Raises NothingToTell.
    """
    fresh = Occurrence.objects.select_for_update(of=("self",)).select_related("event").get(pk=occurrence.pk)
    if fresh.report_published_at is not None:
        return False
    if not Occurrence.objects.filter(pk=fresh.pk).with_outcome().exists():
        raise NothingToTell
    fresh.report_published_at = timezone.now()
    fresh.save(update_fields=["report_published_at"])
    return True


def write_report_mails(*, occurrence_id: int) -> int:
    """Queue one mail to each person who came, absent ones left out; returns how many. For a worker."""
    came = Registration.objects.filter(
        session__occurrence=occurrence_id,
        session__occurrence__report_published_at__isnull=False,
        state=RegistrationState.CONFIRMED,
    ).exclude(attendance=Attendance.ABSENT)
    related = ("user", "guest", "session__plan", "session__occurrence__event")
    told = set()
    for registration in came.select_related(*related).order_by("pk"):
        # Who came to both parts of a day reads of it once.
        if registration.email not in told:
            told.add(registration.email)
            url = absolute(f"{registration.session.occurrence.get_absolute_url()}restitution/")
            tell_participant("report", registration, turn="1", url=url)
    return len(told)
