"""The OpenID provider of the tests: a Node process, and somebody who signs in there as a browser does."""

import socket
import subprocess
from pathlib import Path
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

SCRIPT = Path(__file__).with_suffix(".mjs")
ROOT = SCRIPT.parent.parent.parent
START_SECONDS = 30
MOST_STEPS = 12


class OpenIdProvider:
    """The process; ``base_url`` is the portal that it knows."""

    def __init__(self, base_url: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.callback = f"{base_url}/connexion/proconnect/retour/"
        self.signed_out = f"{base_url}/connexion/proconnect/fin/"
        self.process: subprocess.Popen[str] | None = None

    @property
    def settings(self) -> dict[str, object]:
        """Return the Django settings under which the portal uses this provider."""
        app = {
            "client_id": "portal",
            "secret": "a-secret-of-the-tests-alone",
            "settings": {"server_url": self.issuer},
        }
        return {"PROCONNECT_URL": self.issuer, "SOCIALACCOUNT_PROVIDERS": {"proconnect": {"APPS": [app]}}}

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables under which a portal of its own process uses this provider."""
        names = {"ID": "portal", "SECRET": "a-secret-of-the-tests-alone"}
        return {"PROCONNECT_URL": self.issuer, **{f"PROCONNECT_CLIENT_{name}": said for name, said in names.items()}}

    def start(self) -> None:
        """Start the process and return when it answers."""
        command = ["node", str(SCRIPT), str(self.port), self.callback, self.signed_out]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        assert any("ready" in line for line in self.process.stdout), "the provider did not start"

    def stop(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=START_SECONDS)
            assert self.process.stdout is not None
            self.process.stdout.close()

    def sign_in(self, url: str, email: str) -> str:
        """Sign in as ``email`` from the address to which the portal led; return where the provider leads back."""
        with requests.Session() as browser:
            response = browser.get(url, allow_redirects=False, timeout=10)
            for _step in range(MOST_STEPS):
                location = response.headers.get("Location", "")
                if location.startswith((self.callback, self.signed_out)):
                    return location
                if location:
                    response = browser.get(urljoin(response.url, location), allow_redirects=False, timeout=10)
                    continue
                response = self._fill_in(browser, response, email)
        raise AssertionError(f"the provider leads nowhere: {response.status_code} {response.text[:500]}")

    @staticmethod
    def _fill_in(browser: requests.Session, response: requests.Response, email: str) -> requests.Response:
        form = BeautifulSoup(response.text, "html.parser").find("form")
        assert form is not None, response.text[:500]
        values = {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}
        values |= {"login": email, "password": "any"} if "login" in values else {}
        address = urljoin(response.url, str(form["action"]))
        return browser.post(address, data=values, allow_redirects=False, timeout=10)
