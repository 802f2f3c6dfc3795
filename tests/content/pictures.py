"""Pictures as phones and attackers make them."""

import io
import struct
import zlib

import pytest
from PIL import ExifTags, Image

#: Wagtail leaves the temporary file of a new rendition to the garbage collector.
WAGTAIL_LEAVES_A_FILE = pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")


def jpeg_with_gps(width: int = 80, height: int = 60) -> bytes:
    """Return a JPEG that tells where, when and with what it was taken; lies on its side."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "SecretPhone"
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.DateTime] = "2019:01:31 10:00:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (48.0, 6.0, 53.0)
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(buffer, "JPEG", exif=exif, comment=b"secret comment")
    return buffer.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of some bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
