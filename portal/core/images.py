"""Pictures sent by people: read, then drawn anew, so that nothing but the picture is kept."""

from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps

#: A picture of 40 Mpx takes 160 MB once decoded; a bomb of some kilobytes may hold a hundred times more.
MAX_PIXELS = 40_000_000
MAX_PICTURE_SIZE = 10_000_000
JPEG_QUALITY = 90

#: Pillow's name of a format → our extension and media type. MPO is what some phones call JPEG.
FORMATS = {
    "JPEG": ("jpg", "image/jpeg"),
    "MPO": ("jpg", "image/jpeg"),
    "PNG": ("png", "image/png"),
    "WEBP": ("webp", "image/webp"),
}


def clean_picture(upload: File) -> SimpleUploadedFile:
    """Return the picture of ``upload``, decoded and encoded again in its own format.

    EXIF (place, date, device), comments, colour profiles, further frames and whatever follows
    the picture's end are gone; it stands upright and in sRGB. Raises ValidationError, with a
    sentence for its field, when the file is no JPEG, PNG or WebP picture, is broken, or exceeds
    10 MB or 40 megapixels: the size is read before anything is decoded.
    """
    if upload.size > MAX_PICTURE_SIZE:
        raise ValidationError(_("This picture weighs more than 10 MB."))
    upload.seek(0)
    try:
        with catch_warnings():
            # Pillow only warns between its limit and twice that; ours is lower and refuses below.
            simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
                return _redrawn(picture, upload.name or "")
    except ValidationError:
        raise
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        # What Pillow raises for a file that is no picture, or a broken one.
        raise ValidationError(
            _("This file is not a picture that the portal can read. Accepted: JPEG, PNG, WebP.")
        ) from error


#: Side of a portrait, in pixels: twice the largest at which a page shows one.
PORTRAIT_SIDE = 320


def clean_portrait(upload: File) -> SimpleUploadedFile:
    """Return the photo of a person: what ``clean_picture`` keeps, cut to a square of 320 px, as WebP.

    Raises ValidationError, with a sentence for its field, as ``clean_picture`` does.
    """
    with Image.open(clean_picture(upload)) as picture:
        square = ImageOps.fit(picture.convert("RGB"), (PORTRAIT_SIDE, PORTRAIT_SIDE), Image.Resampling.LANCZOS)
    drawn = BytesIO()
    square.save(drawn, "WEBP", quality=JPEG_QUALITY)
    return SimpleUploadedFile("portrait.webp", drawn.getvalue(), content_type="image/webp")


def _redrawn(picture: Image.Image, name: str) -> SimpleUploadedFile:
    if picture.width * picture.height > MAX_PIXELS:
        raise ValidationError(_("This picture has more than 40 million pixels."))
    extension, media_type = FORMATS[picture.format or ""]
    upright = _in_srgb(ImageOps.exif_transpose(picture))
    # A new image takes the pixels and nothing of what Pillow keeps beside them.
    bare = Image.new(upright.mode, upright.size)
    bare.paste(upright)
    drawn = BytesIO()
    options = {"quality": JPEG_QUALITY} if extension != "png" else {}
    bare.save(drawn, {"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[extension], **options)
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0] or "image"
    clean = SimpleUploadedFile(f"{stem}.{extension}", drawn.getvalue(), content_type=media_type)
    clean.is_clean_picture = True  # type: ignore[attr-defined]
    return clean


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB or RGBA, its colours as its own profile meant them."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    profile = picture.info.get("icc_profile")
    if profile and mode == "RGB" and picture.mode in {"RGB", "CMYK"}:
        try:
            converted = ImageCms.profileToProfile(
                picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except ImageCms.PyCMSError:
            # A profile that lies about itself: the colours as they stand are good enough.
            converted = None
        if converted is not None:
            return converted
    return picture.convert(mode)
