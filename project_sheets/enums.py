"""Choices of the fact sheets."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    PLANNED = "planned", _("planned")
    ONGOING = "ongoing", _("ongoing")
    ENDED = "ended", _("ended")
    STOPPED = "stopped", _("stopped")


class PartnerRole(models.TextChoices):
    CONSORTIUM = "consortium", _("member of the consortium")
    DELIVERY = "delivery", _("takes part in the delivery")
    PARTNER = "partner", _("partner")
    EMPLOYER = "employer", _("employers’ body")
    SUPPORT = "support", _("support")


class FundingCategory(models.TextChoices):
    STATE = "state", _("State")
    EU = "eu", _("European Union")
    REGION = "region", _("Region")
    DEPARTMENT = "department", _("Department")
    COMMUNE = "commune", _("Municipality")
    SOCIAL_SECURITY = "social_security", _("Social security")
    PRIVATE = "private", _("private")
    OWN = "own", _("own funds")


class AmountStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    GRANTED = "granted", _("granted")
    PAID = "paid", _("paid")


class Periodicity(models.TextChoices):
    ANNUAL = "annual", _("per year")
    WHOLE = "whole", _("over the whole project")


class DocumentKind(models.TextChoices):
    REPORT = "report", _("report")
    POSTER = "poster", _("poster")
    FLYER = "flyer", _("flyer")
    CHART = "chart", _("organisation chart")
    AGREEMENT = "agreement", _("agreement")
    OTHER = "other", _("other")


class EventKind(models.TextChoices):
    CREATED = "created", _("created")
    SUBMITTED = "submitted", _("submitted for publication")
    WITHDRAWN = "withdrawn", _("withdrawn from review")
    CHANGES_ASKED = "changes", _("changes asked")
    REFUSED = "refused", _("refused")
    SCHEDULED = "scheduled", _("accepted, publication planned")
    UNSCHEDULED = "unscheduled", _("planned publication called off")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")
    REOPENED = "reopened", _("taken out of the archive")
    CONFIRMED = "confirmed", _("confirmed as still true")
    RESTORED = "restored", _("older version restored")
    LEAD_ADDED = "lead_added", _("lead added")
    LEAD_LEFT = "lead_left", _("lead removed")
    CORRECTED = "corrected", _("correction accepted")


class CorrectionStatus(models.TextChoices):
    OPEN = "open", _("to answer")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")
