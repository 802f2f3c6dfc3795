"""Every fact of the two source documents: where the portal shows it, and to whom.

``seed_facts.csv`` lists the facts, with the line of the source and the field that holds each. Every fact
stands in SHOWN, with the pages and the words that are read there.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from portal.accounts.models import User

#: A demonstration is on SQLite, always.
pytestmark = [
    pytest.mark.only_on("sqlite"),
    pytest.mark.django_db,
    # Wagtail leaves the temporary file of a new rendition to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]

HOME = "/"
SHEETS = "/projets/"
PLATFORM = "/projets/centre-val-de-loire/plateforme-loir-et-cher/"
ADVENTUS = "/projets/bretagne/adventus/"
KODIKO = "/projets/bretagne/kodiko/"
MELTING = "/projets/bretagne/melting-breizh/"
SESAME = "/projets/bretagne/sesame/"
CALL = "/appels/integration-professionnelle-des-refugies/"
ARTICLE = "/actualites/une-plateforme-en-loir-et-cher/"
AGREEMENT = "/ressources/accord-cadre-etat-ofii-spe/"
HOPE = "/ressources/programme-hope/"
ORGANISATIONS = "/annuaire/structures/"
EVENT = "/agenda/session-lab-integration-professionnelle-des-refugies/"
TITLE = "Une plateforme pour faciliter l’intégration professionnelle des réfugiés en Loir-et-Cher"
SOURCE = "https://www.gref-bretagne.com/ressources/session-lab-integration-professionnelle-des-refugies/"

VISITOR, MEMBER = "visitor", "member"


@dataclass(frozen=True)
class Shown:
    """Words in their order on a page, for all readers, for members or for visitors alone; and words never there."""

    url: str
    words: tuple[str, ...] = ()
    for_members: bool = False
    for_visitors: bool = False
    never: tuple[str, ...] = ()


def public(url: str, *words: str) -> Shown:
    return Shown(url, words)


def members(url: str, *words: str) -> Shown:
    return Shown(url, words, for_members=True)


def visitors(url: str, *words: str) -> Shown:
    return Shown(url, words, for_visitors=True)


def never(url: str, *words: str) -> Shown:
    return Shown(url, never=words)


ACTIONS = (
    "Coordonner les acteurs",
    "Établir un diagnostic individuel",
    "Accompagner chaque personne",
    "Répondre aux besoins des entreprises",
    "Proposer des actions adaptées",
)

SHOWN: dict[str, tuple[Shown, ...]] = {
    "A1 section label": (public("/actualites/", "Actualités", TITLE), public(ARTICLE, "Actualités", TITLE)),
    "A3,7 title (printed twice: keep once)": (public(ARTICLE, TITLE), public(PLATFORM, TITLE)),
    "A9 notification of the award": (public(PLATFORM, "ASLD", "31 janvier 2019"), public(CALL, "Ministère du Travail")),
    "A9 call title": (public(CALL, "Intégration professionnelle des réfugiés"), public(HOME, "IPR")),
    "A9 call published": (public(CALL, "octobre 2018"),),
    "A9 programme": (
        public(CALL, "Plan d’investissement dans les compétences (PIC)"),
        public(PLATFORM, "Plan d’investissement dans les compétences (PIC)"),
    ),
    "A9 holder": (public(PLATFORM, "ASLD"), public(f"{ORGANISATIONS}asld/", "ASLD", TITLE)),
    "A9 wave": (never(PLATFORM, "vague", "Vague"),),
    "A11 objective": (public(PLATFORM, "l’accès à un emploi durable", "parcours d’insertion", "approche globale"),),
    "A11 audience": (
        public(PLATFORM, "bénéficiaires de la protection internationale", "BPI"),
        public(PLATFORM, "Bénéficiaires de la protection internationale"),
    ),
    "A11 method": (public(PLATFORM, "la coopération des acteurs de l’emploi et du social"),),
    "A11 team, roles without names or head counts": (
        members(PLATFORM, "1 coordinateur", "conseillers en insertion professionnelle", "1 travailleur social"),
    ),
    "A15-19 5 principles, ordered": (public(PLATFORM, *ACTIONS),),
    "A16 diagnostic axes": (
        public(PLATFORM, "Projet professionnel", "Langue française"),
        members(PLATFORM, "son projet professionnel, son niveau de français et les étapes"),
    ),
    "A17 obstacles lifted": (
        public(PLATFORM, "Mobilité", "Santé", "Garde d’enfants"),
        members(PLATFORM, "mobilité, santé, garde d’enfants"),
    ),
    "A18 employers' bodies": (
        public(PLATFORM, "MEDEF 41", "CPME", "Fédération française du bâtiment"),
        public(f"{ORGANISATIONS}medef-41/", "MEDEF – Mouvement des entreprises de France"),
        public(f"{ORGANISATIONS}cpme/", "CPME – Confédération des petites et moyennes entreprises"),
        public(f"{ORGANISATIONS}federation-francaise-du-batiment/", "Fédération française du bâtiment (FFB)"),
        members(PLATFORM, "le MEDEF 41, la CPME et la FFB"),
    ),
    "A18 scraping artefact: tooltip glued to acronym": (
        never(PLATFORM, "MEDEFMouvement"),
        never(ARTICLE, "MEDEFMouvement"),
        never(f"{ORGANISATIONS}medef-41/", "MEDEFMouvement"),
        public("/glossaire/", "MEDEF Mouvement des entreprises de France"),
    ),
    "A21 target": (members(PLATFORM, "objectif : 150 personnes par an"),),
    "A21 delivery: directly or through existing partners": (
        public(PLATFORM, "Job 41", "missions locales", "d’autres partenaires déjà engagés"),
        members(PLATFORM, "Elle accompagne elle-même les personnes", "comme Job 41 et les missions locales"),
    ),
    "A23 agreement signed": (members(PLATFORM, "Accord de consortium signé le 10 septembre 2019"),),
    "A23 signatories": (
        public(
            PLATFORM,
            *("Consortium", "ASLD", "Conseil départemental de Loir-et-Cher", "MEDEF 41", "CRIA 41", "Bio solidaire"),
            "3 missions locales",
        ),
    ),
    "A23 a member that is a counted group, not one body": (public(PLATFORM, "3 missions locales"),),
    "A25 other partners, named": (
        public(
            PLATFORM,
            *("Fédération française du bâtiment", "École de la 2e chance", "France Travail"),
            "Conseil régional du Centre-Val de Loire",
        ),
        public(f"{ORGANISATIONS}france-travail/", "Pôle emploi"),
        members(PLATFORM, "Pôle emploi"),
    ),
    "A25 other partners, generic kinds": (public(PLATFORM, "les entreprises", "les CFA"),),
    "A25 contribution of a partner, planned": (
        members(
            PLATFORM,
            "Conseil régional du Centre-Val de Loire",
            "Prévoit des formations « acquisition des gestes professionnels » réservées aux réfugiés",
        ),
    ),
    "A25 sectors": (
        public(PLATFORM, "Agriculture saisonnière, Filière bois, Métallurgie, Restauration et cuisine"),
        members(PLATFORM, "agriculture saisonnière, métallurgie, cuisine, filière bois"),
    ),
    "A27 total budget (no currency sign in the text)": (members(PLATFORM, "2 000 845 €"),),
    "A27 duration": (public(PLATFORM, "3 ans"), never(PLATFORM, "36 mois")),
    "A27 grant, through a paying body": (
        members(PLATFORM, "Subvention de l’appel à projets", "via Banque des territoires", "PIC", "1 094 349 €"),
    ),
    "A27 printed share": (members(PLATFORM, "1 094 349 €", "54,7 %"),),
    "A27 second State contribution and its vehicle": (
        members(
            PLATFORM,
            "essentiellement insertion par l’activité économique (IAE) · prévu",
            *("501 177 €", "25 %"),
        ),
    ),
    "A29 State total": (members(PLATFORM, "1 595 526 €"),),
    "A29 State share, approximate": (members(PLATFORM, "79,7 %", "près de 80 %"),),
    "A27-29 remainder, origin not stated": (members(PLATFORM, "405 319 €", "20,3 %"),),
    "A31 achieved": (
        members(PLATFORM, "2019", "130 personnes", "86,7 %"),
        members(PLATFORM, "130 bénéficiaires de la protection internationale en Loir-et-Cher"),
    ),
    "A31 place": (public(PLATFORM, "Loir-et-Cher (41)"), public("/territoires/dep-41/", TITLE)),
    "A31 profile, qualitative": (
        members(PLATFORM, "Des hommes seuls dans leur grande majorité", "Afghanistan, du Soudan et de Syrie"),
    ),
    "A31 outcome without figure": (
        members(PLATFORM, "Accès à une formation ou à un emploi", "Constaté sans être chiffré"),
        members(PLATFORM, "l’accès à des formations et à des emplois"),
    ),
    "A33 Organisation de la plateforme": (members(PLATFORM, "Organisation de la plateforme", "PDF – 0,50 Mo"),),
    "A35 ASLD41_AFFICHE_A3": (members(PLATFORM, "ASLD41_AFFICHE_A3", "PDF – 0,31 Mo", "affiche"),),
    "A37 ASLD41_FLYER_A5_0901": (members(PLATFORM, "ASLD41_FLYER_A5_0901", "PDF – 0,31 Mo"),),
    "A33-37 artefact: « sauvegarder le fichier » twice; Mb for Mo": (
        never(PLATFORM, "sauvegarder le fichier", "0,50 Mb", "0,31 Mb"),
    ),
    "B6 framework agreement, 3 parties, goal, link (URL lost)": (
        public(
            AGREEMENT,
            "Accord-cadre État / OFII / SPE",
            "étrangers primo-arrivants, dont les bénéficiaires de la protection internationale",
            "État / Office français de l’immigration et de l’intégration (OFII) / Service public de l’emploi (SPE)",
            "un emploi ou une formation",
        ),
    ),
    "B7 scheme HOPE: POEC + français + hébergement; double certification FLE + métier": (
        public(
            HOPE,
            *("préparation opérationnelle à l’emploi collective (POEC)", "l’apprentissage du français"),
            *("un hébergement pendant toute la durée du parcours", "double certification"),
            "français langue étrangère (FLE) et dans un métier",
        ),
    ),
    "B8 audience of the call": (
        public(CALL, "Bénéficiaires de la protection internationale, Demandeurs d’asile (de plus de 6 mois)"),
    ),
    "B8 purpose": (public(CALL, "vers l’emploi et dans l’emploi", "la création de leur activité"),),
    "B10 national count": (
        public(CALL, "57 projets", "3 vagues"),
        public(CALL, "5 fiches"),
        public(HOME, "57 projets", "3 vagues"),
    ),
    "B11 source": tuple(public(url, SOURCE) for url in (ADVENTUS, KODIKO, MELTING, SESAME, CALL, AGREEMENT, HOPE)),
    "B14 ADVENTUS, holder Défis emploi du Pays de Brest": (
        public(ADVENTUS, "ADVENTUS", "Un accompagnement global et individualisé", "Défis emploi du Pays de Brest"),
        public(f"{ORGANISATIONS}defis-emploi-du-pays-de-brest/", "ADVENTUS"),
    ),
    "B15 Kodiko, holder not stated": (
        public(KODIKO, "Kodiko", "binômes", "salarié", "temps individuels", "temps collectifs"),
        never(KODIKO, "Structure porteuse", "Porteur"),
    ),
    "B16 Melting Breizh, holder Association régionale des Missions locales de Bretagne": (
        public(MELTING, "Melting Breizh", "CAP+", "Lever les freins", "Accès rapide à l’emploi"),
        public(MELTING, "Association régionale des Missions locales de Bretagne"),
    ),
    "B17 Sésame, holder AKTO": (
        public(SESAME, "Sésame", "AKTO", "Restauration et cuisine", "Commis de cuisine"),
        public(f"{ORGANISATIONS}akto/", "Sésame"),
    ),
    "B13 deployed in Bretagne, holder may sit elsewhere": (
        *(public(url, "Bretagne") for url in (ADVENTUS, KODIKO, MELTING, SESAME)),
        public("/projets/bretagne/", "ADVENTUS", "Kodiko", "Melting Breizh", "Sésame"),
        never("/projets/bretagne/", TITLE),
        never(f"{ORGANISATIONS}akto/", "Siège"),
    ),
    "B18 full sheets after login, free registration": (
        visitors(
            ADVENTUS,
            *("les membres de la communauté lisent la fiche entière", "Un compte est gratuit"),
            *("Se connecter", "Créer un compte"),
        ),
        visitors(ADVENTUS, "/connexion/?next=", "/inscription/"),
    ),
    "B24 services offered": (
        public(HOME, "Projets lauréats", "Forum", "Agenda", "Annuaire"),
        public(SHEETS, "ADVENTUS"),
    ),
    "B1 title": (public(EVENT, "Session Lab « Intégration professionnelle des réfugiés »"),),
    "B- no date, no place, no attendance in the text": (
        public(EVENT, "Date non précisée"),
        never(EVENT, "participants", "places libres"),
    ),
    "B2 organiser": (
        public(EVENT, "Organisé par", "DREETS Bretagne"),
        public(f"{ORGANISATIONS}dreets-bretagne/", "Session Lab « Intégration professionnelle des réfugiés »"),
    ),
    "B2 support": (public(EVENT, "Avec l’appui de", "GREF Bretagne"),),
    "B2 linked with": (
        public(EVENT, "En lien avec", "Ti Lab"),
        public(EVENT, "Notre communauté La Place Bretagne", "Ti Lab, le laboratoire d’innovation publique breton"),
    ),
    "B3-4 morning session, open to all": (
        public(EVENT, "Matinée ouverte à tous", "Ouvert à tous", "Partager les enjeux et mieux connaître les projets"),
    ),
    "B4 audience kinds": (
        public(
            EVENT,
            *("l’État", "la Région", "départements", "collectivités territoriales", "Service public de l’insertion"),
            *("Service public de l’emploi", "Pôle emploi", "Cap emploi", "missions locales…"),
        ),
    ),
    "B4 outcome": (public(EVENT, "identifié et partagé les enjeux", "pistes de solutions"),),
    "B5 contribution": (
        public(EVENT, "DREETS Bretagne", "dans la région", "accord-cadre État / OFII / SPE", "HOPE", "appel à projets"),
    ),
    "B10 contribution": (public(EVENT, "Les enjeux et les résultats", "DGEFP", "57 projets", "3 vagues"),),
    "B12-13 project focus + group discussion": (
        public(EVENT, "ont échangé en groupe avec les acteurs"),
        public(EVENT, "Projets présentés", "ADVENTUS", "Kodiko", "Melting Breizh", "Sésame"),
    ),
    "B20 afternoon, project leads only": (
        public(EVENT, "Après-midi des lauréats", "Lauréats", "Échanger entre porteurs de projets"),
    ),
    "B20 method": (public(EVENT, "En forum ouvert", "construit ensemble"),),
    "B20 prioritised subjects, ordered": (
        public(
            EVENT,
            *("Sujets prioritaires", "La santé", "Les solutions alternatives de logement", "Les titres de séjour"),
            "La rémunération des bénéficiaires",
        ),
    ),
    "B20 freins et leviers identifiés": (public(EVENT, "les freins et les leviers"),),
    "B21-22 follow-up": (
        public(EVENT, "poursuivi les échanges", "des ponts", "collaborations", "de futurs temps de rencontre"),
    ),
}

with (Path(__file__).parent / "seed_facts.csv").open(encoding="utf-8", newline="") as _file:
    FACTS = [f"{row['seed']}{row['line']} {row['fact']}" for row in csv.DictReader(_file)]

Read = Callable[[str, str], str]


def normalised(text: str) -> str:
    """Return ``text`` with one plain space for each run of blanks, whatever their width."""
    flat = " ".join(text.split())
    # A link ends before the comma or bracket that follows it, and begins after the one before it.
    return re.sub(r" ([.,)])", r"\1", re.sub(r"([(’]) ", r"\1", flat))


@pytest.fixture(scope="module")
def read(demo: str) -> Read:
    """Read a page as somebody: its words, then the addresses of its links; empty where it is not found."""
    clients = {VISITOR: Client(), MEMBER: Client()}
    pages: dict[tuple[str, str], str] = {}

    def read_page(url: str, reader: str) -> str:
        if (url, reader) not in pages:
            pages[url, reader] = _read(clients[reader], url)
        return pages[url, reader]

    member = User.objects.get(email="membre@demo.example")
    clients[MEMBER].force_login(member, backend="portal.accounts.backends.MemberBackend")
    return read_page


def _read(client: Client, url: str) -> str:
    response = client.get(url)
    if response.status_code == 404:
        return ""
    assert response.status_code == 200, url
    page = BeautifulSoup(response.content, "html.parser").body
    assert page is not None
    links = " ".join(str(link["href"]) for link in page.find_all("a", href=True))
    return normalised(f"{page.get_text(' ')} {links}")


def stands_in_order(words: tuple[str, ...], text: str) -> bool:
    position = 0
    for word in words:
        position = text.find(word, position)
        if position < 0:
            return False
        position += len(word)
    return True


def test_every_fact_is_shown() -> None:
    assert len(FACTS) == len(set(FACTS)) == 71
    assert SHOWN.keys() == set(FACTS)
    assert all(SHOWN.values())


@pytest.mark.parametrize("fact", SHOWN)
def test_a_fact_is_shown_to_whom_it_is_meant_for(read: Read, fact: str) -> None:
    for shown in SHOWN[fact]:
        for_visitor, for_member = read(shown.url, VISITOR), read(shown.url, MEMBER)
        assert for_visitor, shown.url
        assert stands_in_order(shown.words, for_member) or shown.for_visitors, (shown, for_member)
        if shown.for_visitors:
            assert stands_in_order(shown.words, for_visitor), (shown, for_visitor)
            assert not stands_in_order(shown.words, for_member), shown
        elif shown.for_members:
            # Part of it may be public (a partner's name); together they are not.
            assert not stands_in_order(shown.words, for_visitor), shown
        else:
            assert stands_in_order(shown.words, for_visitor), (shown, for_visitor)
        for word in shown.never:
            assert word not in for_visitor + for_member, (shown.url, word)


def test_the_figures_of_members_are_on_no_page_of_a_visitor(read: Read) -> None:
    """The figures of the budget and of the results, whatever the page."""
    figure = re.compile(r"\d[\d ]*(?:,\d+)? [€%]|\d+ personnes|\d+ bénéficiaires|PDF – ")
    shown = [shown for places in SHOWN.values() for shown in places]
    figures = {word for place in shown if place.for_members for word in place.words if figure.search(word)}
    assert len(figures) > 10
    for url in {place.url for place in shown}:
        text = read(url, VISITOR)
        assert not [word for word in figures if word in text], url


def test_the_title_stands_once_as_the_heading_of_its_page(demo: str) -> None:
    for url in (ARTICLE, PLATFORM):
        page = BeautifulSoup(Client().get(url).content, "html.parser")
        assert [normalised(heading.get_text()) for heading in page.find_all("h1")] == [TITLE]
