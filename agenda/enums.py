"""The choices of the agenda."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    SESSION_LAB = "session-lab", _("Session Lab")
    WEBINAR = "webinaire", _("Webinar")
    WORKSHOP = "atelier", _("Workshop")
    COMMITTEE = "comite", _("Committee")
    OTHER = "autre", _("Other meeting")


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("to be approved")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")
    #: Something that took place before the portal told of it; the only one that may have no date.
    ARCHIVED = "archived", _("archive")


#: What readers see, whom the event's audience lets.
SHOWN_STATUSES = (EventStatus.PUBLISHED, EventStatus.CANCELLED, EventStatus.ARCHIVED)
#: What is announced: calendars, search engines, themes.
ANNOUNCED_STATUSES = (EventStatus.PUBLISHED, EventStatus.ARCHIVED)


class Access(models.TextChoices):
    PUBLIC = "public", _("Open to all")
    MEMBERS = "members", _("Members of the community")
    LAUREATES = "laureates", _("Project holders retained by a call")
    INVITED = "invited", _("Invited people only")


class Mode(models.TextChoices):
    ON_SITE = "site", _("On site")
    ONLINE = "visio", _("Online")
    BOTH = "mixte", _("On site and online")


class Attending(models.TextChoices):
    """How one person takes part."""

    ON_SITE = "site", _("On site")
    ONLINE = "visio", _("Online")


class RegistrationMode(models.TextChoices):
    NONE = "none", _("No registration")
    INTERNAL = "internal", _("Registration on the portal")
    EXTERNAL = "external", _("Registration on another site")


class OrganiserRole(models.TextChoices):
    ORGANISES = "organise", _("Organised by")
    SUPPORTS = "appui", _("With the support of")
    LINKED = "lien", _("In connection with")


class OccurrenceStatus(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    CANCELLED = "cancelled", _("cancelled")


class RegistrationState(models.TextChoices):
    #: A guest has not opened the link of the mail yet: holds no place.
    UNCONFIRMED = "unconfirmed", _("address to confirm")
    PENDING = "pending", _("to be approved")
    CONFIRMED = "confirmed", _("registered")
    WAITING = "waiting", _("on the waiting list")
    #: A place has come free and is kept for this person until they answer.
    OFFERED = "offered", _("place offered, to be confirmed")
    REJECTED = "rejected", _("refused")
    CANCELLED = "cancelled", _("cancelled")


#: Those that hold a place.
SEATED_STATES = (RegistrationState.CONFIRMED, RegistrationState.OFFERED)
#: Those of which a person has one at most for a session.
LIVE_STATES = (*SEATED_STATES, RegistrationState.PENDING, RegistrationState.WAITING)


class Attendance(models.TextChoices):
    UNKNOWN = "", _("not noted")
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")


class QuestionKind(models.TextChoices):
    LINE = "line", _("A short answer")
    TEXT = "text", _("A longer answer")
    CHOICE = "choice", _("One choice in a list")
    YES_NO = "yes-no", _("Yes or no")


class DocumentAccess(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Members")
    REGISTERED = "registered", _("Registered people")


class Frequency(models.TextChoices):
    """How a series comes back, in the words of our form."""

    ONCE = "once", _("It does not come back")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY_DATE = "monthly-date", _("Every month, on the same date")
    MONTHLY_DAY = "monthly-day", _("Every month, on the same day of the week (second Tuesday…)")
    YEARLY = "yearly", _("Every year")


class AnnouncementAudience(models.TextChoices):
    NOBODY = "nobody", _("Nobody: those who follow its themes will learn of it as they wish")
    LAUREATES = "laureates", _("The project holders of the region")
    REGION = "region", _("The members who act in the region")
    MEMBERS = "members", _("All the members")
