"""The directory's reference data: kinds of organisation, networks, positions."""

from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import Network, Organisation, OrganisationKind
from portal.taxonomy.reference import LOADERS, LoadContext, ReferenceLoader, add_missing, read_rows

KINDS = Path(__file__).parent / "data" / "organisation_kinds.csv"
NETWORKS = Path(__file__).parent / "data" / "networks.csv"


def load_kinds(context: LoadContext) -> None:
    """Add the missing kinds of organisation."""
    rows = [{**row, "order": int(row["order"])} for row in read_rows(KINDS)]
    added, present = add_missing(OrganisationKind, rows)
    context.say(_("  %(added)d added, %(present)d already there") % {"added": added, "present": present})


LOADERS.register("organisation_kinds", ReferenceLoader(gettext_lazy("Kinds of organisation"), 60, load_kinds))


def load_networks(context: LoadContext) -> None:
    """Add the missing networks."""
    rows = [{**row, "order": int(row["order"])} for row in read_rows(NETWORKS)]
    added, present = add_missing(Network, rows)
    context.say(_("  %(added)d added, %(present)d already there") % {"added": added, "present": present})


def locate_organisations(context: LoadContext) -> None:
    """Give a position to the organisations that were there before positions were, or before their seat had one."""
    rows = Organisation.objects.filter(latitude=None, seat__isnull=False)
    located = []
    for organisation in rows.select_related("seat__epci", "seat__department"):
        organisation.locate()
        if organisation.latitude is not None:
            located.append(organisation)
    Organisation.objects.bulk_update(located, ["latitude", "longitude", "position"], batch_size=500)
    context.say(_("  %(count)d located") % {"count": len(located)})


LOADERS.register("networks", ReferenceLoader(gettext_lazy("Networks of organisations"), 61, load_networks))
LOADERS.register("positions", ReferenceLoader(gettext_lazy("Positions of organisations"), 62, locate_organisations))
