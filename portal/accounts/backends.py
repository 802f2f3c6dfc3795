"""Who may sign in by password, and who may do what once signed in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.accounts.models import User
from portal.accounts.selectors import account_by_email


class MemberBackend(AuthenticationBackend):
    """allauth's sign-in; permissions are for members alone, so that a suspended animator loses the admin."""

    def has_perm(self, user_obj: User, perm: str, obj: Any = None) -> bool:
        """Answer no for an account that the community has not admitted."""
        return user_obj.is_member and super().has_perm(user_obj, perm, obj=obj)

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """Look in accounts alone: the portal keeps no second list of addresses."""
        return self._check_password(account_by_email(email), password)

    @classmethod
    def _stash_user(cls, user: User | None) -> None:
        """Forget a closed account whose password was right: its answer is everybody's."""
