"""The editorial content: home page, article, resources, announcement."""

import json
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Page

from portal.animation.demo.calls import SESSION_LAB_LABEL, SESSION_LAB_URL
from portal.animation.demo.illustration import as_jpeg, draw_path_through_hills
from portal.animation.demo.loir_et_cher import TITLE
from portal.animation.demo.sheets import demo_sheet
from portal.animation.demo.tools import Say, audiences, demo_uid, tell, territories, themes
from portal.content.enums import ResourceKind
from portal.content.models import (
    Announcement,
    HomePage,
    NewsCategory,
    NewsIndexPage,
    NewsPage,
    PortalImage,
    ResourceIndexPage,
    ResourcePage,
)

Block = tuple[str, Any]
PICTURE_WIDTH = 1600

PARTNERS = (
    (
        "DREETS Bretagne",
        "Organise les Sessions Lab et anime la communauté",
        "https://bretagne.dreets.gouv.fr/",
    ),
    ("GREF Bretagne", "Appuie l’organisation des Sessions Lab", "https://www.gref-bretagne.com/"),
    ("Ti Lab", "Laboratoire d’innovation publique breton", ""),
)


def _stream(*blocks: Block) -> str:
    """Return blocks as a stream field reads them."""
    return json.dumps([{"type": kind, "value": value} for kind, value in blocks])


def _heading(text: str) -> Block:
    return ("heading", {"text": text, "level": "h2"})


def _page_link(page: Page, label: str) -> dict[str, Any]:
    return {"label": label, "page": page.pk, "address": ""}


def _article() -> NewsPage:
    """Return the article on the platform of Loir-et-Cher."""
    sheet = demo_sheet("plateforme-loir-et-cher")
    picture = PortalImage(
        title="Un chemin mène à une porte ouverte",
        file=ContentFile(as_jpeg(draw_path_through_hills(), PICTURE_WIDTH), name="chemin.jpg"),
        credit="Dessin du portail",
    )
    picture.save()
    article = NewsPage(
        title=TITLE,
        slug="une-plateforme-en-loir-et-cher",
        category=NewsCategory.objects.get(slug="actualites"),
        intro=(
            "Retenue par le ministère du Travail, l’ASLD réunit autour des personnes réfugiées les acteurs de l’emploi "
            "et du social, pour un parcours qui mène à un emploi durable."
        ),
        picture=picture,
        body=_stream(
            (
                "paragraph",
                (
                    "<p>C’est le 31 janvier 2019 que le ministère du Travail a fait connaître son choix : l’ASLD "
                    "devient lauréate de l’appel à projets « Intégration professionnelle des réfugiés », ouvert le "
                    "1er octobre 2018 dans le cadre du plan d’investissement dans les compétences.</p>"
                ),
            ),
            _heading("Un accompagnement d’ensemble, des partenaires"),
            (
                "paragraph",
                (
                    "<p>La plateforme regarde toute la situation d’une personne : projet professionnel, français, "
                    "formation, emploi, mais aussi mobilité, santé et garde d’enfants.</p><p>Le Conseil départemental, "
                    "le MEDEF 41, le CRIA 41, Bio solidaire et les 3 missions locales se sont engagés aux côtés de "
                    "l’ASLD.</p>"
                ),
            ),
            (
                "call_to_action",
                {
                    "title": "Lire la fiche du projet",
                    "text": "Les actions, les partenaires et, pour les membres, le financement et les résultats.",
                    "link": _page_link(sheet, "Voir la fiche"),
                },
            ),
        ),
    )
    article.themes = themes(["cooperation", "accompagnement-global"])
    article.territories = territories(["dep-41"])
    return article


