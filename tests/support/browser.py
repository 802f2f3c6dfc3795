"""What a browser test asks of a page: pictures, accessibility, the keyboard, no violation."""

import os
import shutil
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Playwright
from playwright.sync_api import Error as PlaywrightError

#: Folder of the pictures; without one none is taken, which saves a second a page.
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const result = await axe.run(document, {runOnly: tags});
  return result.violations.map(v => `${v.id}: ${v.help} – ${v.nodes[0].target.join(" ")}`);
}"""
FOCUSED_TEXT = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return "";  // of a page that has just come: it holds every text
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  return [e.innerText, e.getAttribute("aria-label"), label, e.value].join(" ");
}"""


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium; raises RuntimeError with the command to run if there is none."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not executable:
        raise RuntimeError("Chromium is missing: apt-get install -y chromium-headless-shell")
    return playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)


def watch(page: Page) -> list[str]:
    """Return a list that fills with everything the browser complains of: CSP, scripts, 404s."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def third_party_requests(page: Page, base_url: str) -> list[str]:
    """Return a list that fills with the requests that leave the portal."""
    foreign: list[str] = []

    def note(request: Any) -> None:
        if not request.url.startswith((base_url, "data:", "blob:")):
            foreign.append(request.url)

    page.on("request", note)
    return foreign


def axe_violations(page: Page) -> list[str]:
    """Run axe on the page as it stands; returns one line a violation, with its first target.

    The script goes through ``page.evaluate``, which the strict policy lets pass.
    """
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(_axe_source())
    return list(page.evaluate(RUN_AXE))


@cache
def _axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def picture(page: Page, name: str) -> None:
    """Take a picture of the whole page, for people to look at, where SCREENSHOTS names a folder for them."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def tab_to(page: Page, text: str, limit: int = 80) -> None:
    """Press Tab until the focused element's text or accessible name holds ``text``.

    Raises AssertionError when ``limit`` presses do not reach it: the keyboard cannot go there.
    """
    for _press in range(limit):
        page.keyboard.press("Tab")
        try:
            focused = page.evaluate(FOCUSED_TEXT)
        except PlaywrightError as error:
            # The key before led to another page, which has just come: it is what Tab walks through.
            if "navigation" not in str(error):
                raise
            page.wait_for_load_state()
            continue
        if text in focused:
            return
    raise AssertionError(f"{limit} presses of Tab never reach “{text}”")


def look_at(page: Page, name: str, *, closely: bool = False) -> None:
    """Check one page at both widths: it fits, it is accessible; leave pictures called ``name``.

    Accessibility is asked at one width, drawn by the name once and for all: half of the browser's time goes
    there. At both where one looks ``closely``, or takes pictures.
    """
    drawn = ("1280", "320")[crc32(name.encode()) % 2]
    page.wait_for_load_state()  # After a click, the document may not be there yet.
    for width, viewport in (("1280", WIDE), ("320", NARROW)):
        page.set_viewport_size(viewport)
        assert not overflows(page), f"{name} scrolls sideways at {width} px"
        picture(page, f"{name}-{width}")
        if closely or SCREENSHOTS or width == drawn:
            assert axe_violations(page) == [], f"{name} at {width} px"
    page.set_viewport_size(WIDE)


def theme_of(request: pytest.FixtureRequest) -> str:
    """Return the theme in which a test that takes ``site`` runs."""
    return "state" if "state" in request.node.name else "neutral"
