"""How project sheets and calls are found."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from directory.models import FormerName, Organisation
from portal.core.remember import remembered
from portal.taxonomy.models import Audience, Occupation, Sector, Territory, Theme
from project_sheets.models import Call, ProjectSheetPage
from project_sheets.selectors import MembersPart, SheetPresentation
from search import api

#: What a sheet is said to be about, by the field that says it.
_NAMED: dict[type[Model], str] = {
    Theme: "themes",
    Audience: "audiences",
    Sector: "sectors",
    Occupation: "occupations",
    Territory: "territories",
}


#: The rows that the text of a sheet comes from, read for many sheets at once.
_ROWS = (
    *("actions", "partnerships__organisation", "team_roles", "indicators__values", "testimonies", "documents"),
    *("themes__parent", "audiences", "sectors", "occupations", "territories__department", "territories__region"),
    "holder__other_names",
)


@api.register
class SheetSource(api.PageSource):
    """Published sheets: the public part for all, the members' part for members alone."""

    model = "project_sheets.ProjectSheetPage"
    kind = "sheet"
    label = _("Project")
    related = (
        *("directory.Organisation", "directory.FormerName", "project_sheets.Call", "taxonomy.Theme"),
        *("taxonomy.Audience", "taxonomy.Sector", "taxonomy.Occupation", "taxonomy.Territory"),
    )

    def queryset(self) -> QuerySet[Any]:
        """Return live sheets with the rows that their text comes from."""
        return super().queryset().select_related("holder", "call").prefetch_related(*_ROWS)

    def to_document(self, obj: ProjectSheetPage) -> api.Document:
        """Describe a sheet through the one rule of the two depths."""
        sheet = SheetPresentation(obj, with_members_part=False)
        return self.document(
            obj,
            title=sheet.title,
            url=sheet.url,
            summary=sheet.summary,
            body=_public_text(sheet),
            members_body=_members_text(MembersPart(obj), self.key_of(obj.pk)),
            keywords=_keywords(sheet),
            themes=api.theme_keys(sheet.themes),
            territories=api.territory_keys(sheet.territories),
            calls=(obj.call.slug,) if obj.call else (),
            date=obj.award_date or obj.start_date,
            weight=1.2,
            breadcrumb=obj.call.title if obj.call else "",
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Return the sheets that show ``instance``."""
        if isinstance(instance, FormerName):
            instance = instance.organisation
        if isinstance(instance, Organisation):
            shown = Q(holder=instance) | Q(partnerships__organisation=instance)
        elif isinstance(instance, Call):
            shown = Q(call=instance)
        else:
            shown = next(
                (Q(**{name: instance}) for model, name in _NAMED.items() if isinstance(instance, model)), Q(pk__in=[])
            )
        return ProjectSheetPage.objects.filter(shown).values_list("pk", flat=True).distinct()


def _public_text(sheet: SheetPresentation) -> str:
    parts = [
        api.text_of_markdown(sheet.objective),
        *sheet.action_titles,
        *(partner.name for partner in sheet.partners),
        *(sector.name for sector in sheet.sectors),
        *(occupation.name for occupation in sheet.occupations),
        *(audience.name for audience in sheet.audiences),
        sheet.audience_conditions,
    ]
    return "\n".join(part for part in parts if part)


def _members_text(members: MembersPart, key: str) -> str:
    parts = [
        api.text_of_markdown(members.body),
        *(api.text_of_markdown(action.body) for action in members.actions),
        *(partnership.contribution for partnership in members.partnerships),
        *(role.label for role in members.team),
        api.text_of_markdown(members.results),
        api.text_of_markdown(members.public_profile),
        *(measured.indicator.label for measured in members.indicators),
        *(testimony.quote for testimony in members.testimonies),
        *(document.title for document in members.documents),
        *(api.text_of_file(document.file, wanted_by=key) for document in members.documents),
    ]
    return "\n".join(part for part in parts if part)


def _keywords(sheet: SheetPresentation) -> str:
    holder = sheet.holder
    parts = [sheet.acronym, *(theme.name for theme in sheet.themes), *(place.name for place in sheet.territories)]
    if holder is not None:
        parts += [holder.name, holder.acronym, *(other.name for other in holder.other_names.all())]
    return " ".join(part for part in parts if part)


@api.register
class CallSource(api.DocumentSource):
    """Calls for projects, all public."""

    model = "project_sheets.Call"
    kind = "call"
    label = _("Call for projects")

    def queryset(self) -> QuerySet[Any]:
        """Return calls with their programme."""
        return Call.objects.select_related("programme")

    def to_document(self, obj: Call) -> api.Document:
        """Describe a call by its title, its purpose and its programme."""
        return self.document(
            obj,
            title=obj.title,
            url=obj.get_absolute_url(),
            body=api.text_of_markdown(obj.purpose),
            calls=(obj.slug,),
            keywords=f"{obj.short_title} {obj.programme.name} {obj.programme.acronym} {obj.authority}",
            date=obj.published_on,
        )


@api.register_labels("appel")
@remembered("sheets")
def call_labels() -> Mapping[str, str]:
    """Return the names of calls, as search offers them."""
    calls = Call.objects.order_by().only("slug", "short_title", "title")
    return {call.slug: call.short_title or call.title for call in calls}
