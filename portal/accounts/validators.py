"""Passwords that are long and yet guessed first."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: What fingers walk along: French and English keyboards, alphabet, digits.
RUNS = ("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789")
#: Words that every guesser tries; the name of the portal is added to them (ASVS 5, 6.2.11).
CONTEXT_WORDS = ("motdepasse", "password", "communaute", "communauté")
LEAST_DISTINCT = 5
LEAST_OWN = 6


def _without(text: str, words: tuple[str, ...]) -> str:
    for word in words:
        text = text.replace(word, "")
    return text


def _is_repeated(text: str) -> bool:
    """Whether the whole text is one shorter piece again and again, its last round perhaps cut."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _is_run(text: str) -> bool:
    """Whether the text walks along a keyboard, forth or back, and round again."""
    rounds = [(run * len(text)) for run in RUNS]
    return any(text in way or text[::-1] in way for way in rounds)


class PredictablePasswordValidator:
    """Refuse repetitions, keyboard runs, and texts made of the portal's own words; no composition rule."""

    def validate(self, password: str, user: object | None = None) -> None:
        """Raise ValidationError for a password that a guesser would try among the first."""
        plain = "".join(password.lower().split())
        own_name = "".join(settings.PORTAL_NAME.lower().split())
        rest = _without(plain, (*CONTEXT_WORDS, own_name)).strip("0123456789!?.-_*")
        guessed = len(set(plain)) < LEAST_DISTINCT or len(rest) < LEAST_OWN or _is_repeated(plain) or _is_run(plain)
        if guessed:
            raise ValidationError(
                _("This password is among the first that would be guessed: choose words that have no link."),
                code="password_predictable",
            )

    def get_help_text(self) -> str:
        """Say in one line what is refused."""
        return _("Neither a repetition nor a run of keys.")
