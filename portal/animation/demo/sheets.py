"""The fact sheets of the demonstration: which there are, and how they are published."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Model
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel, get_all_child_relations

from portal.animation.demo.brittany import adventus, kodiko, melting_breizh, sesame
from portal.animation.demo.loir_et_cher import platform
from portal.animation.demo.tools import Say, demo_uid, tell, territory
from project_sheets.models import ProjectSheetPage, RegionIndexPage

#: Key of the sheet → code of its region, and what makes it. The last one published is listed first.
SHEETS: dict[str, tuple[str, Callable[[], ProjectSheetPage]]] = {
    "sesame": ("reg-53", sesame),
    "melting-breizh": ("reg-53", melting_breizh),
    "kodiko": ("reg-53", kodiko),
    "adventus": ("reg-53", adventus),
    "plateforme-loir-et-cher": ("reg-24", platform),
}


def demo_sheet(key: str) -> ProjectSheetPage:
    """Return a sheet of the demonstration, whatever its title and address have become."""
    return ProjectSheetPage.objects.get(uid=demo_uid("sheet", key))


@transaction.atomic
def load_sheets(say: Say) -> None:
    """Publish the sheets that are missing."""
    added = 0
    for key, (region, make) in SHEETS.items():
        if not ProjectSheetPage.objects.filter(uid=demo_uid("sheet", key)).exists():
            _publish(key, region, make())
            added += 1
    tell(say, added, len(SHEETS))


def _publish(key: str, region: str, sheet: ProjectSheetPage) -> None:
    index = RegionIndexPage.objects.get(territory=territory(region))
    sheet.uid, sheet.slug, sheet.live = demo_uid("sheet", key), key, False
    _check_rows(sheet)
    index.add_child(instance=sheet)
    sheet.full_clean()
    sheet.save_revision().publish()


def _check_rows(parent: ClusterableModel) -> None:
    """Check every row of a sheet as its form would: a page does not check its rows by itself."""
    for relation in get_all_child_relations(parent):
        rows: list[Any] = list(getattr(parent, relation.get_accessor_name()).all())
        for row in rows:
            row.full_clean(exclude=_links_to_parents(row), validate_constraints=False)
            if isinstance(row, ClusterableModel):
                _check_rows(row)


def _links_to_parents(row: Model) -> list[str]:
    """Return the fields that are filled when the parent is saved."""
    return [field.name for field in row._meta.fields if isinstance(field, ParentalKey)]
