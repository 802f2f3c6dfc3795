"""Personal data of the project sheets."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import User
from portal.accounts.personal_data import (
    Obstacle,
    OnErasure,
    Person,
    declare,
    declare_cleaning,
    declare_obstacle,
    declare_other_people,
)
from project_sheets.enums import EventKind
from project_sheets.models import SheetCorrection, SheetEvent, SheetLead

declare(
    "project_sheets.SheetLead",
    owner="user",
    purpose=gettext_lazy("Sheets that you look after"),
    fields=("sheet", "added_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "project_sheets.SheetEvent",
    owner="by",
    purpose=gettext_lazy("What you did on sheets"),
    fields=("sheet", "kind", "on_behalf_of", "text", "at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "project_sheets.SheetInvitation",
    owner="email",
    purpose=gettext_lazy("Invitations to look after sheets that you received"),
    fields=("sheet", "email", "hands_over", "created_at", "accepted_at"),
    on_erasure=OnErasure.DELETE,
    by_email=True,
)
declare(
    "project_sheets.SheetCorrection",
    owner="author",
    purpose=gettext_lazy("Corrections that you proposed"),
    fields=("sheet", "text", "status", "answer", "created_at"),
    on_erasure=OnErasure.ANONYMISE,
    emptied={"email": ""},
)
declare(
    "project_sheets.LaureateImport",
    owner="owner",
    purpose=gettext_lazy("Lists of laureates that you imported"),
    fields=("call", "file_name", "state", "created", "created_at"),
    on_erasure=OnErasure.DELETE,
)
declare_other_people(
    "project_sheets.Testimony",
    because="the words of somebody named by a first name or a function, with the date of their written consent; "
    "they have no account, and the sheet's leads take the words away on demand",
)


def _sheets_left_alone(user: User) -> Iterator[Obstacle]:
    """Yield the published sheets whose only lead ``user`` is."""
    others = SheetLead.objects.filter(sheet=OuterRef("sheet"), user__is_active=True).exclude(user=user)
    alone = SheetLead.objects.filter(~Exists(others), user=user, sheet__live=True).select_related("sheet")
    for lead in alone:
        yield Obstacle(
            _("Nobody else looks after the sheet “%(title)s”: ask the team of your region to name another person.")
            % {"title": lead.sheet.title},
            reverse("content:contact"),
            _("Write to the team"),
        )


declare_obstacle("project_sheets", _sheets_left_alone)


def _forget_names(person: Person) -> None:
    """Take the name of somebody who leaves out of the sheets' journal, and the address that they gave as a visitor."""
    name = str(person.account)
    named = Q(text=name) | Q(by=person.account.pk, kind=EventKind.LEAD_ADDED)
    SheetEvent.objects.filter(named, kind__in=(EventKind.LEAD_ADDED, EventKind.LEAD_LEFT)).update(text="")
    for email in person.emails:
        SheetCorrection.objects.filter(email__iexact=email).update(email="")


declare_cleaning("project_sheets", _forget_names)
