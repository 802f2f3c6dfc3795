"""What is planned: events, the parts of their day, and all that is said about them."""

import uuid
from typing import Any, cast

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from recurrence.fields import RecurrenceField

from agenda.enums import (
    SHOWN_STATUSES,
    Access,
    DocumentAccess,
    EventKind,
    EventStatus,
    Mode,
    OrganiserRole,
    QuestionKind,
    RegistrationMode,
)
from agenda.rules import accesses_of
from directory.models import Organisation
from directory.selectors import organisation_ids_written_by
from portal.accounts.models import User
from portal.accounts.rules import AnyUser, animated_by, is_administrator, is_member
from portal.core.money import format_file_size
from portal.core.storage import private_storage
from portal.core.uploads import describe_upload, validate_document
from portal.taxonomy.models import Audience, Territory, Theme
from project_sheets.models import ProjectSheetPage

MARKDOWN_HELP = _("Markdown: **bold**, lists, [links](https://…).")
#: Words that begin other addresses of the agenda.
RESERVED_SLUGS = frozenset(
    {
        *("calendrier", "carte", "documents", "flux", "inscriptions", "integration", "mois", "pointage"),
        *("semaine",),
    }
)


class EventQuerySet(models.QuerySet["Event"]):
    """Reads of events; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "EventQuerySet":
        """Keep what ``user`` may read: announced to an audience of theirs, or theirs to prepare."""
        return self.filter(reading_condition(user))

    def editable_by(self, user: AnyUser) -> "EventQuerySet":
        """Keep what ``user`` prepares: events of a region they animate, or that their organisation organises."""
        if is_administrator(user):
            return self
        return self.filter(editing_condition(cast("User", user))) if is_member(user) else self.none()

    def animated_by(self, user: AnyUser) -> "EventQuerySet":
        """Keep what ``user`` may publish: events of a region that they animate."""
        return self.filter(animated_by(user, "region"))


def reading_condition(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition "``user`` may read this event"; ``prefix`` leads to it ("event__")."""
    if is_administrator(user):
        return Q()
    shown = Q(**{f"{prefix}status__in": SHOWN_STATUSES})
    readable = shown & Q(**{f"{prefix}visibility__in": accesses_of(user)})
    if is_member(user):
        account = cast("User", user)
        invited = Invitee.objects.of(account).values("event")
        readable |= shown & Q(**{f"{prefix}pk__in": invited, f"{prefix}visibility": Access.INVITED})
        readable |= editing_condition(account, prefix)
    return readable


def editing_condition(user: User, prefix: str = "") -> Q:
    """Return the condition "``user`` prepares this event"."""
    organised = Organiser.objects.filter(
        role=OrganiserRole.ORGANISES, organisation__in=organisation_ids_written_by(user)
    )
    # The few events of the person's organisations: asked of each event, PostgreSQL reckons with millions of
    # steps and compiles the query, which takes it longer than to answer.
    return animated_by(user, f"{prefix}region") | Q(**{f"{prefix}pk__in": organised.values("event")})


class Event(models.Model):
    """Something to which people come, once or several times; its dates are its ``occurrences``.

    It holds no count of places: those are in its sessions, and change under their lock alone.
    """

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(_("slug"), max_length=160, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=EventKind, default=EventKind.OTHER)
    status = models.CharField(_("status"), max_length=10, choices=EventStatus, default=EventStatus.DRAFT)
    visibility = models.CharField(_("who sees it"), max_length=10, choices=Access, default=Access.PUBLIC)
    summary = models.CharField(_("summary"), max_length=300)
    body = models.TextField(_("presentation"), blank=True, max_length=20_000, help_text=MARKDOWN_HELP)
    follow_up = models.TextField(_("what follows"), blank=True, max_length=5_000, help_text=MARKDOWN_HELP)
    themes = models.ManyToManyField(Theme, blank=True, related_name="events", verbose_name=_("themes"))
    audiences = models.ManyToManyField(Audience, blank=True, related_name="events", verbose_name=_("audiences"))
    #: Whose animators look after it; None for an event of the whole country.
    region = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="regional_events", verbose_name=_("region")
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="events", verbose_name=_("territory")
    )
    sheets = models.ManyToManyField(
        ProjectSheetPage, blank=True, related_name="presenting_events", verbose_name=_("projects presented")
    )

    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    recurrence = RecurrenceField(verbose_name=_("recurrence"), null=True, blank=True, include_dtstart=False)
    #: ISO dates taken out of the rule.
    excluded_days = models.JSONField(_("dates left out"), default=list, blank=True)

    mode = models.CharField(_("how one takes part"), max_length=5, choices=Mode, default=Mode.ON_SITE)
    venue = models.CharField(_("place"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    online_url = models.URLField(_("link of the video conference"), max_length=300, blank=True)

    registration_mode = models.CharField(
        _("registration"), max_length=8, choices=RegistrationMode, default=RegistrationMode.INTERNAL
    )
    registration_url = models.URLField(_("address of the other site"), max_length=300, blank=True)
    opens_days_before = models.PositiveSmallIntegerField(
        _("opens, in days before"), null=True, blank=True, validators=[MaxValueValidator(730)]
    )
    closes_hours_before = models.PositiveSmallIntegerField(
        _("closes, in hours before"), default=0, validators=[MaxValueValidator(720)]
    )
    needs_approval = models.BooleanField(_("each registration is approved"), default=False)
    has_waiting_list = models.BooleanField(_("waiting list when it is full"), default=True)
    contact_email = models.EmailField(_("organisers’ address"), blank=True)

    source_url = models.URLField(_("source"), blank=True)
    source_label = models.CharField(_("name of the source"), max_length=160, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("reason of the cancellation"), max_length=300, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "visibility"], name="event_status_visibility")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the event's page."""
        return reverse("agenda:event", args=[self.slug])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a slug on the first save; it never changes, since addresses are stable."""
        if self.slug:
            super().save(*args, **kwargs)
            return
        self.slug = self._free_slug()
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except IntegrityError:
            if not Event.objects.filter(slug=self.slug).exists():
                raise
            # Another event took it in the same instant.
            self.slug = self._free_slug()
            super().save(*args, **kwargs)

    def _free_slug(self) -> str:
        base = slugify(self.title)[:140] or "evenement"
        taken = {*Event.objects.filter(slug__startswith=base).values_list("slug", flat=True), *RESERVED_SLUGS}
        # A slug of figures alone would be read as a year.
        candidates = [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))]
        return next(slug for slug in candidates if slug not in taken and not slug.isdecimal())

    @property
    def is_shown(self) -> bool:
        """Whether its audience may read it."""
        return self.status in SHOWN_STATUSES

    @property
    def is_on_site(self) -> bool:
        """Whether people may come to a place."""
        return self.mode in {Mode.ON_SITE, Mode.BOTH}

    @property
    def is_online(self) -> bool:
        """Whether people may take part from afar."""
        return self.mode in {Mode.ONLINE, Mode.BOTH}


class Organiser(models.Model):
    """What an organisation does for an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="organisers", verbose_name=_("event"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="organised_events", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=8, choices=OrganiserRole, default=OrganiserRole.ORGANISES)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["event", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "organisation"], name="organiser_once")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.organisation}"


