"""What one follows, and which mails one wants."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.dates import format_day
from portal.mail.marks import lift_mark
from portal.notifications.forms import MailSettingsForm, PreferencesForm, SubscriptionForm
from portal.notifications.models import MailSettings, Subscription
from portal.notifications.selectors import mark_of, subscription_lines
from portal.notifications.services import choose_subscription_rhythm, end_subscription, save_preferences

PER_PAGE = 20


@require_safe
@login_required
def subscriptions(request: HttpRequest) -> HttpResponse:
    """List what the person follows."""
    found = Subscription.objects.filter(user=request.user)  # type: ignore[misc]
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lines = subscription_lines(request.user, list(page.object_list))  # type: ignore[arg-type]
    rows = [
        {
            "line": line,
            "form": SubscriptionForm(
                initial={"rhythm": line.subscription.rhythm or SubscriptionForm.AS_PREFERRED},
                auto_id=f"id_{line.subscription.pk}_%s",
            ),
            "since": format_day(line.subscription.created_at),
        }
        for line in lines
    ]
    return render(request, "notifications/subscriptions.html", {"page": page, "rows": rows})


@require_POST
@login_required
def change_subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the rhythm of one subscription, or end it."""
    subscription = get_object_or_404(Subscription, pk=pk, user=request.user)  # type: ignore[misc]
    form = SubscriptionForm(request.POST)
    if request.POST.get("action") == "unfollow":
        end_subscription(subscription=subscription)
        messages.success(request, _("This subscription has ended."))
    elif form.is_valid():
        choose_subscription_rhythm(subscription=subscription, rhythm=form.cleaned_data["rhythm"])
        messages.success(request, _("Your choice for this subscription is saved."))
    else:
        messages.error(request, _("This rhythm does not exist: choose one of the list."))
    return redirect("notifications:subscriptions")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show and save the matrix of kinds, and the settings of all mails."""
    user = request.user
    data = request.POST if request.method == "POST" else None
    mail_settings = MailSettings.objects.filter(user=user).first() or MailSettings(user=user)  # type: ignore[misc]
    form = PreferencesForm(data, user=user)  # type: ignore[arg-type]
    general = MailSettingsForm(data, instance=mail_settings)
    if data is not None and form.is_valid() and general.is_valid():
        save_preferences(user=user, choices=form.choices)  # type: ignore[arg-type]
        general.save()
        messages.success(request, _("Your preferences are saved."))
        return redirect("notifications:preferences")
    context = {"form": form, "general": general, "mark": mark_of(user)}  # type: ignore[arg-type]
    return render(request, "notifications/preferences.html", context, status=422 if data is not None else 200)


@require_POST
@login_required
def lift(request: HttpRequest) -> HttpResponse:
    """Let mails come to the person's address again."""
    if lift_mark(address=request.user.email):  # type: ignore[union-attr]
        messages.success(request, _("E-mails come to your address again."))
    return redirect("notifications:preferences")
