"""Words of the field from which the generated data are made: their length and acronyms are realistic."""

from random import Random

SENTENCES = (
    "Le projet accompagne des bénéficiaires de la protection internationale (BPI) vers un emploi durable.",
    "Chaque personne est suivie par une référente unique, de l’accueil jusqu’à six mois après l’entrée en poste.",
    "Un diagnostic des compétences, mené dans la langue de la personne, ouvre le parcours et en fixe les étapes.",
    "Les cours de français langue étrangère (FLE) portent sur les gestes et les mots du métier visé.",
    "Les freins périphériques sont levés un à un : logement, mobilité, garde d’enfants, accès aux droits et aux soins.",
    "Les immersions en entreprise (PMSMP) durent deux semaines et donnent lieu à un bilan partagé.",
    "Les employeurs sont préparés à l’accueil : tutorat, médiation interculturelle et point mensuel avec l’équipe.",
    "Le comité de pilotage réunit la DREETS, le Conseil départemental, France Travail et les missions locales.",
    "Une plateforme unique oriente vers l’offre de droit commun et comble ce qui manque sur le bassin d’emploi.",
    "La reconnaissance des diplômes étrangers est instruite avec le centre ENIC-NARIC dès le premier mois.",
    "Les ateliers collectifs alternent avec des entretiens individuels, au moins un tous les quinze jours.",
    "Un réseau de bénévoles parraine les participants et ouvre ses propres contacts professionnels.",
    "Les structures de l’insertion par l’activité économique (IAE) proposent un premier contrat à certains.",
    "L’évaluation est confiée à un cabinet indépendant ; ses résultats sont présentés chaque année aux partenaires.",
    "L’action cible en priorité les femmes, qui représentent moins d’un tiers des entrées en formation.",
    "La création d’activité est accompagnée, de l’idée à l’immatriculation, avec la chambre de métiers.",
)
ACTIONS = (
    "Repérer et mobiliser les publics",
    "Établir un diagnostic partagé",
    "Lever les freins périphériques",
    "Enseigner le français à visée professionnelle",
    "Organiser des immersions en entreprise",
    "Préparer les employeurs à l’accueil",
    "Faire reconnaître les compétences",
    "Suivre dans l’emploi",
)
TEAM = (
    "Cheffe de projet",
    "Conseillers en insertion professionnelle",
    "Formatrices FLE",
    "Chargé de relations entreprises",
    "Médiatrice interculturelle",
    "Psychologue à temps partiel",
    "Assistante administrative",
)
PROJECT_NAMES = (
    "Passerelles",
    "Horizons",
    "Un métier ici",
    "Tremplin",
    "Agir pour l’emploi",
    "Premiers pas",
    "Ensemble vers l’emploi",
    "Compétences d’ailleurs",
    "Parcours renforcé",
    "Réussir son installation",
    "Cap métiers",
    "Les mots du travail",
)
ORGANISATION_NAMES = (
    "Mission locale",
    "Maison de l’emploi",
    "Accueil et promotion",
    "Coopérative d’insertion",
    "Centre de formation",
    "Union des employeurs",
    "Chambre de métiers",
    "Ateliers solidaires",
    "Entraide et logement",
    "Groupement d’employeurs",
    "Réseau de parrainage",
    "Plateforme mobilité",
)
GROUPS = ("Entreprises du bassin d’emploi", "Communes volontaires", "Bénévoles", "Centres sociaux")
CALL_PURPOSE = (
    "L’appel soutient des parcours complets d’intégration professionnelle, portés par des consortiums qui réunissent "
    "accueil, logement, formation et entreprises."
)
QUOTE = "« On m’a écoutée, puis on m’a présentée à une entreprise ; j’y travaille depuis un an. »"


def paragraph(draw: Random, sentences: int) -> str:
    """Return a paragraph of so many sentences."""
    return " ".join(draw.sample(SENTENCES, sentences))


def paragraphs(draw: Random, count: int, sentences: int) -> str:
    """Return Markdown of several paragraphs, one of them a list."""
    made = [paragraph(draw, sentences) for _ in range(count - 1)]
    items = "\n".join(f"- {sentence}" for sentence in draw.sample(SENTENCES, sentences))
    return "\n\n".join([*made, items])
