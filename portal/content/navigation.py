"""Where the portal's areas are: menus, footer and site map name them by their stable addresses."""

from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SEARCH_PATH = "/recherche/"
FEED_PATH = "/actualites/flux/"
NEWS_PATH = "/actualites/"
RESOURCES_PATH = "/ressources/"
CONTACT_PATH = "/contact/"
SITE_MAP_PATH = "/plan-du-site/"
ACCESSIBILITY_PATH = "/accessibilite/"
LEGAL_PATH = "/mentions-legales/"
PRIVACY_PATH = "/donnees-personnelles/"
COOKIES_PATH = "/gestion-des-cookies/"


@dataclass(frozen=True)
class Link:
    """A link of a menu; ``post`` says that it is a button which changes something.

    ``count`` is what waits there, and ``count_url`` tells it anew to a page that stays open.
    """

    label: str | Promise
    url: str
    current: bool = False
    icon: str = ""
    post: bool = False
    count: int = 0
    count_url: str = ""

    def marked(self, path: str) -> "Link":
        """Return this link, current when ``path`` is its page or below it."""
        is_current = path == self.url if self.url == "/" else path.startswith(self.url)
        return replace(self, current=is_current)


@dataclass(frozen=True)
class LinkGroup:
    """Links under one title."""

    title: str | Promise
    links: tuple[Link, ...]


MAIN_MENU: tuple[Link, ...] = (
    Link(_("Home"), "/"),
    Link(_("Award-winning projects"), "/projets/"),
    Link(pgettext_lazy("area of the portal", "Forum"), "/forum/"),
    Link(pgettext_lazy("area of the portal", "Calendar"), "/agenda/"),
    Link(pgettext_lazy("area of the portal", "Directory"), "/annuaire/"),
    Link(pgettext_lazy("area of the portal", "Resources"), RESOURCES_PATH),
)
SEARCH = Link(_("Search"), SEARCH_PATH, icon="search")
INFORMATION = LinkGroup(
    _("Stay informed"),
    (
        Link(_("News"), NEWS_PATH),
        Link(_("News feed (RSS)"), FEED_PATH),
        Link(pgettext_lazy("area of the portal", "Resources"), RESOURCES_PATH),
        Link(_("Glossary"), "/glossaire/"),
        Link(_("Open data"), "/donnees/"),
    ),
)
TAXONOMY = LinkGroup(_("Explore"), (Link(_("Themes"), "/themes/"), Link(_("Territories"), "/territoires/"), SEARCH))


def footer_links(accessibility: str) -> tuple[Link, ...]:
    """Return the legal links; ``accessibility`` is the state that RGAA wants on every page."""
    return (
        Link(_("Site map"), SITE_MAP_PATH),
        Link(accessibility, ACCESSIBILITY_PATH),
        Link(_("Legal notice"), LEGAL_PATH),
        Link(_("Personal data"), PRIVACY_PATH),
        Link(_("Cookies"), COOKIES_PATH),
        Link(_("Contact"), CONTACT_PATH),
        Link(_("Glossary"), "/glossaire/"),
    )
