"""Amounts and shares, against the figures that the source prints."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.money import format_decimal, format_euros, format_file_size, format_percent, share_of


@pytest.mark.parametrize(
    ("part", "total", "share"),
    [
        ("1094349", "2000845", "54.7"),
        ("1595526", "2000845", "79.7"),
        ("405319", "2000845", "20.3"),
        ("1", "8", "12.5"),
        # Half goes up: 0.05 is 0.1, where a banker's rounding would say 0.0.
        ("1", "2000", "0.1"),
    ],
)
def test_share_is_rounded_half_up(part: str, total: str, share: str) -> None:
    assert share_of(Decimal(part), Decimal(total)) == Decimal(share)


@pytest.mark.parametrize(("part", "total"), [(None, Decimal(1)), (Decimal(1), None), (Decimal(1), Decimal(0))])
def test_share_without_meaning_is_none(part: Decimal | None, total: Decimal | None) -> None:
    assert share_of(part, total) is None


def test_amounts_are_written_as_the_french_do() -> None:
    assert format_euros(Decimal(2000845)) == "2\u202f000\u202f845\u00a0€"
    assert format_euros(Decimal("1234.5")) == "1\u202f234,50\u00a0€"
    assert format_percent(Decimal("54.7")) == "54,7\u00a0%"
    assert format_decimal(Decimal("130.00")) == "130"


def test_sizes() -> None:
    assert format_file_size(500_000) == "0,50\u00a0Mo"
    assert format_file_size(312_345) == "0,31\u00a0Mo"
    assert format_file_size(1_200) == "1\u00a0ko"


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_can_be_read_back(amount: Decimal) -> None:
    text = format_euros(amount)
    read = text.removesuffix("\u00a0€").replace("\u202f", "").replace(",", ".")
    assert Decimal(read) == amount
