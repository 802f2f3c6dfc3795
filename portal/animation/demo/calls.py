"""The call of 2018 and the regions where its projects stand."""

from datetime import date

from django.db import transaction

from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.tools import Say, audiences, tell, territory
from portal.content.models import HomePage
from project_sheets.models import Call, Programme, ProjectsIndexPage, RegionIndexPage, Wave
from project_sheets.services import open_region

PROGRAMME = "Plan d’investissement dans les compétences"
CALL_SLUG = "integration-professionnelle-des-refugies"
#: The account of the Session Lab, published by the GREF Bretagne.
SESSION_LAB_URL = "https://www.gref-bretagne.com/ressources/session-lab-integration-professionnelle-des-refugies/"
SESSION_LAB_LABEL = "GREF Bretagne – Session Lab « Intégration professionnelle des réfugiés »"

#: Code of the territory → slug of the region's page.
REGIONS = {"reg-53": "bretagne", "reg-24": "centre-val-de-loire"}


@transaction.atomic
def load_call(say: Say) -> None:
    """Add the programme and its call with three waves, where they are missing."""
    if Call.objects.filter(slug=CALL_SLUG).exists():
        tell(say, 0, 1)
        return
    programme, _created = Programme.objects.get_or_create(
        name=PROGRAMME, defaults={"acronym": "PIC", "authority": demo_organisation("ministere-du-travail")}
    )
    call = Call(
        programme=programme,
        title="Intégration professionnelle des réfugiés",
        short_title="IPR",
        slug=CALL_SLUG,
        authority="Ministère du Travail",
        published_on=date(2018, 10, 1),
        purpose=(
            "Aider les bénéficiaires d’une protection internationale (BPI) et les demandeurs d’asile à travailler en "
            "France : l’appel soutient des parcours qui les accompagnent vers l’emploi et dans l’emploi, ou jusqu’à "
            "la création de leur activité."
        ),
        audience_conditions="de plus de 6 mois",
        stated_project_count=57,
        stated_wave_count=3,
        source_url=SESSION_LAB_URL,
    )
    call.audiences = audiences(["bpi", "demandeurs-asile"])
    call.waves = [Wave(number=number) for number in (1, 2, 3)]
    call.full_clean()
    call.save()
    tell(say, 1, 1)


@transaction.atomic
def load_regions(say: Say) -> None:
    """Open the regions that are missing; those that are there keep their rights as they are."""
    index = ProjectsIndexPage.objects.first() or HomePage.objects.get().add_child(
        instance=ProjectsIndexPage(title="Projets lauréats", slug="projets")
    )
    missing = [
        (territory(code), slug)
        for code, slug in REGIONS.items()
        if not RegionIndexPage.objects.filter(territory=territory(code)).exists()
    ]
    for place, slug in missing:
        open_region(index=index, territory=place, slug=slug)
    tell(say, len(missing), len(REGIONS))
