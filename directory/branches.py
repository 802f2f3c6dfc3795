"""Of what an organisation is a part: written under a lock, for two writes could close a circle that neither sees."""

from collections.abc import Iterable, Mapping

from directory.models import Organisation


class CircleError(Exception):
    """The organisation would be a part of itself, or of its own branches."""


def hold_line(*organisations: Organisation) -> Mapping[int, Organisation]:
    """Lock organisations and all above them until the transaction ends; returns the rows as they are now, by key.

    Two writes of ``parent`` that would close a circle together share one of these rows: the second waits, then
    reads what the first has written. Rows are locked in the order of their keys, so that nobody waits in a circle.
    """
    keys, above = set[int](), _line_of(one.pk for one in organisations)
    held: dict[int, Organisation] = {}
    # Somebody may have put another one above while we waited.
    while not above <= keys:
        keys = above
        rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        held = {one.pk: one for one in rows}
        above = _line_of(one.pk for one in organisations)
    return held


def _line_of(keys: Iterable[int]) -> set[int]:
    """Return these keys and those of all organisations above; one query a level."""
    found, level = set[int](), set(keys)
    while level:
        found |= level
        below = Organisation.objects.filter(pk__in=level, parent__isnull=False)
        level = set(below.order_by().values_list("parent_id", flat=True)) - found
    return found
