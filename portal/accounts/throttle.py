"""How often a stranger may try something with an account (docs/adr/0007-sign-in.md).

Two counts for each kind of attempt. One for the pair (machine, e-mail address): whoever guesses at
an account uses up their own turns, never those of its owner, who comes from elsewhere. One for the
machine alone, wide enough for an agency behind one address.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from portal.accounts.models import User
from portal.core.throttle import claim_turn, client_network, give_turn_back, take_turn

HOUR = 3_600


@dataclass(frozen=True)
class AttemptLimit:
    """``per_account`` turns for a machine with one e-mail address, ``per_machine`` with all, in ``seconds``."""

    scope: str
    per_account: int
    per_machine: int
    seconds: int


#: Sign-ins by password that failed.
PASSWORD = AttemptLimit("password", per_account=5, per_machine=50, seconds=900)
#: Requests for a mail: sign-in link, new password.
MAIL = AttemptLimit("mail", per_account=5, per_machine=40, seconds=HOUR)
#: Sign-ins by passkey that failed. Nothing there can be guessed, a server can be tired: one browser has few turns
#: (its session stands for the account, which is not known yet), an agency behind one address has many.
PASSKEY = AttemptLimit("passkey", per_account=20, per_machine=300, seconds=HOUR)
#: Registrations.
REGISTRATION = AttemptLimit("registration", per_account=5, per_machine=20, seconds=HOUR)

#: Mails of one kind that one address receives in a day, whoever asks: a mailbox is not to be flooded.
MAILS_A_DAY = 20


@dataclass(frozen=True)
class Attempt:
    """One attempt that was let through."""

    claims: tuple[str, ...]

    def forget(self) -> None:
        """Give its turns back: it succeeded."""
        for claim in self.claims:
            give_turn_back(claim)


def begin_attempt(request: HttpRequest, limit: AttemptLimit, email: str) -> Attempt | None:
    """Take a turn in both counts; None when one of them has none left.

    The same work is done whether the address has an account or not: nothing here looks it up.
    """
    machine = client_network(request)
    pair = claim_turn(
        f"{limit.scope}-pair", f"{machine} {email.strip()}", limit=limit.per_account, seconds=limit.seconds
    )
    if pair is None:
        return None
    alone = claim_turn(f"{limit.scope}-machine", machine, limit=limit.per_machine, seconds=limit.seconds)
    return None if alone is None else Attempt((pair, alone))


def may_try(request: HttpRequest, limit: AttemptLimit, email: str) -> bool:
    """Take a turn in both counts for good; False when one of them has none left."""
    return begin_attempt(request, limit, email) is not None


def may_receive_mail(scope: str, email: str) -> bool:
    """Count a mail of this kind to ``email``; False when the address has had its share of the day."""
    return take_turn(f"mailbox-{scope}", email.strip(), limit=MAILS_A_DAY, seconds=24 * HOUR)


#: Wrong codes that an account stands in an hour, whatever machine tries: who tries has the first factor.
CODES_AN_HOUR = 20
#: Longer than the tolerance of the clock: three periods of 30 seconds.
CODE_SECONDS = 120


def begin_code_attempt(user: User) -> Attempt | None:
    """Take a turn for a code of a second factor; None when the account has none left in this hour."""
    claim = claim_turn("second-factor", str(user.pk), limit=CODES_AN_HOUR, seconds=HOUR)
    return None if claim is None else Attempt((claim,))


def is_code_fresh(user: User, code: str) -> bool:
    """Mark a right code as used; False when it was already: a code read over a shoulder is worth nothing.

    allauth forgets used codes after one period, but its tolerance of the clock accepts three.
    """
    return take_turn("second-factor-code", f"{user.pk} {code}", limit=1, seconds=CODE_SECONDS)
