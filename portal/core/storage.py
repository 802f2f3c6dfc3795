"""Where files live."""

from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFileSystemStorage(FileSystemStorage):
    """Files on disk without any address: Django would otherwise give them MEDIA_URL's."""

    def url(self, name: str | None) -> str:
        """Refuse: raises ValueError, as Django does for a file that is not accessible by URL."""
        raise ValueError("This file is not accessible via a URL.")


def private_storage() -> Storage:
    """Return the storage of files that only a permission-checked view may serve.

    A callable, so that migrations do not freeze the storage of one environment.
    """
    return storages["private"]
