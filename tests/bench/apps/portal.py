"""Pages of the frame, and those on which all areas show something: home, a legal page, search, themes, a territory."""

from tests.bench.pages import BenchPage

PAGES = [
    BenchPage("home", "/", target_ms=12),
    BenchPage("legal", "/mentions-legales/"),
    BenchPage("themes", "/themes/"),
    BenchPage("theme", "/themes/logement/"),
    BenchPage("territory", "/territoires/dep-35/"),
    BenchPage("search", "/recherche/?q=emploi"),
]
