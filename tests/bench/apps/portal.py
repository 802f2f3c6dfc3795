"""Pages of the frame: home, a legal page, search."""

from tests.bench.pages import BenchPage

PAGES = [
    BenchPage("home", "/", target_ms=12),
    BenchPage("legal", "/mentions-legales/"),
    BenchPage("search", "/recherche/?q=emploi"),
]
