"""The picture printed on the leaflets: a path through hills, drawn by program, the same at every run."""

import io
import math
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

#: Width over height.
RATIO = 3 / 2
JPEG_QUALITY = 93
#: Drawn once at this width, then resized.
FULL_WIDTH = 2400
FULL_SIZE = (FULL_WIDTH, int(FULL_WIDTH / RATIO))

SKY_TOP, SKY_BOTTOM = (255, 236, 209), (196, 222, 230)
HILLS = ((0.52, 0.10, 1.3, (136, 182, 176)), (0.64, 0.08, 1.9, (79, 141, 138)), (0.78, 0.06, 2.4, (31, 94, 102)))
SUN, PATH, DOOR, LIGHT = (240, 150, 72), (250, 243, 228), (178, 74, 44), (255, 222, 158)


def draw_path_through_hills() -> Image.Image:
    """Return the picture at full size: hills, a path with five milestones, an open door in the sun."""
    width, height = FULL_SIZE
    picture = _sky(width, height)
    draw = ImageDraw.Draw(picture)
    radius = height * 0.15
    draw.ellipse(_around(width * 0.76, height * 0.36, radius), fill=SUN)
    for level, swing, waves, colour in HILLS:
        draw.polygon(_hill(width, height, level, swing, waves), fill=colour)
    _draw_door(draw, width, height)
    _draw_path(draw, width, height)
    return _with_paper_grain(picture)


def _sky(width: int, height: int) -> Image.Image:
    mask = Image.linear_gradient("L").resize((width, height))
    return Image.composite(Image.new("RGB", mask.size, SKY_BOTTOM), Image.new("RGB", mask.size, SKY_TOP), mask)


def _around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return (x - radius, y - radius, x + radius, y + radius)


def _hill(width: int, height: int, level: float, swing: float, waves: float) -> list[tuple[float, float]]:
    ridge = [
        (x, height * (level + swing * math.sin(waves * math.pi * x / width + 5 * level)))
        for x in range(0, width + 1, width // 120)
    ]
    return [*ridge, (width, height), (0, height)]


def _draw_door(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    left, top, right, bottom = width * 0.74, height * 0.40, width * 0.81, height * 0.60
    draw.rectangle((left, top, right, bottom), fill=LIGHT)
    edge, drop = right + width * 0.035, height * 0.03
    draw.polygon([(right, top), (edge, top + drop), (edge, bottom + drop), (right, bottom)], fill=DOOR)


def _draw_path(draw: ImageDraw.ImageDraw, width: int, height: int) -> None:
    """Draw the path from the foreground to the door, narrower as it goes, and its five milestones."""
    steps = 160
    shares = [step / steps for step in range(steps + 1)]
    centre = [(_path_x(share) * width, _path_y(share) * height, _half(share) * width) for share in shares]
    left = [(x - half, y) for x, y, half in centre]
    right = [(x + half, y) for x, y, half in reversed(centre)]
    draw.polygon(left + right, fill=PATH)
    for milestone in (0.18, 0.38, 0.56, 0.73, 0.88):
        x, y, half = centre[int(milestone * steps)]
        draw.ellipse(_around(x, y, half * 0.7), fill=SUN)


def _path_x(progress: float) -> float:
    return 0.22 + 0.555 * progress + 0.07 * math.sin(2 * math.pi * progress) * (1 - progress)


def _path_y(progress: float) -> float:
    return 1.02 - 0.42 * progress


def _half(progress: float) -> float:
    return 0.010 + 0.050 * (1 - progress) ** 1.8


def _with_paper_grain(picture: Image.Image) -> Image.Image:
    """Give the flat colours the texture of printed paper; the seed makes it the same each time."""
    width, height = picture.size
    half = (width // 2, height // 2)
    noise = Image.frombytes("L", half, random.Random(41).randbytes(half[0] * half[1]))  # noqa: S311 -- a texture
    grain = noise.filter(ImageFilter.GaussianBlur(1)).resize(picture.size)
    textured = ImageChops.overlay(picture, Image.merge("RGB", (grain, grain, grain)))
    return Image.blend(picture, textured, 0.6)


def as_jpeg(picture: Image.Image, width: int) -> bytes:
    """Return ``picture`` at ``width`` pixels, as a JPEG file."""
    buffer = io.BytesIO()
    resized = picture.resize((width, int(width / RATIO)), Image.Resampling.BICUBIC)
    resized.save(buffer, "JPEG", quality=JPEG_QUALITY, dpi=(150, 150))
    return buffer.getvalue()
