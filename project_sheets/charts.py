"""Geometry of the charts of a sheet: drawn by the server, coloured by the theme.

The shapes carry no text, so that they stretch from 320 px up without shrinking letters; every
figure stands in the table beside them.
"""

from dataclasses import dataclass
from decimal import Decimal

from project_sheets.financing import Financing, MeasuredIndicator

WIDTH = 1000


@dataclass(frozen=True)
class Segment:
    """A part of the stacked bar: position and width in thousandths, and its style number."""

    x: int
    width: int
    style: str


@dataclass(frozen=True)
class MeasureBar:
    """One achieved bar against its target mark, in thousandths of the longest value."""

    label: str
    achieved: int
    target: int | None

    @property
    def target_mark(self) -> int:
        """Where the target's mark begins, kept inside the drawing."""
        return min(max((self.target or 0) - 3, 0), WIDTH - 6)


def _scaled(part: Decimal, whole: Decimal) -> int:
    return int((part * WIDTH / whole).to_integral_value()) if whole else 0


def financing_segments(financing: Financing) -> list[Segment]:
    """Return the parts of the total, the unspecified remainder last; empty without a total."""
    if not financing.total:
        return []
    segments: list[Segment] = []
    x = 0
    for index, row in enumerate(financing.shares):
        width = min(_scaled(row.line.amount, financing.total), WIDTH - x)
        segments.append(Segment(x, width, str(index % 5 + 1)))
        x += width
    if financing.remainder:
        segments.append(Segment(x, WIDTH - x, "rest"))
    return segments


def measure_bars(measured: MeasuredIndicator) -> list[MeasureBar]:
    """Return one bar a measure, all on the same scale; unknown results draw no bar."""
    known = [m for m in measured.measures if m.achieved is not None]
    longest = max([m.achieved for m in known] + [m.target for m in known if m.target is not None], default=Decimal(0))
    return [
        MeasureBar(
            label=str(m.year or ""),
            achieved=_scaled(m.achieved or Decimal(0), longest),
            target=None if m.target is None else _scaled(m.target, longest),
        )
        for m in known
    ]
