"""Accounts, second factors, devices, and the data rights themselves."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.utils import timezone

from portal.accounts.data_rights.models import Consent, DataExport, Departure, ErasureRequest, InactivityNotice
from portal.accounts.models import EmailChange, KnownDevice, User
from portal.proconnect.models import TrustedDomain
from tests.accounts.data_rights.records.base import MARKER, Makers


def _export(user: User) -> DataExport:
    now = timezone.now()
    export = DataExport(user=user, ready_at=now, expires_at=now + timedelta(days=7))
    export.file.save("x.zip", ContentFile(MARKER.encode()))
    return export


MAKERS: Makers = {
    "accounts.User": lambda user: user,
    "accounts.EmailChange": lambda user: EmailChange.objects.create(
        user=user, old_email=user.email, new_email=f"neuf-{MARKER}@test.example"
    ),
    "accounts.KnownDevice": lambda user: KnownDevice.objects.create(user=user, fingerprint="f", label=MARKER),
    "account.EmailAddress": lambda user: EmailAddress.objects.create(
        user=user, email=f"deux-{MARKER}@test.example", verified=True
    ),
    "mfa.Authenticator": lambda user: Authenticator.objects.create(user=user, type="totp", data={"secret": MARKER}),
    "usersessions.UserSession": lambda user: UserSession.objects.create(
        user=user, session_key="k", user_agent=MARKER, ip="192.0.2.7"
    ),
    "socialaccount.SocialAccount": lambda user: SocialAccount.objects.create(
        user=user, provider="proconnect", uid=MARKER, extra_data={"email": f"{MARKER}@test.example"}
    ),
    "proconnect.TrustedDomain": lambda user: TrustedDomain.objects.create(domain="dreets.example", added_by=user),
    "data_rights.Consent": lambda user: Consent.objects.create(user=user, subject="charter", version=MARKER),
    "data_rights.DataExport": _export,
    "data_rights.Departure": lambda user: Departure.objects.create(user=user, reason="asked"),
    "data_rights.ErasureRequest": lambda user: ErasureRequest.objects.create(user=user, due_at=timezone.now()),
    "data_rights.InactivityNotice": lambda user: InactivityNotice.objects.create(
        user=user, counted_from=timezone.now(), first_at=timezone.now()
    ),
}
