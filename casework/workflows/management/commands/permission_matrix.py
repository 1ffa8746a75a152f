"""manage.py permission_matrix [KEY]: who may do what in a service, as people have reviewed it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.programmes.loader import load_catalogue


class Command(BaseCommand):
    """The tables are made from the running engine by `make rights`; the tests compare them with it cell by cell."""

    help = "Print the reviewed table of rights of a service, or of all."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which service."""
        parser.add_argument("key", nargs="?", help="key of the service, such as living_aid; without it all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was reviewed."""
        known = sorted(load_catalogue())
        if options["key"] and options["key"] not in known:
            raise CommandError(f"There is no service {options['key']}: there are {', '.join(known)}")
        for key in [options["key"]] if options["key"] else known:
            path = settings.BASE_DIR / "docs" / "reference" / "permissions" / f"{key}.md"
            if not path.is_file():
                raise CommandError(f"The rights of {key} have no table yet: make rights ARGS={key}")
            self.stdout.write(path.read_text(encoding="utf-8"))
