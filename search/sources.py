"""What an app declares so that its things can be found, and for whom."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, cast

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from wagtail.models import Page, PageViewRestriction

from portal.accounts.rules import AnyUser, is_administrator, is_member
from portal.core import areas
from portal.core.registry import Registry
from portal.core.remember import remembered
from portal.taxonomy.models import Territory, Theme
from search.enums import ADMINISTRATORS, MEMBERS, PUBLIC


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found.

    ``title``, ``summary`` and ``body`` are plain text for the whole ``audience``;
    ``members_body`` is searched, counted and quoted for members alone. ``keywords`` are found and
    never shown: other names, labels of themes. ``url`` starts with "/". ``weight`` multiplies the
    score (1 is ordinary). ``themes`` and ``territories`` are made by ``theme_keys`` and
    ``territory_keys``; ``calls`` are values whose labels the app declares by ``register_labels``.
    """

    key: str
    kind: str
    title: str
    url: str
    summary: str = ""
    body: str = ""
    members_body: str = ""
    keywords: str = ""
    themes: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    date: datetime.date | None = None
    weight: float = 1.0
    audience: frozenset[str] = frozenset({PUBLIC})
    breadcrumb: str = ""


class DocumentSource:
    """Describes the documents of one model; an app subclasses it in ``search_documents.py``.

    ``model`` is a label ("directory.Organisation"), ``kind`` a short stable name that also
    begins the documents' keys, ``label`` what people read. ``related`` names the models whose
    changes are shown to ``affected_by``; new rows of those in ``added_later`` only add to what is
    found already, and are left to the worker: who writes them does not wait for the index.
    """

    model: ClassVar[str]
    kind: ClassVar[str]
    label: ClassVar[str | Promise]
    related: ClassVar[tuple[str, ...]] = ()
    added_later: ClassVar[tuple[str, ...]] = ()

    @property
    def model_class(self) -> type[Model]:
        """The model behind the label."""
        return apps.get_model(self.model)

    def key_of(self, pk: object) -> str:
        """Return the key of the object ``pk``."""
        return f"{self.kind}:{pk}"

    def queryset(self) -> QuerySet[Any]:
        """Return what can be found, with all that ``to_document`` reads."""
        return self.model_class._default_manager.all()

    def to_document(self, obj: Any) -> Document | None:
        """Describe ``obj``, or return None where it is not to be found."""
        raise NotImplementedError

    def document(self, obj: Any, *, title: str, url: str, **values: Any) -> Document:
        """Build the document of ``obj``; ``values`` are fields of ``Document``."""
        return Document(key=self.key_of(obj.pk), kind=self.kind, title=title, url=url, **values)

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Return the objects, or their primary keys, that a change of ``instance`` changes."""
        return ()

    def affected_below(self, page: Page) -> Iterable[Any]:
        """Return the primary keys of what is no page, and changes with the rights of ``page`` and those below it."""
        return ()

    def readable_by(self, user: AnyUser) -> QuerySet[Any]:
        """Return what ``user`` may see now: the model's own ``visible_to``, where it has one.

        A model without one is as public as its documents.
        """
        found = self.queryset()
        return found.visible_to(user) if hasattr(found, "visible_to") else found

    def visible(self, user: AnyUser, ids: Iterable[str]) -> set[str]:
        """Return those of ``ids`` that ``user`` may see now; one query."""
        return {pk for _kind, pk in self.visible_rows(user, ids)}

    def visible_rows(self, user: AnyUser, ids: Iterable[str]) -> QuerySet[Any, tuple[str, str]]:
        """Return (kind, primary key) of those of ``ids`` that ``user`` may see now."""
        kept = self.readable_by(user).filter(pk__in=list(ids)).prefetch_related(None).order_by()
        kind, pk = Value(self.kind, output_field=CharField()), Cast("pk", output_field=CharField())
        return kept.values_list(kind, pk)


class PageSource(DocumentSource):
    """Documents of a Wagtail page type: live pages, for members alone where they ask to sign in.

    Pages closed to a group or by a password are reached by their address and appear in no search.
    """

    def queryset(self) -> QuerySet[Any]:
        """Return the live pages, each with ``is_for_members``, decided in the one query."""
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        closed = PageViewRestriction.objects.annotate(below=path).filter(below__startswith=F("page__path"))
        sign_in = Q(restriction_type=PageViewRestriction.LOGIN)
        return self.model_class._default_manager.filter(~Exists(closed.exclude(sign_in)), live=True).annotate(
            is_for_members=Exists(closed.filter(sign_in))
        )

    def document(self, obj: Any, *, title: str, url: str, **values: Any) -> Document:
        """Build the document of a page, for the audience that its restriction leaves."""
        values.setdefault("audience", frozenset({MEMBERS if obj.is_for_members else PUBLIC}))
        return super().document(obj, title=title, url=url, **values)

    def readable_by(self, user: AnyUser) -> QuerySet[Any]:
        """Return what the model shows to ``user``, without the members' pages for anyone else."""
        found = super().readable_by(user)
        return found if is_member(user) else found.filter(is_for_members=False)


