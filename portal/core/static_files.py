"""Which static files are served."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder


class PublishedFilesFinder(FileSystemFinder):
    """The folders of the settings, without the sources that npm packages carry beside what is served."""

    unserved = ("leaflet-src*",)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """List what is collected."""
        return super().list([*(ignore_patterns or ()), *self.unserved])
