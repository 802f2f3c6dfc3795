"""The organisations that the two source documents name."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from directory.models import FormerName, Network, Organisation, OrganisationKind
from portal.animation.demo.tools import Say, demo_uid, tell, territories, territory


@dataclass(frozen=True)
class OrganisationData:
    """One organisation; the slug is its key, territories are named as in addresses (``dep-41``)."""

    slug: str
    name: str
    kind: str
    description: str
    acronym: str = ""
    expansion: str = ""
    website: str = ""
    seat: str = ""
    acts_in: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    former_name: tuple[str, date] | None = None


HOLDERS = (
    OrganisationData(
        "asld",
        "ASLD",
        "association",
        "Association de Loir-et-Cher. Elle porte la plateforme départementale qui accompagne les personnes réfugiées "
        "vers l’emploi.",
        acronym="ASLD",
        expansion="Association d’accueil, de soutien et de lutte contre les détresses",
        seat="dep-41",
        acts_in=("dep-41",),
    ),
    OrganisationData(
        "defis-emploi-du-pays-de-brest",
        "Défis emploi du Pays de Brest",
        "association",
        "Acteur de l’emploi du Pays de Brest, porteur du projet ADVENTUS.",
        seat="dep-29",
        acts_in=("dep-29",),
    ),
    OrganisationData(
        "association-regionale-des-missions-locales-de-bretagne",
        "Association régionale des Missions locales de Bretagne",
        "reseau-associations",
        "Réseau des missions locales bretonnes, porteur du projet Melting Breizh.",
        acronym="ARML",
        acts_in=("reg-53",),
        networks=("missions-locales",),
    ),
    OrganisationData(
        "akto",
        "AKTO",
        "operateur-competences",
        "Opérateur de compétences, porteur du projet Sésame dans la restauration.",
    ),
)

STATE = (
    OrganisationData("etat", "État", "service-etat", "L’État finance les projets retenus par les appels du portail."),
    OrganisationData(
        "ministere-du-travail",
        "Ministère du Travail",
        "service-etat",
        "Il publie l’appel à projets « Intégration professionnelle des réfugiés » et désigne les lauréats.",
        acts_in=("pays-FR",),
    ),
    OrganisationData(
        "dgefp",
        "Délégation générale à l’emploi et à la formation professionnelle",
        "service-etat",
        "Service du ministère du Travail ; elle suit les résultats des projets lauréats dans tout le pays.",
        acronym="DGEFP",
        acts_in=("pays-FR",),
    ),
    OrganisationData(
        "dreets-bretagne",
        "DREETS Bretagne",
        "service-etat",
        "Service de l’État en région. Elle organise les Sessions Lab et anime la communauté des lauréats bretons.",
        acronym="DREETS",
        expansion="Direction régionale de l’économie, de l’emploi, du travail et des solidarités",
        acts_in=("reg-53",),
    ),
    OrganisationData(
        "ofii",
        "Office français de l’immigration et de l’intégration",
        "operateur-etat",
        "Établissement de l’État, signataire de l’accord-cadre pour l’accès des nouveaux arrivants à l’emploi.",
        acronym="OFII",
        acts_in=("pays-FR",),
    ),
    OrganisationData(
        "banque-des-territoires",
        "Banque des territoires",
        "financeur",
        "Elle verse aux lauréats les subventions décidées par l’État.",
        acts_in=("pays-FR",),
    ),
)

EMPLOYMENT = (
    OrganisationData(
        "france-travail",
        "France Travail",
        "service-public-emploi",
        "Opérateur public de l’emploi, partenaire des parcours d’insertion.",
        website="https://www.francetravail.fr/",
        acts_in=("pays-FR",),
        networks=("france-travail",),
        former_name=("Pôle emploi", date(2023, 12, 31)),
    ),
    OrganisationData(
        "cap-emploi",
        "Cap emploi",
        "service-public-emploi",
        "Réseau du service public de l’emploi pour les personnes en situation de handicap.",
        acts_in=("pays-FR",),
        networks=("cap-emploi",),
    ),
    OrganisationData(
        "missions-locales",
        "Missions locales",
        "mission-locale",
        "Réseau qui accompagne les jeunes vers l’emploi et l’autonomie, présent dans tous les départements.",
        acts_in=("pays-FR",),
        networks=("missions-locales",),
    ),
    OrganisationData(
        "gref-bretagne",
        "GREF Bretagne",
        "groupement-interet-public",
        "Groupement breton de la relation entre emploi et formation ; il appuie l’organisation des Sessions Lab.",
        acronym="GREF",
        website="https://www.gref-bretagne.com/",
        acts_in=("reg-53",),
    ),
    OrganisationData(
        "ti-lab",
        "Ti Lab",
        "laboratoire-innovation",
        "Laboratoire d’innovation publique breton, en lien avec les Sessions Lab.",
        acts_in=("reg-53",),
    ),
    OrganisationData(
        "ecole-de-la-2e-chance",
        "École de la 2e chance",
        "organisme-formation",
        "Elle forme des jeunes sortis de l’école sans qualification.",
        acts_in=("dep-41",),
        networks=("ecoles-deuxieme-chance",),
    ),
)

LOIR_ET_CHER = (
    OrganisationData(
        "conseil-departemental-de-loir-et-cher",
        "Conseil départemental de Loir-et-Cher",
        "departement",
        "Signataire de l’accord de consortium de la plateforme de Loir-et-Cher.",
        seat="dep-41",
        acts_in=("dep-41",),
    ),
    OrganisationData(
        "conseil-regional-du-centre-val-de-loire",
        "Conseil régional du Centre-Val de Loire",
        "region",
        "La Région finance des formations professionnelles sur son territoire.",
        seat="reg-24",
        acts_in=("reg-24",),
    ),
    OrganisationData(
        "medef-41",
        "MEDEF 41",
        "organisation-employeurs",
        "Organisation d’employeurs de Loir-et-Cher, signataire de l’accord de consortium.",
        acronym="MEDEF",
        expansion="Mouvement des entreprises de France",
        acts_in=("dep-41",),
    ),
    OrganisationData(
        "cpme",
        "CPME",
        "organisation-employeurs",
        "Organisation d’employeurs des petites et moyennes entreprises.",
        acronym="CPME",
        expansion="Confédération des petites et moyennes entreprises",
    ),
    OrganisationData(
        "federation-francaise-du-batiment",
        "Fédération française du bâtiment",
        "organisation-employeurs",
        "Organisation d’employeurs du bâtiment.",
        acronym="FFB",
    ),
    OrganisationData(
        "cria-41",
        "CRIA 41",
        "autre",
        "Centre de ressources de Loir-et-Cher sur l’apprentissage du français, signataire de l’accord de consortium.",
        acronym="CRIA",
        expansion="Centre de ressources illettrisme et analphabétisme",
        acts_in=("dep-41",),
    ),
    OrganisationData(
        "bio-solidaire",
        "Bio solidaire",
        "autre",
        "Signataire de l’accord de consortium de la plateforme de Loir-et-Cher.",
        acts_in=("dep-41",),
    ),
    OrganisationData(
        "job-41",
        "Job 41",
        "autre",
        "Partenaire déjà établi de l’ASLD pour l’accompagnement des personnes réfugiées.",
        acts_in=("dep-41",),
    ),
)

ORGANISATIONS = (*HOLDERS, *STATE, *EMPLOYMENT, *LOIR_ET_CHER)


def demo_organisation(slug: str) -> Organisation:
    """Return an organisation of the demonstration, whatever its name has become."""
    return Organisation.objects.get(_is(slug))


def _is(slug: str) -> Q:
    return Q(uid=demo_uid("organisation", slug)) | Q(slug=slug)


@transaction.atomic
def load_organisations(say: Say) -> None:
    """Add the organisations that are missing."""
    missing = [data for data in ORGANISATIONS if not Organisation.objects.filter(_is(data.slug)).exists()]
    for data in missing:
        _create(data)
    tell(say, len(missing), len(ORGANISATIONS))


def _create(data: OrganisationData) -> None:
    organisation = Organisation(
        uid=demo_uid("organisation", data.slug),
        slug=data.slug,
        name=data.name,
        acronym=data.acronym,
        acronym_expansion=data.expansion,
        kind=OrganisationKind.objects.get(slug=data.kind),
        description=data.description,
        website=data.website,
        seat=territory(data.seat) if data.seat else None,
    )
    organisation.full_clean()
    organisation.save()
    organisation.territories.set(territories(data.acts_in))
    organisation.networks.set(Network.objects.filter(slug__in=data.networks))
    if data.former_name:
        name, until = data.former_name
        FormerName.objects.create(organisation=organisation, name=name, kind=FormerName.Kind.FORMER, until=until)
