"""What belongs to no app."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    # No worker beats in the tests: the health page says so, to anyone.
    "sante/": row("/sante/", everyone(503)),
}
