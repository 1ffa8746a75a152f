"""manage.py programme_export: one version of a programme as a folder."""
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.programmes import folders
from casework.programmes.models import ProgrammeVersion


class Command(BaseCommand):
    """Write programme.yaml and form.yaml of a published version. Nothing is overwritten."""

    help = "Write one version of a programme into a folder, from which programme_import makes a draft again."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Let --version mean the version of the programme, not that of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("key", help="key of the programme, such as living_aid")
        parser.add_argument("--version", type=int, metavar="N", help="the newest one unless given")
        parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="folder for the two files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say what was written."""
        rows = ProgrammeVersion.objects.filter(key=options["key"]).order_by("-version")
        if options["version"] is not None:
            rows = rows.filter(version=options["version"])
        row = rows.first()
        if row is None:
            raise CommandError(f"there is no such version of {options['key']}")
        try:
            paths = folders.write(json.loads(row.content["text"]), options["to"])
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        told = ", ".join(str(path) for path in paths)
        self.stdout.write(f"{row.key} version {row.version} ({row.content_hash[:12]}): {told}")
