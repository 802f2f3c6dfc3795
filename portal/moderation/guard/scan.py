"""One pass over a text."""

from portal.moderation.guard.findings import Finding
from portal.moderation.guard.health import find_health
from portal.moderation.guard.names import find_names
from portal.moderation.guard.numbers import find_numbers

#: Longer texts are refused by every form; what lies beyond is not looked at.
MOST_SIGNS = 20_000


def find_personal_data(text: str) -> list[Finding]:
    """Return the passages of ``text`` that seem to hold something of a person, in order, without overlap.

    Of two passages that overlap the longer is kept. At most 20,000 signs are read.
    """
    text = text[:MOST_SIGNS]
    spans = [*find_numbers(text), *find_names(text), *find_health(text)]
    kept: list[Finding] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= other.start or start >= other.end for other in kept):
            kept.append(Finding(start, end, kind, text[start:end]))
    return sorted(kept)
