"""The taxonomy's own reference data: territories, themes, audiences, sectors, glossary."""

from functools import partial
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.taxonomy.models import Audience, GlossaryEntry, Sector, Theme
from portal.taxonomy.reference import LOADERS, LoadContext, ReferenceLoader, add_missing, read_rows
from portal.taxonomy.services import load_territories
from portal.taxonomy.territories import PACKAGE, own_rows, package_folder, package_rows

DATA = Path(__file__).parent / "data"
LEVEL_TITLES = {
    "country": gettext_lazy("countries"),
    "region": gettext_lazy("regions"),
    "department": gettext_lazy("departments"),
    "epci": gettext_lazy("intercommunalities"),
    "commune": gettext_lazy("municipalities"),
}


def load_all_territories(context: LoadContext) -> None:
    """Load the territories of the npm package, or else regions and departments alone, saying so."""
    folder = package_folder(context.source)
    report = load_territories(rows=own_rows() if folder is None else package_rows(folder))
    line = _("  %(level)s: %(added)d added, %(changed)d changed, %(unchanged)d unchanged, %(obsolete)d obsolete")
    for level, counts in report.items():
        context.say(line % {"level": LEVEL_TITLES[level], **counts})
    if folder is None:
        context.say(
            _(
                "  The municipalities are missing: the npm package %(package)s is not installed. "
                "Run “npm ci --ignore-scripts”, then “manage.py load_reference” again."
            )
            % {"package": PACKAGE}
        )


def load_themes(context: LoadContext) -> None:
    """Add the missing themes, those of the first level first."""
    rows = [_theme_values(row) for row in read_rows(DATA / "themes.csv")]
    first = [row for row in rows if not row["parent"]]
    added, present = add_missing(Theme, [{**row, "parent": None} for row in first])
    ids = dict(Theme.objects.values_list("slug", "pk"))
    second = [{**row, "parent_id": ids.get(row["parent"])} for row in rows if row["parent"]]
    for row in second:
        del row["parent"]
    more, already = add_missing(Theme, second)
    _tell(context, added + more, present + already)


def _theme_values(row: dict[str, str]) -> dict[str, Any]:
    synonyms = [word for word in row["synonyms"].split(";") if word]
    return {**row, "order": int(row["order"]), "di_codes": row["di_codes"].split(), "synonyms": synonyms}


def load_rows(model: type[models.Model], file: str, context: LoadContext) -> None:
    """Add the missing rows of one of our files to ``model``; columns are named as its fields."""
    _tell(context, *add_missing(model, read_rows(DATA / file)))


def _tell(context: LoadContext, added: int, present: int) -> None:
    context.say(_("  %(added)d added, %(present)d already there") % {"added": added, "present": present})


LOADERS.register("territories", ReferenceLoader(gettext_lazy("Territories"), 10, load_all_territories))
LOADERS.register("themes", ReferenceLoader(gettext_lazy("Themes"), 20, load_themes))
LOADERS.register(
    "audiences", ReferenceLoader(gettext_lazy("Audiences"), 30, partial(load_rows, Audience, "audiences.csv"))
)
LOADERS.register("sectors", ReferenceLoader(gettext_lazy("Sectors"), 40, partial(load_rows, Sector, "sectors.csv")))
LOADERS.register(
    "glossary",
    ReferenceLoader(gettext_lazy("Glossary"), 50, partial(load_rows, GlossaryEntry, "glossary.csv")),
)
