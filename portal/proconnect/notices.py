"""What happens when an identity is linked: its owner is told."""

from typing import Any
from uuid import uuid4

from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.urls import reverse

from portal.accounts.models import User
from portal.mail.services import queue_mail


def tell_owner(user: User, *, is_linked: bool) -> None:
    """Mail the owner of an account that ProConnect opens it, or does no longer."""
    queue_mail(
        "proconnect.identity",
        to=user.email,
        key=f"proconnect:identity:{user.pk}:{uuid4()}",
        context={"first_name": user.first_name, "is_linked": is_linked},
        url=f"{settings.BASE_URL}{reverse('accounts:security')}",
    )


def on_linked(sender: type[SocialLogin], sociallogin: SocialLogin, **kwargs: Any) -> None:
    """Tell the owner of the account to which somebody signed in has added an identity."""
    tell_owner(sociallogin.user, is_linked=True)
