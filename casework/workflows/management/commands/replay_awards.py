"""manage.py replay_awards: does every decision come out again as it was made?"""
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from casework.workflows.replay import Replay


class Command(BaseCommand):
    """Work every decided case out again under its own version, numbers and answers. Exit code 1 and a line for each
    difference."""

    help = "Work every decided case out again and report what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="DAY", help="only cases accepted from this day on"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work out, tell, and leave with 0 or 1."""
        replay = Replay()
        for difference in replay.run(options["since"]):
            self.stdout.write(self.style.ERROR(str(difference)))
        if replay.unreadable:
            self.stdout.write(f"{replay.unreadable} cases cannot be repeated: their answers were erased.")
        if replay.looked_up:
            self.stdout.write(f"{replay.looked_up} cases with facts looked up in registers: held against the log.")
        words = f"{replay.cases} cases, {replay.differences} differences"
        self.stdout.write((self.style.ERROR if replay.differences else self.style.SUCCESS)(words))
        if replay.differences:
            raise SystemExit(1)
