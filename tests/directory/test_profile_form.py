"""The form of one's own profile, its preview, and what hostile input does to it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from directory.enums import Visibility
from directory.models import PROFILE_PARTS, Profile, Skill
from portal.accounts.data_rights.models import Consent
from tests.directory.people import full_member, make_member, picture
from tests.factories import PendingUserFactory
from tests.support.queries import assert_constant_queries
from tests.taxonomy.factories import CommuneFactory, DepartmentFactory, RegionFactory, ThemeFactory

pytestmark = pytest.mark.django_db
URL = "/mon-espace/mon-profil/"


@pytest.fixture
def profile(client: Client) -> Profile:
    made = make_member(first_name="Prénom", last_name="Nom")
    client.force_login(made.user)
    return made


def data(**changes: Any) -> dict[str, Any]:
    """Return what a browser sends of an untouched form, with ``changes``."""
    readers = {f"{part}_visibility": Profile._meta.get_field(f"{part}_visibility").default for part in PROFILE_PARTS}
    return {"first_name": "Prénom", "last_name": "Nom", "is_listed": "on", **readers, **changes}


def post(client: Client, **changes: Any) -> Any:
    response = client.post(URL, data(**changes))
    assert response.status_code == 302, response.context["form"].errors
    return response


def errors(client: Client, **changes: Any) -> dict[str, Any]:
    response = client.post(URL, data(**changes))
    assert response.status_code == 422
    return response.context["form"].errors


def test_everything_that_is_written_is_kept(client: Client, profile: Profile) -> None:
    theme, place = ThemeFactory(), DepartmentFactory(region=RegionFactory())
    post(
        client,
        first_name="Autre",
        job_title="Conseillère",
        presentation="Je réponds.",
        phone="02 96 12 34 56",
        contact_email="autre@test.example",
        skills="Médiation, droit  des   étrangers\nmédiation",
        themes=[theme.pk],
        territories=[place.pk],
        photo=picture(size=(400, 900)),
        phone_visibility=Visibility.MEMBERS,
    )
    profile = Profile.objects.get(pk=profile.pk)
    assert (profile.user.first_name, profile.user.job_title) == ("Autre", "Conseillère")
    assert (profile.phone, profile.contact_email) == ("+33296123456", "autre@test.example")
    assert [skill.name for skill in profile.skills.all()] == ["droit des étrangers", "médiation"]
    assert [*profile.themes.all(), *profile.territories.all()] == [theme, place]
    assert profile.phone_visibility == Visibility.MEMBERS
    with profile.photo.open() as kept, Image.open(kept) as photo:
        assert (photo.format, photo.size) == ("WEBP", (320, 320))
        assert not photo.getexif()
    form = client.get(URL).content.decode()
    assert all(text in form for text in ("Autre", "Conseillère", "Je réponds.", "autre@test.example"))


def test_the_photo_loses_place_and_device(client: Client, profile: Profile) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Marquezz"
    upload = picture()
    with Image.open(upload) as drawn:
        drawn.save(upload.file, "JPEG", exif=exif)
    upload.seek(0)
    assert b"Marquezz" in upload.read()
    upload.seek(0)
    post(client, photo=SimpleUploadedFile("photo.jpg", upload.read(), content_type="image/jpeg"))
    with Profile.objects.get(pk=profile.pk).photo.open() as kept:
        assert b"Marquezz" not in kept.read()


def test_a_new_photo_replaces_the_file_and_a_tick_removes_it(
    client: Client, profile: Profile, django_capture_on_commit_callbacks: Any
) -> None:
    post(client, photo=picture())
    first = Profile.objects.get(pk=profile.pk).photo
    with django_capture_on_commit_callbacks(execute=True):
        post(client, photo=picture())
    second = Profile.objects.get(pk=profile.pk).photo
    assert not first.storage.exists(first.name)
    assert second.storage.exists(second.name)
    with django_capture_on_commit_callbacks(execute=True):
        post(client, removes_photo="on")
    assert not Profile.objects.get(pk=profile.pk).photo
    assert not second.storage.exists(second.name)


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/png"),
        SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 64, content_type="image/jpeg"),
        SimpleUploadedFile("photo.gif", b"GIF89a" + b"\x00" * 64, content_type="image/gif"),
        SimpleUploadedFile("photo.php", b"<?php echo 1;", content_type="image/png"),
    ],
    ids=["svg", "broken", "gif", "program"],
)
def test_what_is_no_picture_is_refused_at_its_field(
    client: Client, profile: Profile, upload: SimpleUploadedFile
) -> None:
    response = client.post(URL, data(photo=upload, presentation="Un texte tapé"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"photo"}
    assert "Un texte tapé" in response.content.decode()
    assert not Profile.objects.get(pk=profile.pk).photo


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 300),
        ("first_name", ""),
        ("first_name", "Deux\nlignes"),
        ("first_name", "x" * 81),
        ("last_name", "Gagnez sur www.spam.example"),
        ("job_title", "x" * 300),
        ("presentation", "x" * 2_001),
        ("presentation", "nul\x07"),
        ("skills", "x" * 61),
        ("skills", ", ".join(f"compétence {number}" for number in range(13))),
        ("phone", "12"),
        ("phone", "appelez-moi"),
        ("phone", "x" * 300),
        ("contact_email", "pas une adresse"),
        ("contact_email", "a@b.example\nBcc: c@d.example"),
        ("name_visibility", "all"),
        ("themes", "999999"),
        ("themes", "abc"),
        ("territories", "999999"),
        ("known_skills", "inconnue"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(client: Client, profile: Profile, field: str, value: str) -> None:
    if field == "known_skills":
        make_member(skills=["Offerte"])
    assert set(errors(client, **{field: value})) == {field}
    assert Profile.objects.get(pk=profile.pk).user.first_name == "Prénom"


def test_a_commune_is_no_choice_of_territory(client: Client, profile: Profile) -> None:
    assert "territories" in errors(client, territories=[CommuneFactory().pk])


def test_nobody_else_is_written_whatever_is_sent(client: Client, profile: Profile) -> None:
    other = full_member()
    post(client, user=other.user_id, id=other.pk, pk=other.pk, email="x@test.example", is_superuser="1", role="manager")
    other.refresh_from_db()
    profile.user.refresh_from_db()
    assert other.user.last_name == "Nomzz"
    assert not profile.user.is_superuser
    assert profile.user.email != "x@test.example"


def test_skills_are_shared_and_forgotten_with_their_last_owner(client: Client, profile: Profile) -> None:
    make_member(skills=["Médiation"])
    post(client, known_skills=["mediation"], skills="MÉDIATION, Interprétariat")
    assert Skill.objects.count() == 2
    assert [skill.name for skill in profile.skills.all()] == ["Interprétariat", "Médiation"]
    post(client)
    assert [skill.name for skill in Skill.objects.all()] == ["Médiation"]


def test_skills_that_their_owner_hides_are_offered_to_nobody(client: Client, profile: Profile) -> None:
    make_member(skills=["Secretzz"], readers=Visibility.NOBODY, name_visibility=Visibility.MEMBERS)
    make_member(skills=["Cachéezz"], is_listed=False)
    html = client.get(URL).content.decode()
    assert "Secretzz" not in html
    assert "Cachéezz" not in html


def test_consent_is_dated_when_a_part_becomes_public_and_again_when_none_is(client: Client, profile: Profile) -> None:
    post(client, job_title="Conseillère")
    assert not Consent.objects.exists()
    post(client, name_visibility=Visibility.PUBLIC)
    given = Consent.objects.get(user=profile.user)
    assert given.withdrawn_at is None
    post(client, name_visibility=Visibility.PUBLIC, phone_visibility=Visibility.PUBLIC)
    assert Consent.objects.get().given_at == given.given_at
    post(client)
    assert Consent.objects.get().withdrawn_at is not None


def test_the_preview_tells_members_from_visitors(client: Client, profile: Profile) -> None:
    post(client, presentation="Pour les membres", job_title="Pour tous", job_title_visibility=Visibility.PUBLIC)
    members = client.get(f"{URL}apercu/").content.decode()
    visitors = client.get(f"{URL}apercu/?vue=visiteurs").content.decode()
    assert "Pour les membres" in members
    assert "Pour les membres" not in visitors
    assert "Pour tous" in visitors


def test_the_preview_of_what_nobody_sees_shows_nothing(client: Client, profile: Profile) -> None:
    post(client, presentation="Pour les membres")
    assert not client.get(f"{URL}apercu/?vue=visiteurs").context["is_reachable"]
    sent = data(presentation="Pour les membres")
    del sent["is_listed"]
    client.post(URL, sent)
    response = client.get(f"{URL}apercu/")
    assert not response.context["is_reachable"]
    assert "Pour les membres" not in response.content.decode()


def test_who_waits_for_approval_may_prepare_their_profile(client: Client) -> None:
    client.force_login(PendingUserFactory())
    assert client.get(URL).status_code == 200


def test_same_queries_at_one_and_three_rows(client: Client, profile: Profile) -> None:
    region = RegionFactory()
    counter = iter(range(40, 60))

    def add_row() -> None:
        number = next(counter)
        DepartmentFactory(code=str(number), region=region)
        ThemeFactory()
        make_member(skills=[f"Compétence {number}"])

    assert_constant_queries(add_row=add_row, call=lambda: client.get(URL), budget=20)
