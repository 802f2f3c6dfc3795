"""The site and its editorial content."""

from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from wagtail.models import Page, Site
from wagtail_factories import PageFactory

from portal.content.enums import ResourceKind
from portal.content.models import (
    Announcement,
    HomePage,
    NewsCategory,
    NewsIndexPage,
    NewsPage,
    PortalDocument,
    PortalImage,
    ResourceIndexPage,
    ResourcePage,
    StandardPage,
)
from tests.factories.files import PDF, png


class SinglePageFactory(PageFactory):
    """A page of which the site has one: the same one is returned each time."""

    class Meta:
        model = Page
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        return model_class.objects.first() or super()._create(model_class, *args, **kwargs)


class HomePageFactory(SinglePageFactory):
    """The root of the site, which the tests' host name then shows."""

    title = "Accueil"
    parent = factory.LazyFunction(Page.get_first_root_node)

    class Meta:
        model = HomePage

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        home = super()._create(model_class, *args, **kwargs)
        # Wagtail's migrations leave a site that shows their own welcome page.
        values = {"hostname": "testserver", "root_page": home, "is_default_site": True}
        site = Site.objects.filter(is_default_site=True).first() or Site(**values)
        if site.root_page_id != home.pk:
            site.root_page = home
            site.save()
        return home


class NewsIndexPageFactory(SinglePageFactory):
    """The list of the news."""

    title = "Actualités"
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = NewsIndexPage


class NewsCategoryFactory(DjangoModelFactory):
    """The heading “Actualités”."""

    name = "Actualités"
    slug = "actualites"

    class Meta:
        model = NewsCategory
        django_get_or_create = ("slug",)


class NewsPageFactory(PageFactory):
    """A published article."""

    title = factory.Sequence(lambda n: f"Article {n}")
    category = factory.SubFactory(NewsCategoryFactory)
    intro = "Ce que disent les listes."
    parent = factory.SubFactory(NewsIndexPageFactory)

    class Meta:
        model = NewsPage


class ResourceIndexPageFactory(SinglePageFactory):
    """The list of the resources."""

    title = "Ressources"
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = ResourceIndexPage


class ResourcePageFactory(PageFactory):
    """A published resource."""

    title = factory.Sequence(lambda n: f"Ressource {n}")
    kind = ResourceKind.GUIDE
    summary = "Ce que disent les listes."
    parent = factory.SubFactory(ResourceIndexPageFactory)

    class Meta:
        model = ResourcePage


class StandardPageFactory(PageFactory):
    """A published page of text."""

    title = factory.Sequence(lambda n: f"Page {n}")
    parent = factory.SubFactory(HomePageFactory)

    class Meta:
        model = StandardPage


class DocumentFactory(DjangoModelFactory):
    """A small PDF of the resource centre, public unless ``members_only``."""

    title = factory.Sequence(lambda n: f"Document {n}")
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="document.pdf"))

    class Meta:
        model = PortalDocument


class ImageFactory(DjangoModelFactory):
    """A small picture."""

    title = factory.Sequence(lambda n: f"Image {n}")
    file = factory.LazyFunction(lambda: ContentFile(png(), name="image.png"))

    class Meta:
        model = PortalImage


class AnnouncementFactory(DjangoModelFactory):
    """An announcement shown from now on."""

    text = "Une annonce pour tous."

    class Meta:
        model = Announcement
