"""Reads of what a person has on the portal."""

from allauth.account.models import EmailAddress
from django.db.models import Count, IntegerField, QuerySet, Value
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.data_rights.models import Consent, DataExport, ErasureRequest
from portal.accounts.models import EmailChange, User
from portal.accounts.personal_data import Obstacle, Person, PersonalData, obstacles, personal_data

#: What people agree to, as "My data" words it.
CONSENT_LABELS: dict[str, str | Promise] = {
    "charter": _("Charter of the community"),
    "public_profile": _("Parts of your profile shown to everyone on the Internet"),
}


def person_of(user: User) -> Person:
    """Return ``user`` with every address that is proven to be theirs, or was: mails are kept under the old ones."""
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    changes = EmailChange.objects.filter(user=user, status=EmailChange.Status.DONE)
    # An address may have passed on to somebody else since, an office's for instance.
    others = User.objects.exclude(pk=user.pk).values_list(Lower("email"), flat=True)
    former = changes.annotate(former=Lower("old_email")).exclude(former__in=others).values_list("former", flat=True)
    known = {user.email, *verified, *former}
    return Person(user, tuple(sorted({email.lower() for email in known})))


def obstacles_of(user: User) -> list[Obstacle]:
    """Return what keeps ``user`` from leaving now."""
    return [obstacle for check in obstacles for obstacle in check(user)]


def consents_of(user: User) -> list[tuple[str, Consent]]:
    """Return the consents of ``user`` with their wording, the latest first."""
    return [(str(CONSENT_LABELS.get(one.subject, one.subject)), one) for one in Consent.objects.filter(user=user)]


def held_records(user: User) -> list[dict[str, object]]:
    """Return what the portal holds of ``user``: a purpose and a number of records for each kind."""
    declared_kinds = list(personal_data)
    counts = _count_records(declared_kinds, person_of(user))
    return [
        {
            "label": str(declared.purpose),
            "value": ngettext("%(count)s record", "%(count)s records", number) % {"count": number},
        }
        for declared, number in zip(declared_kinds, counts, strict=True)
        if number
    ]


def _count_records(kinds: list[PersonalData], person: Person) -> list[int]:
    """Return how many records of each of ``kinds`` hold something of ``person``; one query for all of them."""
    rows = [
        declared.records_of(person)
        .order_by()
        .values(place=Value(place, output_field=IntegerField()))
        .annotate(number=Count("*"))
        for place, declared in enumerate(kinds)
    ]
    found = {row["place"]: row["number"] for row in rows[0].union(*rows[1:], all=True)}
    return [found.get(place, 0) for place in range(len(kinds))]


def latest_export(user: User) -> DataExport | None:
    """Return the export that is being made or can be downloaded."""
    latest = DataExport.objects.filter(user=user).first()
    if latest is None or latest.is_being_made:
        return latest
    return DataExport.objects.ready_for(user).first()


def erasure_of(user: User) -> ErasureRequest | None:
    """Return the request of ``user`` to leave, if they made one."""
    return ErasureRequest.objects.filter(user=user).first()


def due_erasures(now: object) -> QuerySet[ErasureRequest]:
    """Return the requests whose delay is over."""
    return ErasureRequest.objects.filter(due_at__lte=now).select_related("user")
