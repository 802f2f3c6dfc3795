"""Members with a profile, for the tests of the directory of people."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from directory.enums import Visibility
from directory.models import PROFILE_PARTS, Profile, Skill
from portal.accounts.models import User
from portal.core.images import clean_portrait
from portal.taxonomy.models import normalize_name
from tests.factories import UserFactory


def picture(name: str = "photo.png", size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    """Return a picture as a browser sends it."""
    drawn = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(drawn, "PNG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/png")


def skill(name: str) -> Skill:
    """Return the skill of this name."""
    return Skill.objects.get_or_create(normalized_name=normalize_name(name), defaults={"name": name})[0]


def make_member(user: User | None = None, *, readers: str = "", **fields: Any) -> Profile:
    """Return a member's profile; ``readers`` is the visibility of all its parts, ``skills`` names."""
    skills, themes, territories = (fields.pop(name, ()) for name in ("skills", "themes", "territories"))
    account = {name: fields.pop(name) for name in ("first_name", "last_name", "job_title") if name in fields}
    user = user or UserFactory(**account)
    profile = Profile.objects.get(user=user)
    if readers:
        fields = {**{f"{part}_visibility": readers for part in PROFILE_PARTS}, **fields}
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save()
    profile.skills.set([skill(name) for name in skills])
    profile.themes.set(themes)
    profile.territories.set(territories)
    return profile


def full_member(**fields: Any) -> Profile:
    """Return a member who wrote something in every part, as the default readers have it."""
    profile = make_member(
        first_name="Prénomzz",
        last_name="Nomzz",
        job_title="Fonctionzz",
        presentation="Présentationzz",
        phone="+33296123456",
        contact_email="contactzz@test.example",
        skills=["Compétencezz"],
        **fields,
    )
    profile.photo = clean_portrait(picture())
    profile.save()
    return profile


def show(profile: Profile, part: str, readers: Visibility) -> Profile:
    """Change who reads one part."""
    setattr(profile, f"{part}_visibility", readers)
    profile.save()
    return profile
