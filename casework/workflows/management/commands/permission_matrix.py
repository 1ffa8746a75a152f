"""manage.py permission_matrix [KEY]: who may do what in a service, found out by bringing cases to every place of its
route."""

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.programmes.loader import load_catalogue

MAKER = "tests.security.permission_matrix"


class Command(BaseCommand):
    """The cases are made by the walker of the tests, in a database of its own; the one in use is not touched."""

    help = "Print the table of rights of a service, or of all; --write puts it into docs/reference/permissions."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which service, and whether to write."""
        parser.add_argument("key", nargs="?", help="key of the service, such as living_aid; without it all")
        parser.add_argument("--write", action="store_true", help="write the tables, and tell what changed in them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Have the tables made by a process with the settings of the tests."""
        key = options["key"]
        if key and key not in load_catalogue():
            raise CommandError(f"There is no service {key}: there are {', '.join(load_catalogue())}")
        if not (settings.BASE_DIR / "tests" / "security").is_dir():
            raise CommandError("The tables are made by the tests of the source tree, and there are none here.")
        words = [*([key] if key else []), *(["--write"] if options["write"] else [])]
        # The tests' settings choose their own database and folder.
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "CASEWORK_VAR")}
        done = subprocess.run([sys.executable, "-m", MAKER, *words], cwd=settings.BASE_DIR, env=kept)  # noqa: S603
        if done.returncode:
            raise CommandError("The tables were not made; what went wrong stands above.")
