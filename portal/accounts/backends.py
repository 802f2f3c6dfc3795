"""Who may do what, once signed in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import User


class MemberBackend(AuthenticationBackend):
    """allauth's sign-in; permissions are for members alone, so that a suspended animator loses the admin."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        """Answer no for an account that the community has not admitted."""
        return user_obj.is_member and super().has_perm(user_obj, perm, obj=obj)
