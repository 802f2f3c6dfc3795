"""Files in an S3-compatible storage; the bucket itself stays closed to browsers."""

from typing import Any

from django.conf import settings
from storages.backends.s3 import S3Storage


class PublicS3Storage(S3Storage):
    """Public files: the portal serves them under its own address, so that no page asks a third party."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Return the portal's own address of a file."""
        return f"{settings.MEDIA_URL}{name}"


class PrivateS3Storage(S3Storage):
    """Files that only a permission-checked view may serve: they have no address, signed or not."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """Refuse: raises ValueError, as Django does for a file that is not accessible by URL."""
        raise ValueError("This file is not accessible via a URL.")
