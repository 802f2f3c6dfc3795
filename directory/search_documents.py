"""What can be found of the directory."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models import FormerName, Organisation, OrganisationKind
from portal.taxonomy.models import Theme
from search import api


@api.register
class OrganisationSource(api.DocumentSource):
    """Organisations, found by their acronym, its expansion and their other names too."""

    model = "directory.Organisation"
    kind = "organisation"
    label = _("Organisation")
    related = ("directory.FormerName", "directory.OrganisationKind", "taxonomy.Theme")

    def queryset(self) -> QuerySet[Organisation]:
        """Return every organisation; the audience says who may find it."""
        return Organisation.objects.select_related("kind", "seat__region", "seat__department").prefetch_related(
            "other_names", "themes__parent", "audiences", "territories__region", "territories__department"
        )

    def to_document(self, obj: Organisation) -> api.Document:
        """Describe an organisation; one that is not listed is for administrators."""
        themes, territories = list(obj.themes.all()), list(obj.territories.all())
        named = [*themes, *obj.audiences.all(), *territories, *obj.other_names.all(), obj.kind]
        acronym = f"{obj.name} ({obj.acronym})" if obj.acronym and obj.acronym not in obj.name else obj.name
        return self.document(
            obj,
            title=acronym,
            url=obj.get_absolute_url(),
            summary=obj.acronym_expansion,
            body=api.text_of_markdown(obj.description),
            keywords=" \n".join([*(str(one.name) for one in named), str(obj.seat or "")]),
            themes=api.theme_keys(themes),
            territories=api.territory_keys([*territories, *([obj.seat] if obj.seat else [])]),
            audience=frozenset({api.PUBLIC if obj.is_listed else api.ADMINISTRATORS}),
            breadcrumb=str(obj.kind),
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the other names, and the names of kinds and themes."""
        if isinstance(instance, FormerName):
            return [instance.organisation_id]
        if isinstance(instance, OrganisationKind):
            return Organisation.objects.filter(kind=instance).values_list("pk", flat=True)
        if isinstance(instance, Theme):
            return Organisation.objects.filter(themes=instance).values_list("pk", flat=True)
        return ()
