"""manage.py load_demo: fill an empty installation with the demonstration."""
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.audit import checkpoints
from casework.core import clock
from casework.demo import loading
from casework.demo.accounts import ACCOUNTS, PASSWORD
from casework.demo.cases import telling


class Command(BaseCommand):
    """Add the demonstration; safe to repeat."""

    help = "Add a federation, people and logins to try Casework with. Repeating it adds only what is missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--cases", action="store_true", help="with cases on their way; on an empty installation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything, or nothing. The demo password is known to all, so only the embedded setting takes it."""
        if not settings.EMBEDDED:
            raise CommandError("The demonstration is for the embedded setting only: its password is public.")
        if options["cases"]:
            self._with_cases()
            return
        names = loading.load(clock.now())
        self.stdout.write(f"Loaded: {', '.join(names)}. {len(ACCOUNTS)} logins, password {PASSWORD}")

    def _with_cases(self) -> None:
        added = telling.load(clock.now())
        if added:
            self._seal()
        told = f"{added} cases" if added else "no cases: they come into an empty installation only, and this one is not"
        self.stdout.write(f"Loaded: {told}. {len(ACCOUNTS)} logins, password {PASSWORD}")

    def _seal(self) -> None:
        """What was told happened days ago: left to the sealer, it would ring as if he had slept since (promise A4)."""
        try:
            checkpoints.seal_all(clock.now())
        except checkpoints.SplitView as trouble:
            self.stderr.write(f"Not sealed: {trouble}. audit_verify tells more")
