"""Amounts and shares: decimal euros, rounded half up as accountants do."""

from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"


def share_of(part: Decimal | None, total: Decimal | None) -> Decimal | None:
    """Return ``part / total`` in per cent rounded to 0.1, or None where it has no meaning.

    Rounding is ROUND_HALF_UP: 1 094 349 / 2 000 845 gives 54.7.
    """
    if part is None or not total:
        return None
    return (part * 100 / total).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def format_decimal(value: Decimal | int) -> str:
    """Return ``value`` in French form: narrow no-break thousands, comma, no trailing zeros."""
    exact = Decimal(value)
    text = f"{exact:,f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.replace(",", NARROW_NBSP)
    return f"{whole},{fraction}" if fraction else whole


def format_euros(amount: Decimal | int) -> str:
    """Return ``amount`` in euros; cents appear, both of them, only where there are any."""
    exact = Decimal(amount).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    text = format_decimal(exact)
    if "," in text:
        whole, fraction = text.split(",")
        text = f"{whole},{fraction:0<2}"
    return f"{text}{NBSP}€"


def format_percent(value: Decimal) -> str:
    """Return a percentage as the French write it: ``54,7 %``."""
    return f"{format_decimal(value)}{NBSP}%"


def format_file_size(size: int) -> str:
    """Return a size in bytes as ``0,50 Mo`` (decimal megabytes) or ``12 ko`` below 10 000 bytes."""
    if size >= 10_000:
        megabytes = (Decimal(size) / 1_000_000).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
        return f"{megabytes:f}".replace(".", ",") + f"{NBSP}Mo"
    return f"{max(1, round(size / 1000))}{NBSP}ko"
