"""How a sheet is edited in Wagtail's admin: the same steps as the sheet's page."""

from django.forms import CheckboxSelectMultiple, FileInput
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface, TitleFieldPanel
from wagtail.models import Page

from project_sheets.forms import SheetAdminForm
from project_sheets.models import ProjectSheetPage, RegionIndexPage

identity = [
    TitleFieldPanel("title"),
    FieldPanel("acronym"),
    FieldPanel("summary"),
    FieldPanel("objective"),
    FieldPanel("holder"),
    MultiFieldPanel([FieldPanel("call"), FieldPanel("wave"), FieldPanel("award_date")], heading=_("Call for projects")),
    MultiFieldPanel(
        [FieldPanel("start_date"), FieldPanel("end_date"), FieldPanel("duration_months"), FieldPanel("stated_stage")],
        heading=_("Dates"),
    ),
    MultiFieldPanel(
        [FieldPanel("source_url"), FieldPanel("source_label"), FieldPanel("retrieved_on")], heading=_("Source")
    ),
]
audiences = [
    FieldPanel("audiences", widget=CheckboxSelectMultiple),
    FieldPanel("audience_conditions"),
    FieldPanel("public_profile"),
    FieldPanel("themes", widget=CheckboxSelectMultiple),
    FieldPanel("sectors", widget=CheckboxSelectMultiple),
    FieldPanel("occupations"),
    FieldPanel("territories"),
    FieldPanel("extra_regions"),
]
actions = [
    InlinePanel("actions", label=_("action")),
    InlinePanel("team_roles", label=_("function")),
    FieldPanel("body"),
]
partners = [InlinePanel("partnerships", label=_("partner")), FieldPanel("consortium_agreement_date")]
financing = [
    FieldPanel("total_budget"),
    InlinePanel("funding_lines", label=_("funding line")),
    FieldPanel("stated_state_share"),
]
results = [
    InlinePanel(
        "indicators",
        panels=[
            FieldPanel("label"),
            FieldPanel("unit"),
            FieldPanel("periodicity"),
            FieldPanel("default_target"),
            InlinePanel("values", label=_("value")),
        ],
        label=_("indicator"),
    ),
    FieldPanel("results"),
    InlinePanel("testimonies", label=_("testimony")),
]
document = [
    FieldPanel("title"),
    FieldPanel("kind"),
    # The stock widget links to the file, which has no address of its own.
    FieldPanel("file", widget=FileInput),
]
files = [InlinePanel("documents", panels=document, label=_("document")), InlinePanel("photos", label=_("photo"))]

sheet_edit_handler = TabbedInterface(
    [
        ObjectList(identity, heading=_("Identity")),
        ObjectList(audiences, heading=_("Audiences and territory")),
        ObjectList(actions, heading=_("Actions")),
        ObjectList(partners, heading=_("Partners")),
        ObjectList(financing, heading=_("Financing")),
        ObjectList(results, heading=_("Results")),
        ObjectList(files, heading=_("Attachments")),
        ObjectList(Page.promote_panels, heading=_("Address")),
        # The planned publication, and the comments on fields that the review goes by.
        ObjectList(Page.settings_panels, heading=_("Publication")),
    ],
    base_form_class=SheetAdminForm,
)


def install() -> None:
    """Give the pages their editing panels; kept out of the models, which forms may not precede."""
    ProjectSheetPage.edit_handler = sheet_edit_handler
    RegionIndexPage.content_panels = [*Page.content_panels, FieldPanel("territory")]
