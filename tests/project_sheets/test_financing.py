"""The computed financing, on the figures of the Loir-et-Cher platform."""

from decimal import Decimal

import pytest

from project_sheets.charts import WIDTH, financing_segments, measure_bars
from project_sheets.enums import FundingCategory, Periodicity
from project_sheets.financing import compute_financing, measure_indicator
from project_sheets.models import FundingLine, Indicator, IndicatorValue

TOTAL = Decimal(2_000_845)


def line(amount: int, category: str = FundingCategory.STATE, stated: str | None = None) -> FundingLine:
    return FundingLine(
        label="x", amount=Decimal(amount), category=category, stated_share=Decimal(stated) if stated else None
    )


def test_figures_of_the_source() -> None:
    financing = compute_financing(TOTAL, [line(1_094_349, stated="54.7"), line(501_177)])
    assert [row.share for row in financing.shares] == [Decimal("54.7"), Decimal("25.0")]
    assert financing.state_total == Decimal(1_595_526)
    assert financing.state_share == Decimal("79.7")
    assert financing.remainder == Decimal(405_319)
    assert financing.remainder_share == Decimal("20.3")
    assert not financing.shares[0].differs_from_print


def test_only_state_lines_make_the_state_share() -> None:
    financing = compute_financing(Decimal(100), [line(30), line(50, FundingCategory.EU)])
    assert financing.state_share == Decimal(30)
    assert financing.remainder == Decimal(20)


@pytest.mark.parametrize(("stated", "differs"), [("54.8", False), ("54.9", True), ("50", True)])
def test_a_printed_share_far_from_ours_is_noticed(stated: str, differs: bool) -> None:
    financing = compute_financing(TOTAL, [line(1_094_349, stated=stated)])
    assert financing.shares[0].differs_from_print is differs


def test_without_a_total_nothing_is_shared_out() -> None:
    financing = compute_financing(None, [line(10)])
    assert financing.remainder is None
    assert financing.shares[0].share is None
    assert financing_segments(financing) == []


def test_the_bar_is_full_and_never_longer() -> None:
    segments = financing_segments(compute_financing(TOTAL, [line(1_094_349), line(501_177)]))
    assert [segment.style for segment in segments] == ["1", "2", "rest"]
    assert sum(segment.width for segment in segments) == WIDTH
    assert [segment.x for segment in segments] == [0, 547, 797]


def indicator(target: int | None) -> Indicator:
    return Indicator(
        label="x",
        unit="personnes",
        periodicity=Periodicity.ANNUAL,
        default_target=None if target is None else Decimal(target),
    )


def test_a_year_without_target_takes_the_indicator_s() -> None:
    measured = measure_indicator(indicator(150), [IndicatorValue(year=2019, achieved=Decimal(130))])
    assert measured.measures[0].target == Decimal(150)
    assert measured.measures[0].rate == Decimal("86.7")


def test_unknown_is_not_zero() -> None:
    values = [IndicatorValue(year=2019), IndicatorValue(year=2020, achieved=Decimal(0))]
    measured = measure_indicator(indicator(None), values)
    assert [measure.rate for measure in measured.measures] == [None, None]
    assert [bar.label for bar in measure_bars(measured)] == ["2020"]


def test_the_longest_bar_fills_the_drawing() -> None:
    values = [IndicatorValue(year=2019, achieved=Decimal(300)), IndicatorValue(year=2020, achieved=Decimal(75))]
    bars = measure_bars(measure_indicator(indicator(150), values))
    assert [(bar.achieved, bar.target) for bar in bars] == [(1000, 500), (250, 500)]
