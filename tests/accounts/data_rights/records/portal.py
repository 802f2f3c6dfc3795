"""Joining, the contact form, uploads, moderation, search."""

from datetime import timedelta

from django.utils import timezone

from portal.accounts.models import User
from portal.content.models import ContactMessage
from portal.joining.enums import RegistrationState
from portal.joining.models import DismissedSteps, Invitation, Registration
from portal.moderation.models import Report
from search.models import SavedSearch
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories import DocumentFactory, ImageFactory


def _contact(user: User) -> ContactMessage:
    texts = dict.fromkeys(("name", "organisation", "message"), MARKER)
    return ContactMessage.objects.create(email=user.email.upper(), subject="other", **texts)


def _registration(user: User) -> Registration:
    names = {"first_name": MARKER, "last_name": MARKER, "message": MARKER, "proposed_name": MARKER}
    # What the person decided about somebody else.
    others = {"email": "autre@test.example", "state": RegistrationState.APPROVED, "decided_at": timezone.now()}
    Registration.objects.create(**others, decided_by=user)
    return Registration.objects.create(user=user, email=user.email, job_title=MARKER, **names)


def _invitation(user: User) -> Invitation:
    limit = timezone.now() + timedelta(days=7)
    # The one that they sent, and the one that came to an address which is theirs no more.
    Invitation.objects.create(email="autre@test.example", expires_at=limit, invited_by=user)
    Invitation.objects.create(
        email=f"ancienne-{MARKER}@test.example", expires_at=limit, accepted_at=timezone.now(), accepted_by=user
    )
    return Invitation.objects.create(email=user.email, first_name=MARKER, last_name=MARKER, expires_at=limit)


MAKERS: Makers = {
    "content.ContactMessage": _contact,
    "content.PortalDocument": lambda user: DocumentFactory(uploaded_by_user=user),
    "content.PortalImage": lambda user: ImageFactory(uploaded_by_user=user),
    "joining.DismissedSteps": lambda user: DismissedSteps.objects.create(user=user),
    "joining.Invitation": _invitation,
    "joining.Registration": _registration,
    "moderation.Report": lambda user: Report.objects.create(
        target_kind="x", target_pk="1", title="Contenu", url="/", reporter=user, reason="other", message=MARKER
    ),
    "search.SavedSearch": lambda user: SavedSearch.objects.create(
        user=user, text=MARKER, chosen={"theme": [MARKER]}, address=f"q={MARKER}"
    ),
}
