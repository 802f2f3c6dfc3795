"""Text that is stored and that a copy of the database does not tell."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _cipher(purpose: str) -> MultiFernet:
    """Return the cipher of one purpose; after a change of SECRET_KEY the fallbacks still read."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(f"{purpose}\n{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def seal(text: str, *, purpose: str) -> str:
    """Encrypt ``text``; the same text never looks the same twice, and opens for its purpose alone."""
    return _cipher(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what ``seal`` was given; raises InvalidToken under another SECRET_KEY or for another purpose."""
    return _cipher(purpose).decrypt(sealed.encode()).decode()
