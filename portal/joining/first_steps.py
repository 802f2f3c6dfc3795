"""The first steps that are there from the beginning: being known, and being safe."""

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from directory.models import Profile
from portal.accounts.models import User
from portal.joining.steps import declare

PROFILE = "my_directory:profile"


def _has_presentation(user: User) -> bool:
    return Profile.objects.filter(user=user, presentation__gt="").exists()


def _has_skills(user: User) -> bool:
    return Profile.objects.filter(user=user, skills__isnull=False).exists()


def _has_themes(user: User) -> bool:
    return Profile.objects.filter(user=user, themes__isnull=False).exists()


def _has_territories(user: User) -> bool:
    return Profile.objects.filter(user=user, territories__isnull=False).exists()


def _has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


declare(
    "presentation",
    _("Introduce yourself"),
    why=_("A few lines about your work: the others know whom they are talking to."),
    url_name=PROFILE,
    order=10,
    is_done=_has_presentation,
)
declare(
    "skills",
    _("Say what you can do"),
    why=_("Questions find their way to the people who can answer them."),
    url_name=PROFILE,
    order=20,
    is_done=_has_skills,
)
declare(
    "themes",
    _("Choose your themes"),
    why=_("Housing, training, mobility… what you work on."),
    url_name=PROFILE,
    order=30,
    is_done=_has_themes,
)
declare(
    "territories",
    _("Say where you act"),
    why=_("The people near you find you in the directory."),
    url_name=PROFILE,
    order=40,
    is_done=_has_territories,
)
declare(
    "second_factor",
    _("Protect your account"),
    why=_("A passkey or an authenticator app: nobody comes in with a stolen password."),
    url_name="accounts:security",
    order=50,
    is_done=_has_second_factor,
)
