"""The first steps that are there from the beginning: being known, and being safe."""

from django.utils.translation import gettext_lazy as _

from portal.joining.steps import declare

PROFILE = "my_directory:profile"

declare(
    "presentation",
    _("Introduce yourself"),
    why=_("A few lines about your work: the others know whom they are talking to."),
    url_name=PROFILE,
    order=10,
    fact="profile__presentation",
)
declare(
    "skills",
    _("Say what you can do"),
    why=_("Questions find their way to the people who can answer them."),
    url_name=PROFILE,
    order=20,
    fact="profile__skills",
)
declare(
    "themes",
    _("Choose your themes"),
    why=_("Housing, training, mobility… what you work on."),
    url_name=PROFILE,
    order=30,
    fact="profile__themes",
)
declare(
    "territories",
    _("Say where you act"),
    why=_("The people near you find you in the directory."),
    url_name=PROFILE,
    order=40,
    fact="profile__territories",
)
declare(
    "second_factor",
    _("Protect your account"),
    why=_("A passkey or an authenticator app: nobody comes in with a stolen password."),
    url_name="accounts:security",
    order=50,
    fact="authenticator",
)
