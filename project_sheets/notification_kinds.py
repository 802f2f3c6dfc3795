"""What the review of sheets tells people on the site, and that sheets can be followed.

Every step of a review has a mail of its own, with what the team wrote and the way to the form
(``mails.py``, queued in ``review.signals``). The ledger therefore tells these steps on the site alone,
and those whom such a mail tells of a publication are no readers of it besides. Whether an old sheet is
still right is asked by the ledger itself, with a link of each person's own.
"""

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.dates import format_day
from portal.notifications.enums import Rhythm
from portal.notifications.follows import declare_followable
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event
from portal.notifications.selectors import followers_as_recipients
from project_sheets.editing.selectors import told_of
from project_sheets.enums import EventKind
from project_sheets.living.rules import STILL_TRUE, still_true_group
from project_sheets.living.selectors import fresh_since
from project_sheets.living.tokens import confirmation_token
from project_sheets.models import ProjectSheetPage, SheetLead


def online_group(sheet_id: int) -> str:
    """Return the group of what readers are told of a sheet: its public page marks it as read."""
    return f"project_sheets.online:{sheet_id}"


def _reviewers(event: Event) -> Iterator[Recipient]:
    """Yield the animators of the sheet's region."""
    animators = User.objects.filter(groups__region_team__territory=event.about.region_id)
    for pk in animators.order_by("pk").values_list("pk", flat=True):
        yield Recipient(pk)


def _authors(event: Event) -> Iterator[Recipient]:
    """Yield who submitted the sheet, then its leads."""
    if submitter := event.data.get("submitted_by"):
        yield Recipient(submitter, str(_("You submitted this sheet.")))
    for pk in SheetLead.objects.filter(sheet_id=event.about.pk).order_by("pk").values_list("user_id", flat=True):
        yield Recipient(pk)


def _telling(title: str, page: str) -> Callable[[Event, User], Telling | None]:
    """Tell of a sheet; ``page`` is where one reads of it: its form, or the review. Never the admin."""

    def tell(event: Event, user: User) -> Telling | None:
        sheet = ProjectSheetPage.objects.visible_to(user).filter(pk=event.object_id).first()
        if sheet is None:
            return None
        url = reverse(page, args=[sheet.uid])
        return Telling(
            _(title) % {"title": sheet.draft_title}, url, f"project_sheets.sheet:{sheet.pk}", sheet.draft_title
        )

    return tell


def _followers(event: Event) -> Iterator[Recipient]:
    """Yield who follows a theme or a territory of the sheet, and was not mailed that it is online."""
    told = _writers_told(event.about)
    yield from (recipient for recipient in _readers(event.about) if recipient.user_id not in told)


def _readers(sheet: ProjectSheetPage) -> Iterator[Recipient]:
    for theme in sheet.themes.all():
        yield from followers_as_recipients(theme, reason=_("You follow the theme %(name)s.") % {"name": theme.name})
    for place in sheet.territories.all():
        yield from followers_as_recipients(place, reason=_("You follow the territory %(name)s.") % {"name": place.name})


def _sheet_followers(event: Event) -> Iterator[Recipient]:
    """Yield who follows the sheet itself, and was not mailed that its new version is online."""
    told = _writers_told(event.about)
    followers = followers_as_recipients(event.about)
    yield from (recipient for recipient in followers if recipient.user_id not in told)


def _writers_told(sheet: ProjectSheetPage) -> set[int]:
    """Return whom the end of the review told that the sheet is online; nobody where there was no review."""
    if not sheet.events.filter(kind=EventKind.PUBLISHED).exists():
        return set()
    submitted = sheet.events.filter(kind=EventKind.SUBMITTED).first()
    told = set(sheet.leads.values_list("user_id", flat=True))
    return told | {submitted.by_id} if submitted and submitted.by_id else told


def _telling_online(title: str) -> Callable[[Event, User], Telling | None]:
    """Tell of what is online; the way leads to the public page."""

    def tell(event: Event, user: User) -> Telling | None:
        sheet = ProjectSheetPage.objects.visible_to(user).filter(pk=event.object_id, live=True).first()
        if sheet is None:
            return None
        said = _(title) % {"title": sheet.title}
        return Telling(said, sheet.public_path, online_group(sheet.pk), sheet.title)

    return tell


def _leads(event: Event) -> Iterator[Recipient]:
    """Yield who looks after the sheet."""
    yield from (Recipient(user.pk) for user in told_of(event.about))


def _ask_whether_still_true(event: Event, user: User) -> Telling | None:
    """Ask one of those who look after an old sheet; nothing once it is confirmed, published anew or offline."""
    sheet = ProjectSheetPage.objects.live().filter(pk=event.object_id, leads__user=user).first()
    since = fresh_since(sheet) if sheet is not None else None
    if sheet is None or str(since) != event.data.get("since"):
        return None
    asked = _("Your sheet “%(title)s” dates from %(when)s. Is it still right?")
    how = _("One click confirms it, without signing in. If something has changed, update it.")
    return Telling(
        _("Sheet to confirm: %(title)s") % {"title": sheet.title},
        reverse("sheet_editing:overview", args=[sheet.uid]),
        still_true_group(sheet.pk),
        sheet.title,
        text=f"{asked % {'title': sheet.title, 'when': format_day(since)}}\n\n{how}",
        mail_url=reverse("sheet_living:confirm", args=[confirmation_token(sheet=sheet, user_id=user.pk)]),
    )


declare_followable(
    "project_sheets.ProjectSheetPage",
    label=gettext_lazy("Project sheet"),
    visible=ProjectSheetPage.objects.visible_to,
    url=lambda sheet: sheet.public_path,
)
declare(
    NotificationKind(
        key="sheet.submitted",
        label=gettext_lazy("A sheet waits for review"),
        reason=gettext_lazy("You animate the region of this sheet."),
        audience=_reviewers,
        telling=_telling(gettext_noop("“%(title)s” waits for your review"), "sheet_review:detail"),
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="sheet.approved",
        label=gettext_lazy("A sheet is published"),
        reason=gettext_lazy("You look after this sheet."),
        audience=_authors,
        telling=_telling(gettext_noop("“%(title)s” is published"), "sheet_editing:overview"),
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
    )
)
declare(
    NotificationKind(
        key="sheet.rejected",
        label=gettext_lazy("A sheet needs changes"),
        reason=gettext_lazy("You look after this sheet."),
        audience=_authors,
        telling=_telling(gettext_noop("“%(title)s” needs changes"), "sheet_editing:overview"),
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
    )
)
declare(
    NotificationKind(
        key="sheet.published",
        label=gettext_lazy("A new sheet on what I follow"),
        reason=gettext_lazy("You follow one of the themes or territories of this sheet."),
        audience=_followers,
        telling=_telling_online(gettext_noop("New sheet: “%(title)s”")),
        visible=ProjectSheetPage.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key="sheet.updated",
        label=gettext_lazy("A new version of a sheet that I follow"),
        reason=gettext_lazy("You follow this sheet."),
        audience=_sheet_followers,
        telling=_telling_online(gettext_noop("New version of the sheet “%(title)s”")),
        visible=ProjectSheetPage.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key=STILL_TRUE,
        label=gettext_lazy("A sheet of mine to confirm"),
        reason=gettext_lazy("You look after this sheet. You receive this at most once in thirty days."),
        audience=_leads,
        telling=_ask_whether_still_true,
        default=Rhythm.NOW,
        mail="project_sheets.still_true",
    )
)
