"""Calls and the fact sheets of the projects that they retained."""

from project_sheets.models.calls import Call, Programme, Wave
from project_sheets.models.imports import LaureateImport
from project_sheets.models.pages import ProjectSheetPage, ProjectsIndexPage, RegionIndexPage, SheetLead
from project_sheets.models.rows import (
    Action,
    FundingLine,
    Indicator,
    IndicatorValue,
    Partnership,
    SheetDocument,
    SheetPhoto,
    TeamRole,
    Testimony,
)
from project_sheets.models.upkeep import SheetCorrection, SheetEvent, SheetInvitation, SheetReminder

__all__ = [
    "Action",
    "Call",
    "FundingLine",
    "Indicator",
    "IndicatorValue",
    "LaureateImport",
    "Partnership",
    "Programme",
    "ProjectSheetPage",
    "ProjectsIndexPage",
    "RegionIndexPage",
    "SheetCorrection",
    "SheetDocument",
    "SheetEvent",
    "SheetInvitation",
    "SheetLead",
    "SheetPhoto",
    "SheetReminder",
    "TeamRole",
    "Testimony",
    "Wave",
]
