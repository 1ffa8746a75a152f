"""manage.py audit_verify: is everything as it was written?"""
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from casework.audit.copies import Copies
from casework.audit.models import Checkpoint, Event
from casework.audit.skew import steps_back
from casework.audit.verify import verify_log
from casework.core import clock
from casework.oversight.verify import verify


class Command(BaseCommand):
    """Compare the database, the files and the outside checkpoints. Exit code 1 and one line a wrong row."""

    help = "Verify event chains, checkpoints, cases, ledger and files against each other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument("--log-only", action="store_true", help="only the event log and its checkpoints")
        parser.add_argument(
            "--copies", action="append", default=[], type=Path, metavar="FOLDER",
            help="a folder with checkpoints that somebody else kept; may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, tell, and leave with 0 or 1."""
        now = clock.now()
        folders: list[Path] = options["copies"]
        findings = verify_log(Copies.listed(folders), now) if options["log_only"] else verify(now, folders)
        count = 0
        kept = []
        for finding in findings:
            count += 1
            if options["json"]:
                kept.append(finding.as_json())
            else:
                self.stdout.write(self.style.ERROR(str(finding)))
        notes = [str(step) for step in steps_back()]
        counts = {"events": Event.objects.count(), "checkpoints": Checkpoint.objects.count()}
        if options["json"]:
            report = {"at": now.isoformat(), "ok": not count, **counts, "findings": kept, "notes": notes}
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))
            if count:
                raise SystemExit(1)
            return
        for note in notes:
            self.stdout.write(self.style.WARNING(f"note: {note}"))
        if count:
            self.stdout.write(self.style.ERROR(f"{count} places are not as they were written."))
        else:
            words = f"All is as it was written: {counts['events']} events, {counts['checkpoints']} checkpoints."
            self.stdout.write(self.style.SUCCESS(words))
        if count:
            raise SystemExit(1)
