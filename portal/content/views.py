"""Pages of the editorial content: home, news, resources, text, site map, contact, public pictures."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Site
from wagtail.views import serve as wagtail_serve

from portal.accounts.rules import is_member
from portal.content.blocks.heading import parts_of
from portal.content.citations import citation_areas
from portal.content.enums import ContactSubject, ResourceKind
from portal.content.filters import Choice, chips_for, choice_for
from portal.content.forms import ContactForm
from portal.content.models import (
    HomePage,
    NewsIndexPage,
    NewsPage,
    PortalDocument,
    ResourceIndexPage,
    ResourcePage,
    StandardPage,
)
from portal.content.navigation import INFORMATION, TAXONOMY
from portal.content.notification_kinds import news_group
from portal.content.panels import panel_areas, shown_panels
from portal.content.selectors import (
    documents_of,
    filed_under,
    home_open_to_all,
    latest_news_cards,
    news_card,
    news_categories,
    news_visible_to,
    related_news,
    resource_card,
    resources_visible_to,
    site_map_for,
    themes_of,
)
from portal.content.services import find_same_message, receive_contact_message
from portal.core.page_cache import cached_for_visitors, depend_on
from portal.core.throttle import client_network, take_turn
from portal.notifications.services import mark_seen
from portal.taxonomy.models import Territory, Theme

PAGE_SIZE = 10
CONTACT_LIMIT = 5
CONTACT_PERIOD = 3_600
MEDIA_SECONDS = 7 * 86_400


def root(request: HttpRequest) -> HttpResponse:
    """Show the home without Wagtail's walk from the root, wherever its answer is known."""
    page = home_open_to_all()
    return home(request, page) if page else wagtail_serve(request, "")


@require_safe
def home(request: HttpRequest, page: HomePage) -> HttpResponse:
    """Show the home: its blocks to a visitor, what concerns them to a member."""
    depend_on(request, "content", "taxonomy", "glossary", *panel_areas())
    if is_member(request.user):
        context = {"page": page, "panels": shown_panels(request), "news": latest_news_cards(request.user, 3)}
        return render(request, "content/home_member.html", context)
    has_title = any(block.block_type == "hero" for block in page.body)
    return render(request, "content/home.html", {"page": page, "has_title": has_title})


@require_safe
@cached_for_visitors("content", "taxonomy")
def news_list(request: HttpRequest, page: NewsIndexPage) -> HttpResponse:
    """List the news, by category and theme."""
    news = news_visible_to(request.user)
    categories, themes = news_categories(request.user), themes_of(news)
    category = next((found for found in categories if found.slug == request.GET.get("categorie")), None)
    theme = next((found for found in themes if found.slug == request.GET.get("theme")), None)
    found = news.filter(category=category) if category else news
    found = filed_under(found, theme) if theme else found
    choices = [
        choice_for("categorie", _("Category"), _("All categories"), categories, category),
        choice_for("theme", _("Theme"), _("All themes"), themes, theme),
    ]
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    cards = [news_card(article) for article in shown.object_list]
    return render(request, "content/news_list.html", _list_context(request, page, shown, cards, choices))


@require_safe
@cached_for_visitors("content", "taxonomy")
def resource_list(request: HttpRequest, page: ResourceIndexPage) -> HttpResponse:
    """List the resources, by kind and theme."""
    resources = resources_visible_to(request.user)
    used = set(resources.order_by().values_list("kind", flat=True).distinct())
    kinds = [Choice(kind.value, str(kind.label).capitalize()) for kind in ResourceKind if kind.value in used]
    themes = themes_of(resources)
    kind = next((found for found in kinds if found.slug == request.GET.get("type")), None)
    theme = next((found for found in themes if found.slug == request.GET.get("theme")), None)
    found = resources.filter(kind=kind.slug) if kind else resources
    found = filed_under(found, theme) if theme else found
    choices = [
        choice_for("type", _("Kind of resource"), _("All kinds"), kinds, kind),
        choice_for("theme", _("Theme"), _("All themes"), themes, theme),
    ]
    shown = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    cards = [resource_card(resource) for resource in shown.object_list]
    return render(request, "content/resource_list.html", _list_context(request, page, shown, cards, choices))


def _list_context(
    request: HttpRequest, page: Any, shown: Any, cards: list[dict[str, Any]], choices: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "page": page,
        "shown": shown,
        "cards": cards,
        "choices": choices,
        "chips": chips_for(request, choices),
    }


