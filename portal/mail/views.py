"""The outbox in Wagtail's admin: its journal and dead letters for administrators, previews for animators."""

from datetime import datetime
from typing import Any

from django.contrib.auth.mixins import UserPassesTestMixin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView, WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from portal.mail.kinds import MailKind, mail_kinds
from portal.mail.models import OutboxMessage
from portal.mail.rendering import preview_mail
from portal.mail.selectors import dead_messages, kinds_by_app
from portal.mail.services import replay_dead

#: More at once would be read by nobody; the rest follows on the next page.
DEAD_SHOWN = 100
#: An e-mail is a page of its own that nothing of the admin may touch, nor the reverse.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


class AdministratorOnlyMixin(UserPassesTestMixin):
    """The journal says who was written to: animators of one region have no business with the others."""

    request: HttpRequest
    raise_exception = True

    def test_func(self) -> bool:
        """Whether the reader administers the portal; who enters the admin at all was checked before."""
        return bool(self.request.user.is_superuser)


class JournalView(AdministratorOnlyMixin, IndexView):
    """What was sent to whom, when, and what waits."""

    model = OutboxMessage
    page_title = gettext_lazy("Outgoing e-mails")
    header_icon = "mail"
    index_url_name = "portal_mail:journal"
    index_results_url_name = "portal_mail:journal_results"
    inspect_url_name = "portal_mail:message"
    default_ordering = ["-created_at", "-pk"]
    paginate_by = 50
    search_fields = ["to", "subject", "kind"]
    list_filter = ["status", "category"]
    is_searchable = True

    @property
    def columns(self) -> list[Column]:
        """The columns of the list."""
        return [
            TitleColumn(
                "subject",
                label=gettext_lazy("Subject"),
                get_url=lambda message: reverse(self.inspect_url_name, args=[message.pk]),
            ),
            Column("to", label=gettext_lazy("To")),
            Column("get_status_display", label=gettext_lazy("Status"), sort_key="status"),
            DateColumn("created_at", label=gettext_lazy("Written at"), sort_key="created_at"),
            Column("attempts", label=gettext_lazy("Attempts"), sort_key="attempts"),
        ]

    def get_base_queryset(self) -> QuerySet[OutboxMessage]:
        """Leave the contents in the database: they may hold links that sign in."""
        return super().get_base_queryset().defer("text", "html", "attachments")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        """The way to the dead letters, and to what people receive."""
        return [
            HeaderButton(
                gettext("E-mails given up"), url=reverse("portal_mail:dead"), icon_name="warning", priority=10
            ),
            HeaderButton(gettext("Previews"), url=reverse("portal_mail:previews"), icon_name="view", priority=20),
        ]


class MessageView(AdministratorOnlyMixin, InspectView):
    """The life of one message, without its content."""

    model = OutboxMessage
    page_title = gettext_lazy("Outgoing e-mail")
    header_icon = "mail"
    index_url_name = "portal_mail:journal"
    fields = [
        *("subject", "to", "kind", "category", "status", "attempts", "last_error", "created_at", "sent_at"),
        *("next_attempt_at", "message_id", "reply_to", "purged_at"),
    ]

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        """Show hours as here, and what there is not as a dash."""
        value = super().get_field_display_value(field_name, field)
        if isinstance(value, datetime):
            return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
        return value or "–"


class DeadLettersView(AdministratorOnlyMixin, WagtailAdminTemplateMixin, TemplateView):
    """What was given up, with the reason, to be sent again once the reason is gone."""

    template_name = "mail/admin/dead_letters.html"
    page_title = gettext_lazy("E-mails given up")
    header_icon = "warning"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        journal = {"url": reverse_lazy("portal_mail:journal"), "label": gettext_lazy("Outgoing e-mails")}
        return [*self.breadcrumbs_items, journal, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the messages, oldest failures last."""
        found = dead_messages()
        return {**super().get_context_data(**kwargs), "dead": found[:DEAD_SHOWN], "count": found.count()}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the chosen ones again."""
        chosen = [int(pk) for pk in request.POST.getlist("message") if pk.isascii() and pk.isdigit() and len(pk) < 18]
        count = replay_dead(pks=chosen)
        if count:
            said = ngettext("%(count)d e-mail is being sent again.", "%(count)d e-mails are being sent again.", count)
            messages.success(request, said % {"count": count})
        else:
            messages.warning(request, gettext("No e-mail was chosen."))
        return redirect("portal_mail:dead")


class PreviewsView(WagtailAdminTemplateMixin, TemplateView):
    """Every message that the portal can write."""

    template_name = "mail/admin/previews.html"
    page_title = gettext_lazy("E-mails that the portal writes")
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kinds by app."""
        return {**super().get_context_data(**kwargs), "groups": kinds_by_app()}


class PreviewView(WagtailAdminTemplateMixin, TemplateView):
    """One message as people receive it, filled with invented values."""

    template_name = "mail/admin/preview.html"
    header_icon = "mail"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Return the way here."""
        previews = {"url": reverse_lazy("portal_mail:previews"), "label": PreviewsView.page_title}
        return [*self.breadcrumbs_items, previews, {"url": "", "label": self.get_page_title()}]

    def get_page_title(self) -> str:
        """Return the subject."""
        return preview_mail(kind_or_404(self.kwargs["name"])).subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the text; the HTML has an address of its own."""
        kind = kind_or_404(self.kwargs["name"])
        return {**super().get_context_data(**kwargs), "kind": kind, "mail": preview_mail(kind)}


@require_safe
@xframe_options_sameorigin
def preview_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show the HTML of a message by itself, in a sandbox."""
    response = HttpResponse(preview_mail(kind_or_404(name)).html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def kind_or_404(name: str) -> MailKind:
    """Return a declared kind; raises Http404 where there is none."""
    if name not in mail_kinds:
        raise Http404
    return mail_kinds.get(name)
