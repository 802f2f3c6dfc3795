"""The demonstration's accounts, one a role, all with one password."""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from directory.models import Membership
from portal.accounts.data_rights.services import give_consent
from portal.accounts.models import SHORT_ID_ALPHABET, User
from portal.accounts.services import appoint_animator
from portal.animation.demo.organisations import demo_organisation
from portal.animation.demo.sheets import demo_sheet
from portal.animation.demo.tools import Say, tell, territory
from portal.joining.services.registrations import CHARTER, CHARTER_VERSION
from project_sheets.services import add_lead

DOMAIN = "demo.example"


def _no_role(user: User) -> None:
    """Leave the account an ordinary member."""


def _lead_adventus(user: User) -> None:
    add_lead(sheet=demo_sheet("adventus"), user=user)


def _manage_local_missions(user: User) -> None:
    organisation = demo_organisation("association-regionale-des-missions-locales-de-bretagne")
    Membership.objects.create(user=user, organisation=organisation, role=Membership.Role.MANAGER)


def _animate_brittany(user: User) -> None:
    appoint_animator(user=user, territory=territory("reg-53"))


def _animate_centre(user: User) -> None:
    appoint_animator(user=user, territory=territory("reg-24"))


def _administrate(user: User) -> None:
    user.is_superuser = True
    user.save(update_fields=["is_superuser"])


@dataclass(frozen=True)
class AccountData:
    """An account named by its role, never after a person."""

    role: str
    first_name: str
    last_name: str
    job_title: str
    what: str
    give_role: Callable[[User], None] = _no_role

    @property
    def email(self) -> str:
        """The address with which it signs in; nothing is ever sent there."""
        return f"{self.role}@{DOMAIN}"


ACCOUNTS = (
    AccountData(
        "membre",
        "Conseiller",
        "en mission locale",
        "Conseiller en insertion professionnelle",
        "membre de la communauté",
    ),
    AccountData(
        "porteur", "Référente", "ADVENTUS", "Coordinatrice de projet", "référente de la fiche ADVENTUS", _lead_adventus
    ),
    AccountData(
        "structure",
        "Responsable",
        "ARML Bretagne",
        "Chargée de mission",
        "responsable de l’ARML de Bretagne",
        _manage_local_missions,
    ),
    AccountData(
        "animateur",
        "Animatrice",
        "Bretagne",
        "Chargée d’animation à la DREETS",
        "animatrice de la région Bretagne",
        _animate_brittany,
    ),
    AccountData(
        "animateur-autre-region",
        "Animateur",
        "Centre-Val de Loire",
        "Chargé d’animation à la DREETS",
        "animateur de la région Centre-Val de Loire",
        _animate_centre,
    ),
    AccountData(
        "administrateur",
        "Administratrice",
        "du portail",
        "Administratrice",
        "administratrice du portail",
        _administrate,
    ),
)


@dataclass(frozen=True)
class DemoPassword:
    """The password of the accounts, and the one that they had at the last run."""

    value: str
    before: str


def password_file() -> Path:
    """Return where the password is kept between runs."""
    return Path(settings.DATA_DIR) / "demo-password"


def choose_password() -> DemoPassword:
    """Return DEMO_PASSWORD, else the one kept in the data folder, else a new one.

    Raises ValidationError when DEMO_PASSWORD breaks the portal's own rule (15 signs at least).
    """
    path = password_file()
    before = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    asked = os.environ.get("DEMO_PASSWORD", "")
    if asked:
        validate_password(asked)
    return DemoPassword(asked or before or _new_password(), before)


def _new_password() -> str:
    """Return four groups of four signs that nobody misreads: about 75 bits."""
    return "-".join("".join(secrets.choice(SHORT_ID_ALPHABET) for _sign in range(4)) for _group in range(4))


def _keep(password: str) -> None:
    """Write the password where its owner alone may read it."""
    path = password_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{password}\n")
    path.chmod(0o600)


@transaction.atomic
def load_accounts(say: Say, password: DemoPassword) -> None:
    """Add the missing accounts with their roles.

    Accounts that still have the password of the last run follow a new DEMO_PASSWORD; a password
    that a person chose stays.
    """
    added = 0
    for data in ACCOUNTS:
        user = User.objects.filter(email__iexact=data.email).first()
        if user is None:
            _create(data, password.value)
            added += 1
        elif password.before and password.before != password.value and user.check_password(password.before):
            user.set_password(password.value)
            user.save(update_fields=["password"])
    _keep(password.value)
    tell(say, added, len(ACCOUNTS))


def _create(data: AccountData, password: str) -> None:
    user = User.objects.create_user(
        data.email,
        password,
        first_name=data.first_name,
        last_name=data.last_name,
        job_title=data.job_title,
        membership_status=User.MembershipStatus.APPROVED,
    )
    give_consent(user=user, subject=CHARTER, version=CHARTER_VERSION)
    data.give_role(user)


def accounts_table(password: str) -> list[str]:
    """Return the lines that tell who may sign in; last, the password."""
    width = max(len(data.email) for data in ACCOUNTS)
    changed = {data.email for data in ACCOUNTS if not _opens(data.email, password)}
    lines = [
        f"  {data.email:<{width}}  {data.what}{' (mot de passe changé depuis)' if data.email in changed else ''}"
        for data in ACCOUNTS
    ]
    return ["Comptes de démonstration :", *lines, f"Mot de passe : {password}"]


def _opens(email: str, password: str) -> bool:
    return User.objects.get(email__iexact=email).check_password(password)
