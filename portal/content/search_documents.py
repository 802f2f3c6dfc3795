"""How editorial pages are found."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from portal.accounts.rules import AnyUser, is_member
from portal.content.models import (
    NewsCategory,
    NewsPage,
    PortalDocument,
    ResourceDocument,
    ResourcePage,
    StandardPage,
)
from portal.core.paths import public_path
from portal.taxonomy.models import Theme
from search import api


def _text_of(body: StreamValue) -> str:
    """Return the words of a page's blocks, each block apart."""
    return " \n".join(str(text) for text in body.stream_block.get_searchable_content(body))


def _names(*rows: Iterable[Any]) -> str:
    return " \n".join(row.name for group in rows for row in group)


@api.register
class NewsSource(api.PageSource):
    """News, by their date."""

    model = "content.NewsPage"
    kind = "news"
    label = _("News article")
    related = ("content.NewsCategory", "taxonomy.Theme")

    def queryset(self) -> QuerySet[Any]:
        """Return live news with their category."""
        return super().queryset().select_related("category")

    def to_document(self, obj: NewsPage) -> api.Document:
        """Describe an article."""
        themes = obj.themes.select_related("parent")
        territories = obj.territories.select_related("department", "region")
        return self.document(
            obj,
            title=obj.title,
            url=public_path(obj),
            summary=obj.intro,
            body=_text_of(obj.body),
            keywords=_names([obj.category], themes, territories),
            themes=api.theme_keys(themes),
            territories=api.territory_keys(territories),
            date=obj.published_on,
            breadcrumb=obj.category.name,
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the names of categories and themes."""
        if isinstance(instance, NewsCategory):
            return NewsPage.objects.filter(category=instance).values_list("pk", flat=True)
        if isinstance(instance, Theme):
            return NewsPage.objects.filter(themes=instance).values_list("pk", flat=True)
        return ()


@api.register
class ResourceSource(api.PageSource):
    """Resources; the titles of files for members are found by members alone."""

    model = "content.ResourcePage"
    kind = "resource"
    label = _("Resource")
    related = ("content.PortalDocument", "taxonomy.Theme")

    def to_document(self, obj: ResourcePage) -> api.Document:
        """Describe a resource."""
        themes = obj.themes.select_related("parent")
        files = [row.document for row in obj.documents.select_related("document")]
        public = [file.title for file in files if not file.members_only]
        return self.document(
            obj,
            title=obj.title,
            url=public_path(obj),
            summary=obj.summary,
            body=" \n".join([obj.parties, _text_of(obj.body), *public]),
            members_body=" \n".join(file.title for file in files if file.members_only),
            keywords=_names(themes, obj.audiences.all()),
            themes=api.theme_keys(themes),
            breadcrumb=str(obj.get_kind_display()),
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the titles and the rights of files, and the names of themes."""
        if isinstance(instance, PortalDocument):
            return ResourcePage.objects.filter(documents__document=instance).values_list("pk", flat=True)
        if isinstance(instance, Theme):
            return ResourcePage.objects.filter(themes=instance).values_list("pk", flat=True)
        return ()


@api.register
class StandardPageSource(api.PageSource):
    """Pages of text, after what people come for."""

    model = "content.StandardPage"
    kind = "page"
    label = _("Page")

    def to_document(self, obj: StandardPage) -> api.Document:
        """Describe a page of text."""
        return self.document(
            obj, title=obj.title, url=public_path(obj), summary=obj.intro, body=_text_of(obj.body), weight=0.7
        )


@api.register
class FileSource(api.DocumentSource):
    """Files of the resource centre, found by their title and, of a PDF, by its words.

    A file is for those who may read one of the resources that show it: where all of these are closed to
    a group or by a password, it appears in no search.
    """

    model = "content.PortalDocument"
    kind = "file"
    label = _("Document")
    related = ("content.ResourcePage", "content.ResourceDocument")

    def queryset(self) -> QuerySet[PortalDocument]:
        """Return the files that a resource shows, each with ``is_for_members``: others are but stored."""
        for_members = ~self._shown(by_members=False) | Q(members_only=True)
        return PortalDocument.objects.filter(self._shown(by_members=True)).annotate(
            is_for_members=ExpressionWrapper(for_members, output_field=BooleanField())
        )

    @staticmethod
    def _shown(*, by_members: bool) -> Exists:
        """Whether a resource that any member, or any visitor, may read shows the file."""
        pages = ResourcePage.objects.readable(by_members=by_members)
        return Exists(pages.filter(documents__document=OuterRef("pk")))

    def readable_by(self, user: AnyUser) -> QuerySet[Any]:
        """Return what a document's own rights and those of the resources leave to ``user``."""
        found = super().readable_by(user)
        return found if is_member(user) else found.filter(is_for_members=False)

    def to_document(self, obj: PortalDocument) -> api.Document:
        """Describe a file; one for members is found by members alone."""
        return self.document(
            obj,
            title=obj.title,
            url=obj.url,
            body=api.text_of_file(obj.file, wanted_by=self.key_of(obj.pk)),
            date=obj.created_at.date(),
            weight=0.9,
            audience=frozenset({api.MEMBERS if obj.is_for_members else api.PUBLIC}),
            breadcrumb=obj.format,
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the resources that show files."""
        rows = instance.documents.all() if isinstance(instance, ResourcePage) else [instance]
        return [row.document_id for row in rows]

    def affected_below(self, page: Page) -> Iterable[Any]:
        """Follow the rights of the resources, which pages above give and take."""
        rows = ResourceDocument.objects.filter(page__path__startswith=page.path)
        return rows.order_by().values_list("document_id", flat=True).distinct()
