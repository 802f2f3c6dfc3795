"""What the tests of joining share."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.models import Organisation
from portal.accounts.models import User
from portal.joining.models import Registration
from portal.joining.services.registrations import RegistrationData, confirm_registration, receive_registration
from portal.mail.models import OutboxMessage
from portal.taxonomy.models import Territory
from tests.factories.accounts import AnimatorFactory
from tests.factories.directory import ManagerFactory, OrganisationFactory
from tests.factories.taxonomy import CommuneFactory, RegionFactory
from tests.support.world import make_projects_index

ANIMATION = "/animation/invitations/"
STRUCTURE = "/mon-espace/ma-structure/invitations/"
GUEST = "invitee@mission.example"


@pytest.fixture(autouse=True)
def _fresh(db: None) -> Iterator[None]:
    """Start each test with a home page, and without turns already taken."""
    cache.clear()
    make_projects_index()
    yield
    cache.clear()


@pytest.fixture
def brittany() -> Territory:
    return RegionFactory()


@pytest.fixture
def elsewhere() -> Territory:
    return RegionFactory(code="24", name="Centre-Val de Loire")


@pytest.fixture
def mission(brittany: Territory) -> Organisation:
    """A listed organisation with its seat in Rennes."""
    return OrganisationFactory(name="Mission locale de Rennes", acronym="MLR", seat=CommuneFactory())


def typed(**changes: str) -> dict[str, str]:
    """Return what a person types in the form of registration."""
    values = {
        "uid": str(uuid4()),
        "email": "conseillere@mission.example",
        "first_name": "Conseillère",
        "last_name": "D’essai",
        "job_title": "Conseillère en insertion",
        "organisation_name": "",
        "region": "53",
        "message": "Je cherche des pairs.",
        "password": "",
        "consent": "on",
        "website": "",
    }
    return values | changes


@pytest.fixture
def send(client: Client, brittany: Territory) -> Callable[..., Any]:
    """Send the form of registration."""

    def post(**changes: str) -> Any:
        return client.post("/inscription/", typed(**changes))

    return post


def mails(kind: str) -> list[OutboxMessage]:
    """Return what was written of one kind, the oldest first."""
    return list(OutboxMessage.objects.filter(kind=f"joining.{kind}").order_by("pk"))


def path_in(message: OutboxMessage, prefix: str) -> str:
    """Return the path of the link that a mail holds."""
    start = message.text.index(prefix)
    return message.text[start:].split()[0].rstrip(">")


def registration(
    *,
    confirmed: bool = True,
    email: str = "conseillere@mission.example",
    first_name: str = "Conseillère",
    last_name: str = "D’essai",
    **changes: Any,
) -> Registration:
    """Make a registration through the services, confirmed unless told otherwise."""
    values = {"job_title": "Conseillère", "message": "", "password": "", "region": None, **changes}
    data = RegistrationData(email=email, first_name=first_name, last_name=last_name, **values)
    made = receive_registration(uid=uuid4(), data=data)
    if confirmed:
        made = confirm_registration(uid=made.uid, keep_password=True) or made
    return made


def signed_in(user: User) -> Client:
    """Return a browser in which ``user`` has signed in."""
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.MemberBackend")
    return client


@pytest.fixture
def animator(brittany) -> User:
    return AnimatorFactory(region=brittany)


@pytest.fixture
def manager(mission) -> User:
    return ManagerFactory(organisation=mission)


def upload(client: Client, content: bytes | str, *, desk: str = ANIMATION) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return client.post(f"{desk}fichier/", {"file": SimpleUploadedFile("liste.csv", raw)})


def send_preview(client: Client, page: Any, *, desk: str = ANIMATION) -> Any:
    return client.post(f"{desk}fichier/envoyer/", {"rows": page.context["preview"].initial["rows"]})
