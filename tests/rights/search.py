"""The search page."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    "recherche/": row("/recherche/?q=projet", everyone()),
}