class SessionPlan(models.Model):
    """A part of the event's day, with an audience and a capacity of its own; every event has one at least.

    Its times are on the clock of the event's time zone; an archive may have none. A capacity of None
    is without limit.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="plans", verbose_name=_("event"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=120, blank=True)
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    access = models.CharField(_("audience"), max_length=10, choices=Access, default=Access.PUBLIC)
    audience_note = models.CharField(_("who is expected"), max_length=400, blank=True)
    method = models.CharField(_("method"), max_length=120, blank=True)
    day_offset = models.PositiveSmallIntegerField(
        _("day of the event"), default=0, validators=[MaxValueValidator(13)], help_text=_("0 for the first day.")
    )
    start_time = models.TimeField(_("begins at"), null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"), null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    capacity_onsite = models.PositiveSmallIntegerField(_("places on site"), null=True, blank=True)
    capacity_online = models.PositiveSmallIntegerField(_("places online"), null=True, blank=True)

    class Meta:
        verbose_name = _("part of an event")
        verbose_name_plural = _("parts of events")
        ordering = ["event", "day_offset", "start_time", "position", "pk"]

    def __str__(self) -> str:
        return self.title or self.event.title


class Contribution(models.Model):
    """What an organisation presents during an event."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="contributions", verbose_name=_("event"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contributions",
        verbose_name=_("organisation"),
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("in more words"), blank=True, max_length=5_000, help_text=MARKDOWN_HELP)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """What is asked of those who register, beside their name: as little as needed."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="questions", verbose_name=_("event"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = models.CharField(_("question"), max_length=200)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=QuestionKind, default=QuestionKind.LINE)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_required = models.BooleanField(_("an answer is required"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.label


class EventDocument(models.Model):
    """A file of the event, in the private storage; what it is and its size are read from the file itself.

    With ``occurrence`` it belongs to one date: its minutes, its slides. Without, to all of them.
    """

    event = models.ForeignKey(Event, models.CASCADE, related_name="documents", verbose_name=_("event"))
    occurrence = models.ForeignKey(
        "agenda.Occurrence", models.CASCADE, null=True, blank=True, related_name="documents", verbose_name=_("date")
    )
    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=200, help_text=_("What the document is, not the name of the file."))
    file = models.FileField(
        _("file"), upload_to="events/%Y/%m", storage=private_storage, validators=[validate_document]
    )
    access = models.CharField(_("who reads it"), max_length=10, choices=DocumentAccess, default=DocumentAccess.MEMBERS)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    format = models.CharField(_("format"), max_length=8, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False, default=0)
    sha256 = models.CharField(_("fingerprint"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("document of an event")
        verbose_name_plural = _("documents of events")
        ordering = ["event", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_size(self) -> str:
        """The size as people say it: "0,50 Mo"."""
        return format_file_size(self.size)

    def get_absolute_url(self) -> str:
        """Return the address that serves the file to those who may read it."""
        return reverse("agenda:document", args=[self.uid, slugify(self.title)[:80] or "document"])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Describe a new file."""
        if self.file and (not self.sha256 or not self.file._committed):
            description = describe_upload(self.file)
            self.format, self.size, self.sha256 = description.format, description.size, description.sha256
            if self.file._committed:
                self.file.close()
        super().save(*args, **kwargs)


class InviteeQuerySet(models.QuerySet["Invitee"]):
    """Reads of invitations to closed events."""

    def of(self, user: User) -> "InviteeQuerySet":
        """Keep the invitations of ``user``."""
        return self.filter(email=user.email.lower())


class Invitee(models.Model):
    """Somebody whom the organisers of a closed event let in, by the address of their account in small letters."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="invitees", verbose_name=_("event"))
    email = models.EmailField(_("e-mail address"))

    objects = InviteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("invited person")
        verbose_name_plural = _("invited people")
        ordering = ["event", "email"]
        constraints = [models.UniqueConstraint(fields=["event", "email"], name="invited_once")]
        # What every list of a member asks.
        indexes = [models.Index(fields=["email"], name="invited_by_address")]

    def __str__(self) -> str:
        return str(self.event)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address as accounts keep theirs."""
        self.email = self.email.lower()
        super().save(*args, **kwargs)
