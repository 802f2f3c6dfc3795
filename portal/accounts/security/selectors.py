"""Reads of the security pages."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.accounts.devices import device_label
from portal.accounts.models import EmailChange, User

#: Recovery codes are shown until their owner has noted them, and never after this long.
CODES_SHOWN_FOR = timedelta(minutes=15)


def devices_of(user: User, *, current_key: str) -> list[dict[str, Any]]:
    """Return the sessions of an account that are still open, this one first, then by last activity.

    Two queries whatever their number: allauth's own list asks the session store about each.
    """
    rows = list(UserSession.objects.filter(user=user).order_by("-last_seen_at"))
    open_keys = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    devices = [
        {
            "pk": row.pk,
            "label": device_label(row.user_agent),
            "last_seen_at": row.last_seen_at,
            "signed_in_at": row.created_at,
            "ip": row.ip,
            "is_current": row.session_key == current_key,
        }
        for row in rows
        if row.session_key in open_keys
    ]
    return sorted(devices, key=lambda device: not device["is_current"])


def factors_of(user: User) -> dict[str, Any]:
    """Return what an account has: ``app``, ``passkeys`` and ``codes``; one query."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    passkeys = [row for row in rows if row.type == Authenticator.Type.WEBAUTHN]
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "app": next((row for row in rows if row.type == Authenticator.Type.TOTP), None),
        "passkeys": [
            {"pk": row.pk, "name": row.wrap().name, "created_at": row.created_at, "last_used_at": row.last_used_at}
            for row in passkeys
        ],
        "codes": codes,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
    }


def recovery_codes_of(user: User) -> Authenticator | None:
    """Return the recovery codes of an account, or None."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()


def may_show_codes(row: Authenticator) -> bool:
    """Whether these recovery codes may still be shown: not noted yet, and made a moment ago."""
    return not row.wrap().did_view and timezone.now() - row.created_at < CODES_SHOWN_FOR


def open_email_change(user: User) -> EmailChange | None:
    """Return the change of address that waits for an agreement, or None."""
    latest = EmailChange.objects.filter(user=user).first()
    return latest if latest is not None and latest.is_open else None
