"""Small files whose content is what their name says."""

import io

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


def png(width: int = 64, height: int = 48) -> bytes:
    """Return a plain picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(buffer, "PNG")
    return buffer.getvalue()
