"""Name every text without Chinese."""
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from casework.site import translations


class Command(BaseCommand):
    """manage.py check_translations: exit code 1 when a text has no Chinese, a guessed one, or two."""

    help = "List texts of the source that have no Chinese, only a guess, or two different ones."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Optional: only texts of files whose path begins so."""
        parser.add_argument("under", nargs="*", help="paths, e.g. casework/desk templates/desk")
        parser.add_argument("--po", action="store_true", help="print the missing ones as lines for a .po file")

    def handle(self, *args: Any, **options: Any) -> None:
        """List what is missing."""
        under = tuple(options["under"])
        gaps = [place for place in translations.missing() if not under or place.file.startswith(under)]
        for place in gaps:
            self.stdout.write(_as_po(place) if options["po"] else f"{place.file}:{place.line}: {place.text!r}")
        others = [] if options["po"] or under else [*translations.fuzzy(), *translations.clashes()]
        for line in others:
            self.stdout.write(line)
        if gaps or others:
            self.stderr.write(f"{len(gaps)} texts without Chinese, {len(others)} guessed or told in two ways")
            sys.exit(1)


def _as_po(place: translations.Place) -> str:
    quoted = place.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    context = f'msgctxt "{place.context}"\n' if place.context else ""
    return f'{context}msgid "{quoted}"\nmsgstr ""\n'