def _framework_agreement() -> ResourcePage:
    """Return the framework agreement; its address is not known."""
    resource = ResourcePage(
        title="Accord-cadre État / OFII / SPE",
        slug="accord-cadre-etat-ofii-spe",
        kind=ResourceKind.FRAMEWORK_AGREEMENT,
        parties=(
            "État / Office français de l’immigration et de l’intégration (OFII) / Service public de l’emploi (SPE)"
        ),
        summary=(
            "Trois signataires s’accordent pour que les étrangers primo-arrivants, dont les bénéficiaires de la "
            "protection internationale, accèdent plus facilement au monde économique."
        ),
        body=_stream(
            _heading("Ce qu’il vise"),
            (
                "paragraph",
                (
                    "<p>L’accord-cadre ouvre deux portes vers le monde économique : un emploi ou une formation. Il "
                    "s’adresse aux étrangers primo-arrivants. Sa mise en œuvre en Bretagne a été présentée par la "
                    f'DREETS lors de la <a href="{SESSION_LAB_URL}">Session Lab consacrée à l’intégration '
                    "professionnelle des réfugiés</a>.</p>"
                ),
            ),
        ),
    )
    resource.audiences = audiences(["primo-arrivants", "bpi"])
    resource.themes = themes(["emploi", "formation"])
    return resource


def _hope() -> ResourcePage:
    """Return the HOPE scheme."""
    resource = ResourcePage(
        title="Programme HOPE",
        slug="programme-hope",
        kind=ResourceKind.SCHEME,
        summary=(
            "Pour les réfugiés, un seul parcours réunit une formation à un métier, l’apprentissage du français et un "
            "hébergement, jusqu’à l’emploi et au logement."
        ),
        body=_stream(
            _heading("Ce que comprend le parcours"),
            (
                "paragraph",
                (
                    "<ul><li>une formation professionnelle sur mesure, la préparation opérationnelle à l’emploi "
                    "collective (POEC) ;</li><li>l’apprentissage du français ;</li><li>un hébergement pendant toute la "
                    "durée du parcours.</li></ul>"
                ),
            ),
            _heading("À l’arrivée"),
            (
                "paragraph",
                (
                    "<p>Le parcours vise une double certification, en français langue étrangère (FLE) et dans un "
                    "métier, et une sortie vers l’emploi.</p>"
                    f'<p>Source : <a href="{SESSION_LAB_URL}">{SESSION_LAB_LABEL}</a>.</p>'
                ),
            ),
        ),
    )
    resource.audiences = audiences(["bpi"])
    resource.themes = themes(["formation", "langue-francaise", "hebergement"])
    return resource


#: Key of the page → the list under which it stands, and what makes it.
PAGES: dict[str, tuple[type[Page], Callable[[], Page]]] = {
    "accord-cadre": (ResourceIndexPage, _framework_agreement),
    "hope": (ResourceIndexPage, _hope),
    "article-loir-et-cher": (NewsIndexPage, _article),
}


@transaction.atomic
def load_pages(say: Say) -> None:
    """Publish the article and the resources that are missing."""
    added = 0
    for key, (index, make) in PAGES.items():
        identifier = demo_uid("page", key)
        if not Page.objects.filter(translation_key=identifier).exists():
            page = make()
            page.translation_key, page.live = identifier, False
            index.objects.get().add_child(instance=page)
            page.full_clean()
            page.save_revision().publish()
            added += 1
    tell(say, added, len(PAGES))


@transaction.atomic
def load_home(say: Say) -> None:
    """Add the partners to the home page as it was made, and an announcement where there is none.

    A home page that anybody has edited has a revision, and is left alone.
    """
    added = 0
    home = HomePage.objects.get()
    if home.latest_revision_id is None:
        home.body.append(("partners", _partners()))
        home.full_clean()
        home.save_revision().publish()
        added += 1
    if not Announcement.objects.exists():
        announcement = Announcement(
            text="Ce portail est une démonstration : essayez tout, aucun courriel n’en sort.",
            link="/projets/",
            link_label="Découvrir les projets lauréats",
        )
        announcement.full_clean()
        announcement.save()
        added += 1
    tell(say, added, 2)


def _partners() -> dict[str, Any]:
    return {
        "title": "Ils font vivre la communauté",
        "intro": "",
        "partners": [{"name": name, "role": role, "url": url, "logo": None} for name, role, url in PARTNERS],
    }
