"""Pictures: nothing but the picture is kept, and what is no picture is refused at its field."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from portal.content.models import PortalImage
from portal.core.images import clean_picture
from tests.content.pictures import WAGTAIL_LEAVES_A_FILE, bomb, jpeg_with_gps
from tests.factories.accounts import AdministratorFactory
from tests.factories.files import png

PAYLOAD = b"<script>alert('polyglot')</script>PK\x03\x04"


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.unit
def test_the_sample_really_tells_its_place() -> None:
    with Image.open(io.BytesIO(jpeg_with_gps())) as picture:
        assert picture.getexif().get_ifd(0x8825)
    assert b"SecretPhone" in jpeg_with_gps()


@pytest.mark.unit
def test_a_clean_picture_has_no_metadata_and_stands_upright() -> None:
    clean = clean_picture(upload(jpeg_with_gps(80, 60)))
    content = clean.read()
    assert b"SecretPhone" not in content
    assert b"secret comment" not in content
    assert b"Exif" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (60, 80)
        assert not picture.getexif()


@pytest.mark.unit
def test_what_follows_the_picture_is_gone() -> None:
    assert PAYLOAD not in clean_picture(upload(png() + PAYLOAD, "photo.png")).read()


@pytest.mark.unit
def test_transparency_is_kept() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(buffer, "PNG")
    with Image.open(clean_picture(upload(buffer.getvalue(), "logo.png"))) as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((0, 0))[3] == 0


@pytest.mark.unit
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a/*" + PAYLOAD,
        b"\xff\xd8\xff\xe0" + PAYLOAD,
        png()[:60],
        jpeg_with_gps()[:300],
        bomb(),
        bomb(8_000, 8_000),
    ],
    ids=["empty", "svg", "gif", "fake jpeg", "cut png", "cut jpeg", "bomb", "64 megapixels"],
)
def test_what_is_no_acceptable_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_picture(upload(content))
    assert refused.value.messages[0]


@pytest.mark.unit
def test_a_picture_over_the_size_limit_is_refused() -> None:
    with pytest.raises(ValidationError):
        clean_picture(upload(png() + b"\0" * 10_000_000, "photo.png"))


@WAGTAIL_LEAVES_A_FILE
def test_the_original_is_private_and_no_rendition_tells_the_place(db, settings) -> None:
    image = PortalImage(title="Photo", file=ContentFile(jpeg_with_gps(), name="photo.jpg"))
    image.save()
    assert (image.width, image.height) == (60, 80)
    assert Path(image.file.path).is_relative_to(settings.DATA_DIR / "private")
    assert b"SecretPhone" not in Path(image.file.path).read_bytes()
    rendition = image.get_rendition("width-40")
    rendition.file.close()
    drawn = Path(rendition.file.path).read_bytes()
    assert Path(rendition.file.path).is_relative_to(settings.DATA_DIR / "media")
    assert b"SecretPhone" not in drawn
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.format == "WEBP"
        assert not picture.getexif()


@pytest.fixture
def editor(client, db):
    client.force_login(AdministratorFactory())
    return client


def add_image(client, file: SimpleUploadedFile):
    return client.post(reverse("wagtailimages:add"), {"title": "Photo", "file": file, "collection": 1})


def test_the_admin_stores_the_clean_picture(editor) -> None:
    assert add_image(editor, upload(jpeg_with_gps())).status_code == 302
    image = PortalImage.objects.get()
    with image.open_file() as stored:
        content = stored.read()
    assert b"SecretPhone" not in content
    assert image.file_size == len(content)
    assert (image.width, image.height) == (60, 80)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dessin.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("photo.jpg", png()),
        ("photo.jpg", b"<html><script>alert(1)</script>"),
        ("photo.png", png()[:60]),
        ("photo.png", bomb()),
        ("photo.png", bomb(8_000, 8_000)),
    ],
    ids=["svg", "png called jpg", "html", "cut png", "bomb", "64 megapixels"],
)
def test_the_admin_refuses_at_the_field(editor, name: str, content: bytes) -> None:
    response = add_image(editor, upload(content, name))
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not PortalImage.objects.exists()


@WAGTAIL_LEAVES_A_FILE
def test_the_portal_serves_renditions_and_no_original(client, db) -> None:
    image = PortalImage(title="Photo", file=ContentFile(png(), name="photo.png"))
    image.save()
    rendition = image.get_rendition("width-40")
    rendition.file.close()
    response = client.get(rendition.url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    for path in (f"/media/{image.file.name}", "/media/images/../private/x", "/media/images/%00", "/media/images/"):
        assert client.get(path).status_code == 404