@require_safe
@cached_for_visitors("content", "taxonomy", "glossary")
def news_detail(request: HttpRequest, page: NewsPage) -> HttpResponse:
    """Show an article."""
    _note_read(request, page)
    context = {
        "page": page,
        "tags": _tags(page.themes.all(), page.territories.all()),
        "related": related_news(page, request.user),
    }
    return render(request, "content/news_detail.html", context)


@require_safe
@cached_for_visitors("content", "taxonomy", "glossary")
def resource_detail(request: HttpRequest, page: ResourcePage) -> HttpResponse:
    """Show a resource and its files, and the discussions that led to it."""
    depend_on(request, *citation_areas())
    _note_read(request, page)
    kind = str(page.get_kind_display()).capitalize()
    facts = [{"label": _("Parties"), "value": page.parties}] if page.parties else []
    audiences = ", ".join(audience.name for audience in page.audiences.all())
    facts += [{"label": _("Audiences"), "value": audiences}] if audiences else []
    context = {
        "page": page,
        "kind": kind,
        "facts": facts,
        "tags": _tags(page.themes.all()),
        "documents": documents_of(page, request.user),
        "citation_key": f"resource:{page.pk}",
    }
    return render(request, "content/resource_detail.html", context)


def _note_read(request: HttpRequest, page: NewsPage | ResourcePage) -> None:
    """End what would tell a member of the page that they are reading."""
    if is_member(request.user):
        mark_seen(user=request.user, group=news_group(page.pk))  # type: ignore[arg-type]


def _tags(*groups: Iterable[Theme | Territory]) -> list[dict[str, str]]:
    return [{"label": str(word), "url": word.get_absolute_url()} for words in groups for word in words]


@require_safe
@cached_for_visitors("content", "glossary")
def standard_page(request: HttpRequest, page: StandardPage) -> HttpResponse:
    """Show a page of text."""
    return render(request, "content/standard_page.html", {"page": page, "parts": parts_of(page.body)})


@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    """List the areas of the portal and every page that the reader may read."""
    depend_on(request, "content", "sheets")
    site = Site.find_for_request(request)
    nodes = site_map_for(site.root_page, request.user) if site else []
    return render(request, "content/site_map.html", {"groups": [INFORMATION, TAXONOMY], "nodes": nodes})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """Show the contact form, or store its message, which the outbox sends to the team."""
    if request.method != "POST":
        return _contact_page(request, ContactForm(initial=_contact_initial(request)))
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _contact_page(request, form, status=422)
    if form.is_from_robot:
        # Told the same as people, so that it learns nothing.
        return redirect("content:contact_done")
    is_new = find_same_message(uid=form.form_uid, values=form.values) is None
    if is_new and not _may_write_again(request, form):
        form.add_error(None, _("You have sent several messages within the hour: please try again later."))
        return _contact_page(request, form, status=429)
    receive_contact_message(uid=form.form_uid, values=form.values)
    return redirect("content:contact_done")


def _contact_page(request: HttpRequest, form: ContactForm, status: int = 200) -> HttpResponse:
    return render(request, "content/contact.html", {"form": form}, status=status)


def _contact_initial(request: HttpRequest) -> dict[str, Any]:
    subject = request.GET.get("objet", "")
    initial = {"uid": uuid4(), "subject": subject if subject in ContactSubject.values else ""}
    if request.user.is_authenticated:
        initial |= {"name": request.user.get_full_name(), "email": request.user.email}
    return initial


def _may_write_again(request: HttpRequest, form: ContactForm) -> bool:
    """Take a turn for the address of the machine and one for the e-mail address."""
    turns = (("contact-address", client_network(request)), ("contact-email", form.values["email"]))
    return all(take_turn(scope, who, limit=CONTACT_LIMIT, seconds=CONTACT_PERIOD) for scope, who in turns)


@require_safe
def contact_done(request: HttpRequest) -> HttpResponse:
    """Say that the message has arrived and what comes next."""
    return render(request, "content/contact_done.html")


@require_safe
def document(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Serve a document as a file to save; to those who may not read it, it does not exist.

    What is for members is kept by no cache, shared or of a shared computer.
    """
    found = get_object_or_404(PortalDocument.objects.visible_to(request.user), pk=pk)
    if found.filename != name:
        raise Http404
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=found.content_type)
    if found.members_only:
        patch_cache_control(response, private=True, no_store=True)
    return response


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Serve a picture made for a page, where no web server in front of the portal does.

    Only renditions live below ``images/``; originals and documents are in the private storage.
    """
    name = f"images/{path}"
    if "\x00" in path or ".." in path.split("/") or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name, "rb"))
    response["Cache-Control"] = f"public, max-age={MEDIA_SECONDS}"
    return response
