"""How editorial pages are found."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamValue

from portal.content.models import NewsCategory, NewsPage, PortalDocument, ResourcePage, StandardPage
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
    """Files of the resource centre, found by their title and, of a PDF, by its words."""

    model = "content.PortalDocument"
    kind = "file"
    label = _("Document")
    related = ("content.ResourcePage", "content.ResourceDocument")

    def queryset(self) -> QuerySet[PortalDocument]:
        """Return the files that a resource shows: others are but stored."""
        shown = ResourcePage.objects.live().filter(documents__document=OuterRef("pk"))
        return PortalDocument.objects.filter(Exists(shown))

    def to_document(self, obj: PortalDocument) -> api.Document:
        """Describe a file; one for members is found by members alone."""
        return self.document(
            obj,
            title=obj.title,
            url=obj.url,
            body=api.text_of_file(obj.file, wanted_by=self.key_of(obj.pk)),
            date=obj.created_at.date(),
            weight=0.9,
            audience=frozenset({api.MEMBERS if obj.members_only else api.PUBLIC}),
            breadcrumb=obj.format,
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the resources that show files."""
        rows = instance.documents.all() if isinstance(instance, ResourcePage) else [instance]
        return [row.document_id for row in rows]
