"""Take the second factors off an account whose owner has lost them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.security.services import remove_second_factors
from portal.accounts.selectors import account_by_email


class Command(BaseCommand):
    """For the team, once it has checked by another way who asks; the owner is told by mail."""

    help = "Remove the authenticator app, passkeys and recovery codes of an account, and end its sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address of the account."""
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Remove them; an unknown address, or an account without any, is an error."""
        user = account_by_email(email)
        removed = remove_second_factors(user=user) if user is not None else 0
        if not removed:
            raise CommandError("no account with a second factor has this address")
        self.stdout.write(f"{removed} removed")
