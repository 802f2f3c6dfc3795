"""Which changes make the cached pages of the sheets stale."""

from portal.core.areas import declare

declare(
    "sheets",
    "project_sheets.ProjectSheetPage",
    "project_sheets.RegionIndexPage",
    "project_sheets.ProjectsIndexPage",
    "project_sheets.Programme",
    "project_sheets.Call",
    "project_sheets.Wave",
    "project_sheets.Action",
    "project_sheets.Partnership",
    "project_sheets.SheetPhoto",
    "project_sheets.TeamRole",
    "project_sheets.FundingLine",
    "project_sheets.Indicator",
    "project_sheets.IndicatorValue",
    "project_sheets.Testimony",
    "project_sheets.SheetDocument",
)
