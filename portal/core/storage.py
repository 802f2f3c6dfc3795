"""Where files live."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Return the storage of files that only a permission-checked view may serve.

    A callable, so that migrations do not freeze the storage of one environment.
    """
    return storages["private"]
