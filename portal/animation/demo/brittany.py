"""The four Breton projects presented at the Session Lab; the facts are those of its public account."""

from portal.animation.demo.calls import CALL_SLUG, SESSION_LAB_LABEL, SESSION_LAB_URL
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.tools import audiences, sectors, territories, themes
from portal.taxonomy.models import Occupation
from project_sheets.models import Action, Call, ProjectSheetPage

#: ROME sheet of the kitchen staff, under which commis are filed.
COMMIS = ("G1602", "Commis de cuisine")


def _sheet(*, actions: list[Action], theme_slugs: list[str], holder: str = "", **fields: str) -> ProjectSheetPage:
    """Return a sheet of the region with what the four have in common, not saved yet.

    ``holder`` is empty where the source does not name it.
    """
    sheet = ProjectSheetPage(
        call=Call.objects.get(slug=CALL_SLUG),
        holder=demo_organisation(holder) if holder else None,
        source_url=SESSION_LAB_URL,
        source_label=SESSION_LAB_LABEL,
        **fields,
    )
    sheet.audiences = audiences(["bpi"])
    sheet.themes = themes(theme_slugs)
    sheet.territories = territories(["reg-53"])
    sheet.actions = actions
    return sheet


def adventus() -> ProjectSheetPage:
    """Return ADVENTUS, carried by Défis emploi du Pays de Brest."""
    return _sheet(
        title="ADVENTUS",
        holder="defis-emploi-du-pays-de-brest",
        summary=(
            "Un accompagnement global et individualisé : chaque personne réfugiée avance vers l’emploi à son rythme, "
            "et toute sa situation est prise en compte."
        ),
        objective=(
            "Permettre à chaque bénéficiaire de la protection internationale (BPI) de construire son parcours vers "
            "l’emploi avec un accompagnement unique, qui ne sépare pas le travail du reste de la vie."
        ),
        theme_slugs=["accompagnement-global", "emploi", "projet-professionnel"],
        actions=[
            Action(
                title="Accompagnement global",
                body="L’emploi, la formation et les démarches du quotidien sont suivis ensemble.",
            ),
            Action(
                title="Accompagnement individualisé",
                body="Le programme s’adapte à chaque personne : ses acquis, son projet, ses contraintes.",
            ),
        ],
    )


def kodiko() -> ProjectSheetPage:
    """Return Kodiko, whose holder the source does not name."""
    return _sheet(
        title="Kodiko",
        summary=(
            "Des binômes réunissent une personne réfugiée et un salarié qui l’accompagne, avec des temps individuels "
            "et des temps collectifs."
        ),
        objective=(
            "Ouvrir les portes de l’entreprise aux personnes réfugiées grâce à des salariés-accompagnateurs, qui "
            "partagent avec elles ce qu’ils savent du monde du travail."
        ),
        theme_slugs=["emploi", "projet-professionnel", "cooperation"],
        actions=[
            Action(
                title="Binômes avec des salariés-accompagnateurs",
                body="Une personne réfugiée et un salarié se rencontrent et avancent ensemble sur son projet.",
            ),
            Action(title="Accompagnement individuel", body="Chaque participant est suivi dans ses propres démarches."),
            Action(title="Accompagnement collectif", body="Des temps de groupe complètent le travail en binôme."),
        ],
    )


def melting_breizh() -> ProjectSheetPage:
    """Return Melting Breizh, with the names of its three paths."""
    return _sheet(
        title="Melting Breizh",
        holder="association-regionale-des-missions-locales-de-bretagne",
        summary=(
            "Les missions locales de Bretagne proposent trois parcours pour sécuriser l’insertion professionnelle des "
            "personnes réfugiées."
        ),
        objective=(
            "Sécuriser l’insertion professionnelle : selon sa situation, chacun suit le parcours qui lui convient, "
            "jusqu’à l’emploi."
        ),
        theme_slugs=["emploi", "projet-professionnel", "accompagnement-global"],
        actions=[
            Action(title="CAP+", body="Le premier des trois parcours du projet."),
            Action(
                title="Lever les freins",
                body="Un parcours pour régler d’abord ce qui empêche de travailler ou de se former.",
            ),
            Action(title="Accès rapide à l’emploi", body="Un parcours court pour qui peut travailler sans attendre."),
        ],
    )


def sesame() -> ProjectSheetPage:
    """Return Sésame, which trains kitchen staff."""
    sheet = _sheet(
        title="Sésame",
        holder="akto",
        summary=(
            "Une formation de commis de cuisine pour que des personnes réfugiées trouvent leur place dans les métiers "
            "de la restauration."
        ),
        objective=(
            "Favoriser l’insertion professionnelle des personnes réfugiées dans la restauration, en les formant au "
            "métier de commis de cuisine."
        ),
        theme_slugs=["formation", "emploi"],
        actions=[
            Action(
                title="Formation de commis de cuisine",
                body="Les participants apprennent le métier avant d’entrer dans un restaurant.",
            )
        ],
    )
    sheet.sectors = sectors(["restauration"])
    code, name = COMMIS
    sheet.occupations = [Occupation.objects.get_or_create(code=code, defaults={"name": name})[0]]
    return sheet
