"""The profiles of the demonstration's accounts: what each role would write of itself."""

from dataclasses import dataclass, field

from django.db import transaction

from directory.enums import Visibility
from directory.models import PROFILE_PARTS, Profile
from directory.services import ProfileChange, join_organisation, update_profile
from portal.accounts.models import User
from portal.animation.demo.accounts import DOMAIN
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.tools import Say, tell, territories, themes


@dataclass(frozen=True)
class ProfileData:
    """What one role writes; ``readers`` are the parts whose readers are not the usual ones."""

    role: str
    presentation: str
    skills: tuple[str, ...]
    themes: tuple[str, ...]
    acts_in: tuple[str, ...]
    organisation: str = ""
    readers: dict[str, Visibility] = field(default_factory=dict)


PROFILES = (
    ProfileData(
        "membre",
        "J’accompagne des jeunes vers l’emploi, dont des personnes réfugiées. Je réponds volontiers sur l’ouverture "
        "des droits et sur les freins du quotidien : mobilité, logement, garde d’enfants.",
        ("Accompagnement des jeunes", "Ouverture des droits", "Mobilité en zone rurale"),
        ("emploi", "mobilite", "titres-de-sejour"),
        ("dep-29",),
        "missions-locales",
    ),
    ProfileData(
        "porteur",
        "Je coordonne le projet **ADVENTUS** avec ses partenaires du Finistère. Demandez-moi :\n\n"
        "- comment monter un consortium ;\n- comment suivre les résultats sans y passer ses soirées.",
        ("Coordination de consortium", "Suivi de projet", "Français langue professionnelle"),
        ("emploi", "langue-francaise", "cooperation"),
        ("dep-29",),
        "defis-emploi-du-pays-de-brest",
        dict.fromkeys(("name", "job_title", "organisations", "presentation", "themes"), Visibility.PUBLIC),
    ),
    ProfileData(
        "structure",
        "J’anime le réseau des missions locales bretonnes sur l’accueil des publics réfugiés.",
        ("Animation de réseau", "Accompagnement des jeunes"),
        ("emploi", "formation", "cooperation"),
        ("reg-53",),
    ),
    ProfileData(
        "animateur",
        "J’anime la communauté en Bretagne : validation des fiches, Sessions Lab, questions sur les appels à projets.",
        ("Animation de réseau", "Appels à projets", "Forum ouvert"),
        ("cooperation",),
        ("reg-53",),
        "dreets-bretagne",
    ),
    ProfileData(
        "animateur-autre-region",
        "J’anime la communauté en Centre-Val de Loire.",
        ("Appels à projets", "Animation de réseau"),
        ("cooperation",),
        ("reg-24",),
    ),
)


@transaction.atomic
def load_profiles(say: Say) -> None:
    """Fill the profiles on which nobody has written anything yet."""
    filled = 0
    for data in PROFILES:
        user = User.objects.filter(email__iexact=f"{data.role}@{DOMAIN}").first()
        untouched = Profile.objects.filter(presentation="", skills=None, themes=None, territories=None)
        profile = untouched.filter(user=user).first() if user else None
        if user is not None and profile is not None:
            _fill(user, profile, data)
            filled += 1
    tell(say, filled, len(PROFILES))


def _fill(user: User, profile: Profile, data: ProfileData) -> None:
    usual = {part: getattr(profile, f"{part}_visibility") for part in PROFILE_PARTS}
    change = ProfileChange(
        account={"first_name": user.first_name, "last_name": user.last_name, "job_title": user.job_title},
        typed={"presentation": data.presentation},
        visibilities={**usual, **data.readers},
        skills=data.skills,
        themes=themes(data.themes),
        territories=territories(data.acts_in),
    )
    update_profile(profile=profile, change=change)
    if data.organisation:
        join_organisation(user=user, organisation=demo_organisation(data.organisation))
