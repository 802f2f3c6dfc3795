"""What people are told, what they follow."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    "notifications/suivre/": row("/notifications/suivre/", everyone(405)),
}
