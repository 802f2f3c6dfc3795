"""Reads of accounts."""

from django.db.models.functions import Lower

from portal.accounts.models import User


def account_by_email(email: str) -> User | None:
    """Return the account of an e-mail address whatever its case, open or closed; one query on its index."""
    return User.objects.alias(lowered_email=Lower("email")).filter(lowered_email=email.strip().lower()).first()
