"""manage.py form_schema KEY: the JSON Schema of the application of a service, for programs that send applications."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.forms.schema import json_schema
from casework.programmes.loader import load_catalogue


class Command(BaseCommand):
    """Nothing is read from the database."""

    help = "Print the JSON Schema (2020-12) of the form of a service of the catalogue."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which service."""
        parser.add_argument("key", help="key of the service, such as living_aid")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        known = load_catalogue()
        if options["key"] not in known:
            raise CommandError(f"There is no service {options['key']}: there are {', '.join(known)}")
        self.stdout.write(json.dumps(json_schema(known[options["key"]].form), ensure_ascii=False, indent=2))
