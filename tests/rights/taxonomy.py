"""Themes, territories, glossary."""

from tests.rights.table import Row, everyone, row

ROUTES: dict[str, Row] = {
    "glossaire/": row("/glossaire/", everyone()),
    "themes/": row("/themes/", everyone()),
    "themes/<slug:slug>/": row("/themes/logement/", everyone()),
    "territoires/": row("/territoires/", everyone()),
    "territoires/<slug:code>/": row("/territoires/dep-35/", everyone()),
}
