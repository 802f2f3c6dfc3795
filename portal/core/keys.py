"""Keys of rows as addresses and forms carry them."""

#: The first number that no key can be. PostgreSQL ends the transaction where a larger one is compared, and SQLite
#: raises OverflowError.
KEYS_END = 2**63


def is_beyond_keys(text: str) -> bool:
    """Whether ``text`` is a number that no key can be; letters are left to the field that reads them."""
    try:
        return abs(int(text)) >= KEYS_END
    except ValueError:
        return False