#: Levels that search offers as a facet, with the beginning of their code in addresses.
TERRITORY_PREFIXES: dict[str, str] = {Territory.Level.REGION: "reg", Territory.Level.DEPARTMENT: "dep"}

LabelProvider = Callable[[], Mapping[str, str]]

sources: Registry[DocumentSource] = Registry("search documents")
#: For a facet, the function that gives the labels of all its values.
label_providers: dict[str, LabelProvider] = {}
_token_providers: list[Callable[[AnyUser], Iterable[str]]] = []


def register(source: type[DocumentSource]) -> type[DocumentSource]:
    """Declare a source; usable as a decorator. Raises ValueError when its kind is taken."""
    sources.register(source.kind, source())
    sources_of.cache_clear()
    for by_members in (False, True):
        areas.declare(found_area(source.kind, by_members=by_members))
    return source


def found_area(kind: str, *, by_members: bool = False) -> str:
    """Return the area of what visitors, or members, find of ``kind``.

    ``indexing`` renews it once the index holds a change of what they find.
    """
    return f"members-found-{kind}" if by_members else f"found-{kind}"


def visible_keys(user: AnyUser, keys: Iterable[str]) -> set[str]:
    """Return those of ``keys`` that ``user`` may see now, each by its own model: the second check, on display.

    One query, whatever the kinds.
    """
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _colon, pk = key.partition(":")
        by_kind[kind].append(pk)
    asked = [sources.get(kind).visible_rows(user, ids) for kind, ids in by_kind.items() if kind in sources]
    if not asked:
        return set()
    rows = asked[0].union(*asked[1:], all=True) if asked[1:] else asked[0]
    return {sources.get(kind).key_of(pk) for kind, pk in rows}


@cache
def sources_of(model: type[Model]) -> tuple[DocumentSource, ...]:
    """Return the sources that describe objects of ``model``.

    A row of a parent table (a bare ``Page``) has the primary key of the page type that it is.
    """
    return tuple(
        source for source in sources if issubclass(model, source.model_class) or issubclass(source.model_class, model)
    )


def register_tokens(provider: Callable[[AnyUser], Iterable[str]]) -> Callable[[AnyUser], Iterable[str]]:
    """Declare a function that gives a member further tokens; usable as a decorator."""
    _token_providers.append(provider)
    return provider


def register_labels(facet: str) -> Callable[[LabelProvider], LabelProvider]:
    """Declare the function that gives the labels of all values of a facet; a value without one is not offered.

    It is asked at every search: let it remember what it returns.
    """

    def declare(provider: LabelProvider) -> LabelProvider:
        label_providers[facet] = provider
        return provider

    return declare


def tokens_for(user: AnyUser) -> frozenset[str]:
    """Return the audience tokens that ``user`` holds; no query of its own but where groups have changed."""
    if not is_member(user):
        return frozenset({PUBLIC})
    tokens = {PUBLIC, MEMBERS}
    tokens.update(f"group:{pk}" for pk in _group_ids(cast("int", user.pk)))
    if is_administrator(user):
        tokens.add(ADMINISTRATORS)
    for provider in _token_providers:
        tokens.update(provider(user))
    return frozenset(tokens)


@remembered("groups")
def _group_ids(user_id: int) -> tuple[int, ...]:
    return tuple(Group.objects.filter(user=user_id).order_by().values_list("pk", flat=True))


def theme_keys(themes: Iterable[Theme]) -> tuple[str, ...]:
    """Return the facet values of ``themes``: their slugs and those of their parents."""
    found = {theme.slug for theme in themes} | {theme.parent.slug for theme in themes if theme.parent}
    return tuple(sorted(found))


def territory_key(territory: Territory) -> str:
    """Return the facet value of a region or département, as addresses write it: "dep-29"."""
    return f"{TERRITORY_PREFIXES[territory.level]}-{territory.code}"


def territory_keys(territories: Iterable[Territory]) -> tuple[str, ...]:
    """Return the départements and régions of ``territories``, a commune counting for both of its own."""
    found: set[str] = set()
    for territory in territories:
        for place in (territory, territory.department, territory.region):
            if place is not None and place.level in TERRITORY_PREFIXES:
                found.add(territory_key(place))
    return tuple(sorted(found))
