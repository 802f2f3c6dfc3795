"""Organisations in Wagtail's admin."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from directory.branches import hold_line
from directory.forms import OrganisationForm
from directory.models import Network, Organisation, OrganisationKind, OrganisationQuerySet


class _StandingOrganisations:
    """What editors choose from: an organisation that was merged into another is none any more."""

    def get_object_list(self) -> OrganisationQuerySet:
        return Organisation.objects.filter(merged_into=None)


class OrganisationChooseView(_StandingOrganisations, ChooseView):
    """The window in which an organisation is chosen."""


class OrganisationChooseResultsView(_StandingOrganisations, ChooseResultsView):
    """The list in that window, when one searches or turns the page."""


class OrganisationChooserViewSet(SnippetChooserViewSet):
    """The choice of an organisation, wherever the admin asks for one."""

    choose_view_class = OrganisationChooseView
    choose_results_view_class = OrganisationChooseResultsView


class OrganisationEditView(EditView):
    """The form of an organisation: what it is a part of is checked again where nobody can change it."""

    def form_valid(self, form: OrganisationForm) -> HttpResponse:
        """Save, or show the form again where two writes would have closed a circle of branches."""
        with transaction.atomic():
            parent = form.cleaned_data.get("parent")
            hold_line(form.instance, *([parent] if parent else []))
            if parent is None or not parent.stands_below(form.instance):
                return super().form_valid(form)
        form.add_error("parent", _("An organisation is no part of itself, nor of its own branches."))
        self.produced_error_message = self.get_error_message()
        return self.form_invalid(form)


class OrganisationViewSet(SnippetViewSet):
    """Organisations, with their former and usual names."""

    model = Organisation
    icon = "home"
    menu_label = _("Organisations")
    list_display = ["name", "acronym", "kind", "seat", "is_listed", "updated_at"]
    list_filter = ["kind", "is_listed"]
    search_fields = ["name", "acronym", "search_text"]
    list_per_page = 50
    # A copy would be a duplicate, which somebody would have to merge.
    copy_view_enabled = False
    chooser_viewset_class = OrganisationChooserViewSet
    edit_view_class = OrganisationEditView
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("acronym"),
            FieldPanel("acronym_expansion"),
            FieldPanel("kind"),
            MultiFieldPanel([FieldPanel("siret"), FieldPanel("legal_category")], heading=_("Legal identity")),
            FieldPanel("description"),
            MultiFieldPanel(
                [
                    FieldPanel("website"),
                    FieldPanel("phone"),
                    FieldPanel("phone_extension"),
                    FieldPanel("relay_email"),
                ],
                heading=_("How it is reached"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("street"),
                    FieldPanel("postal_code"),
                    FieldPanel("seat"),
                    FieldPanel("territories"),
                ],
                heading=_("Territory"),
            ),
            MultiFieldPanel(
                [FieldPanel("themes"), FieldPanel("audiences"), FieldPanel("networks")],
                heading=_("Themes and audiences"),
            ),
            InlinePanel("other_names", heading=_("Other names"), label=_("Name")),
            FieldPanel("parent"),
            FieldPanel("is_listed"),
        ],
        base_form_class=OrganisationForm,
    )

    def get_queryset(self, request: HttpRequest) -> OrganisationQuerySet:
        """List those that were not merged into another."""
        return Organisation.objects.filter(merged_into=None)


class OrganisationKindViewSet(SnippetViewSet):
    """Kinds of organisation."""

    model = OrganisationKind
    icon = "list-ul"
    menu_label = _("Kinds of organisation")
    list_display = ["name", "order"]
    search_fields = ["name"]
    ordering = ["order", "name"]


class NetworkViewSet(SnippetViewSet):
    """Networks."""

    model = Network
    icon = "group"
    menu_label = _("Networks")
    list_display = ["name", "di_code", "order"]
    search_fields = ["name"]
    ordering = ["order", "name"]


class DirectoryViewSetGroup(SnippetViewSetGroup):
    """The directory under one entry of the menu."""

    menu_label = _("Directory")
    menu_icon = "group"
    menu_name = "directory"
    menu_order = 350
    items = (OrganisationViewSet, OrganisationKindViewSet, NetworkViewSet)


register_snippet(DirectoryViewSetGroup)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name what the journal holds of claims."""
    actions.register_action("directory.claim_approved", _("Claim accepted"), _("Claim of the organisation accepted"))
    actions.register_action("directory.claim_refused", _("Claim refused"), _("Claim of the organisation refused"))
