"""manage.py load_demo: fill an empty installation with the demonstration."""
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from casework.core import clock
from casework.demo import loading
from casework.demo.accounts import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    """Add the demonstration; safe to repeat."""

    help = "Add a federation, people and logins to try Casework with. Repeating it adds only what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything, or nothing. The demo password is known to all, so only the embedded setting takes it."""
        if not settings.EMBEDDED:
            raise CommandError("The demonstration is for the embedded setting only: its password is public.")
        names = loading.load(clock.now())
        self.stdout.write(f"Loaded: {', '.join(names)}. {len(ACCOUNTS)} logins, password {PASSWORD}")
