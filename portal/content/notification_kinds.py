"""What the editorial content tells people: a news or a resource on what they follow, when it is first published."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from wagtail.signals import page_published

from portal.accounts.models import User
from portal.content.models import NewsPage, ResourcePage
from portal.core.paths import public_path
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event
from portal.notifications.selectors import followers_as_recipients
from portal.notifications.services import record_event

NEWS, RESOURCE = "content.news", "content.resource"


def news_group(page_id: int) -> str:
    """Return the group of the news of one page: reading it marks them as read."""
    return f"content.page:{page_id}"


def _followers(event: Event) -> Iterator[Recipient]:
    """Yield who follows a theme of the page, or one of the territories of an article."""
    page = event.about
    for theme in page.themes.all():
        yield from followers_as_recipients(theme, reason=_("You follow the theme %(name)s.") % {"name": theme.name})
    for place in page.territories.all() if isinstance(page, NewsPage) else ():
        yield from followers_as_recipients(place, reason=_("You follow the territory %(name)s.") % {"name": place.name})


def _telling(model: Any, title: str) -> Callable[[Event, User], Telling | None]:
    def tell(event: Event, user: User) -> Telling | None:
        page = model.objects.visible_to(user).filter(pk=event.object_id).first()
        if page is None:
            return None
        return Telling(_(title) % {"title": page.title}, public_path(page), news_group(page.pk), page.title)

    return tell


def _note_first_publication(sender: type, instance: Any, **kwargs: Any) -> None:
    """Note a page that was never published before; a correction of an old one is no news."""
    kind = {NewsPage: NEWS, ResourcePage: RESOURCE}.get(sender)
    if kind is not None and instance.first_published_at == instance.last_published_at:
        record_event(kind, about=instance, key=str(instance.pk))


page_published.connect(_note_first_publication, dispatch_uid="content-told")
declare(
    NotificationKind(
        key=NEWS,
        label=gettext_lazy("A news on what I follow"),
        reason=gettext_lazy("You follow one of the themes or territories of this news."),
        audience=_followers,
        telling=_telling(NewsPage, gettext_noop("News: %(title)s")),
        visible=NewsPage.objects.visible_to,
    )
)
declare(
    NotificationKind(
        key=RESOURCE,
        label=gettext_lazy("A resource on what I follow"),
        reason=gettext_lazy("You follow one of the themes of this resource."),
        audience=_followers,
        telling=_telling(ResourcePage, gettext_noop("New resource: %(title)s")),
        visible=ResourcePage.objects.visible_to,
    )
)
