"""Reading a copy of one's data."""

import io
import json
import zipfile
from typing import Any


def opened(content: bytes) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """Return the archive and what its file for programs holds; fails where it is damaged."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("donnees.json"))
