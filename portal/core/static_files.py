"""Which static files are served: those that a page may ask for."""

from django.contrib.staticfiles.apps import StaticFilesConfig

_FOR_OTHERS = ("analytics", "artwork", "component", "core", "dsfr", "layout", "legacy", "scheme", "utility")


class ServedFilesConfig(StaticFilesConfig):
    """Django's static files, without what packages bring for others.

    The State's design system comes with 23 MB: each component by itself, scripts, other bundles. Ours is
    ``dsfr.main.min.css``, with the fonts and icons that it names; the rest would be hashed and compressed for
    a minute, for nobody. Leaflet brings its sources beside what is served.
    """

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *(f"dsfr/dist/{part}/*" for part in _FOR_OTHERS),
        *(f"dsfr/dist/dsfr.{bundle}" for bundle in ("legacy.*", "min.css", "module.*", "nomodule.*")),
        "django-dsfr/*",
        "leaflet-src*",
    ]
