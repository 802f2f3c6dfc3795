"""Load the demonstration."""

import os
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.animation.demo.accounts import DemoPassword, accounts_table, choose_password, load_accounts
from portal.animation.demo.agenda import load_agenda
from portal.animation.demo.attention import load_attention
from portal.animation.demo.calls import load_call, load_regions
from portal.animation.demo.discussions import load_discussions
from portal.animation.demo.joining import load_requests
from portal.animation.demo.organisations import load_organisations
from portal.animation.demo.pages import load_home, load_pages
from portal.animation.demo.profiles import load_profiles
from portal.animation.demo.sheets import load_sheets
from portal.animation.demo.tools import quiet_libraries
from portal.notifications.fan_out import fan_out_due

#: Accounts whose password is printed have no place anywhere else.
SETTINGS = ("portal.settings.demo", "portal.settings.test")

PARTS = (
    ("Structures", load_organisations),
    ("Appel à projets", load_call),
    ("Régions", load_regions),
    ("Fiches projet", load_sheets),
    ("Actualités et ressources", load_pages),
    ("Agenda", load_agenda),
    ("Page d’accueil", load_home),
)


class Command(BaseCommand):
    """Load the demonstration: content and one account a role. A second run keeps all that was changed."""

    help = "Load the demonstration's content and accounts; adds what is missing and changes nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let the official lists of territories lie elsewhere than in node_modules."""
        parser.add_argument("--source", type=Path, help="Passed on to load_reference.")

    def handle(self, *args: Any, source: Path | None, **options: Any) -> None:
        """Load each part in its own transaction, then tell who may sign in.

        Raises CommandError outside the demonstration, and where DEMO_PASSWORD is too weak.
        """
        if os.environ.get("DJANGO_SETTINGS_MODULE") not in SETTINGS:
            raise CommandError(
                "load_demo crée des comptes dont le mot de passe est affiché : il ne fonctionne qu’avec les réglages "
                "de démonstration (DJANGO_SETTINGS_MODULE=portal.settings.demo)."
            )
        password = self._password()
        with quiet_libraries():
            self._load(source, password)
        self.stdout.write("\n".join(accounts_table(password.value)))

    def _load(self, source: Path | None, password: DemoPassword) -> None:
        call_command("load_reference", source=source, stdout=self.stdout)
        call_command("seed_site", stdout=self.stdout)
        for title, load in PARTS:
            self.stdout.write(f"{title}…")
            load(self.stdout.write)
        self.stdout.write("Comptes…")
        load_accounts(self.stdout.write, password)
        self.stdout.write("Profils…")
        load_profiles(self.stdout.write)
        self.stdout.write("Demandes d’inscription…")
        load_requests(self.stdout.write)
        self.stdout.write("Abonnements et annonces…")
        load_attention(self.stdout.write)
        self.stdout.write("Discussions…")
        load_discussions(self.stdout.write)
        # Last, when everything has happened: people are told from the first second, and a second run tells nobody.
        fan_out_due()
        # The demonstration is found from its first second, whatever the worker has to do first.
        self.stdout.write("Index de la recherche…")
        call_command("search_drain", stdout=StringIO())

    def _password(self) -> DemoPassword:
        try:
            return choose_password()
        except ValidationError as error:
            raise CommandError(f"DEMO_PASSWORD : {' '.join(error.messages)}") from error
