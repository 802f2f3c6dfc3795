"""The financing of a sheet and its indicators, computed from what was entered; pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.core.money import share_of
from project_sheets.enums import FundingCategory
from project_sheets.models import FundingLine, Indicator, IndicatorValue

#: A printed share further than this from ours, in points, is worth a question to the author.
SHARE_TOLERANCE = Decimal("0.1")


@dataclass(frozen=True)
class FundingShare:
    """One line of the financing with its computed share, in per cent of the total."""

    line: FundingLine
    share: Decimal | None

    @property
    def differs_from_print(self) -> bool:
        """Whether the share printed elsewhere is more than 0.1 point away from the computed one."""
        stated = self.line.stated_share
        return stated is not None and self.share is not None and abs(stated - self.share) > SHARE_TOLERANCE


@dataclass(frozen=True)
class Financing:
    """Amounts in euros, shares in per cent of ``total`` rounded half up to 0.1."""

    total: Decimal | None
    shares: Sequence[FundingShare]
    state_total: Decimal
    state_share: Decimal | None
    remainder: Decimal | None
    remainder_share: Decimal | None


def compute_financing(total: Decimal | None, lines: Iterable[FundingLine]) -> Financing:
    """Compute shares, the part of the State and what remains unspecified.

    The remainder is None without a total and never negative: lines over the total are refused
    when they are entered.
    """
    rows = [FundingShare(line, share_of(line.amount, total)) for line in lines]
    named = sum((row.line.amount for row in rows), Decimal(0))
    state = sum((row.line.amount for row in rows if row.line.category == FundingCategory.STATE), Decimal(0))
    remainder = max(total - named, Decimal(0)) if total is not None else None
    return Financing(
        total=total,
        shares=rows,
        state_total=state,
        state_share=share_of(state, total),
        remainder=remainder,
        remainder_share=share_of(remainder, total),
    )


@dataclass(frozen=True)
class Measure:
    """A target and what was achieved in one year (or over the project); unknown is None, not 0."""

    year: int | None
    target: Decimal | None
    achieved: Decimal | None
    rate: Decimal | None
    note: str
    source: str = ""


@dataclass(frozen=True)
class MeasuredIndicator:
    """An indicator with its measures by year."""

    indicator: Indicator
    measures: Sequence[Measure]


def measure_indicator(indicator: Indicator, values: Iterable[IndicatorValue]) -> MeasuredIndicator:
    """Pair each value with its target: its own, else the indicator's default.

    ``rate`` is achieved / target in per cent, None where either is unknown.
    """
    measures = []
    for value in values:
        target = value.target if value.target is not None else indicator.default_target
        rate = share_of(value.achieved, target)
        measures.append(Measure(value.year, target, value.achieved, rate, value.note, value.source))
    return MeasuredIndicator(indicator, measures)
