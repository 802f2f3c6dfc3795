"""What a browser test asks of a page: pictures, accessibility, the keyboard, no violation."""

import os
import shutil
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page, Playwright

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", Path(__file__).resolve().parents[2] / "var" / "screenshots"))
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
  const label = e.labels && e.labels[0] ? e.labels[0].innerText : "";
  return [e.innerText, e.getAttribute("aria-label"), label, e.value].join(" ");
}"""


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium; raises RuntimeError with the command to run if there is none."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        raise RuntimeError("Chromium is missing: apt-get install -y chromium")
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
    page.evaluate(_axe_source())
    return list(page.evaluate(RUN_AXE))


def _axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))


def picture(page: Page, name: str) -> Path:
    """Take a picture of the whole page, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path


def tab_to(page: Page, text: str, limit: int = 80) -> None:
    """Press Tab until the focused element's text or accessible name holds ``text``.

    Raises AssertionError when ``limit`` presses do not reach it: the keyboard cannot go there.
    """
    for _press in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED_TEXT)
        if text in focused:
            return
    raise AssertionError(f"{limit} presses of Tab never reach “{text}”")
