"""Events."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    "agenda/": row("/agenda/", everyone()),
}
