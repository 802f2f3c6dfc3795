"""The directory's reference data: kinds of organisation."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import OrganisationKind
from portal.taxonomy.reference import LOADERS, LoadContext, ReferenceLoader, add_missing, read_rows

KINDS = Path(__file__).parent / "data" / "organisation_kinds.csv"


def load_kinds(context: LoadContext) -> None:
    """Add the missing kinds of organisation."""
    rows = [{**row, "order": int(row["order"])} for row in read_rows(KINDS)]
    added, present = add_missing(OrganisationKind, rows)
    context.say(_("  %(added)d added, %(present)d already there") % {"added": added, "present": present})


LOADERS.register("organisation_kinds", ReferenceLoader(gettext_lazy("Kinds of organisation"), 60, load_kinds))
