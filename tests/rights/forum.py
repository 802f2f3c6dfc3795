"""Discussions."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    "forum/": row("/forum/", everyone()),
}
