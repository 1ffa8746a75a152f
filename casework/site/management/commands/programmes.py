"""manage.py programmes: the services of the catalogue, as a table or JSON, and their faults."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from casework.organisations.models import Level
from casework.programmes.checking import findings_in
from casework.programmes.loader import CATALOGUE, load_catalogue
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.workflows.lint_money import PAY_KINDS

DECIDING = ("approve", "review", "check")
COLUMNS = ("key", "title_zh", "version", "life_cycle", "decides", "pays", "dossier", "steps", "figures")


class Command(BaseCommand):
    """Nothing is read from the database."""

    help = "List the services of the catalogue; --lint tells their faults with file, line and mend."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Options of the command."""
        parser.add_argument("--json", action="store_true", help="a JSON list")
        parser.add_argument("--lint", action="store_true", help="faults instead of the list; fails if there are errors")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was asked for."""
        if options["lint"]:
            self._lint()
            return
        known = load_catalogue()
        rows = [described(programme, known) for programme in known.values()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(table([COLUMNS, *([_cell(row[name]) for name in COLUMNS] for row in rows)]))

    def _lint(self) -> None:
        errors = 0
        for folder in folders():
            for finding in findings_in(folder):
                errors += finding.level == "error"
                self.stdout.write(f"{finding.level}: {finding.where}: {finding.code}")
                self.stdout.write(f"  {finding.message.zh}。{finding.mend.zh}")
                self.stdout.write(f"  {finding.message.en}. {finding.mend.en}")
        self.stdout.write(f"{len(folders())} programmes, {errors} errors")
        if errors:
            raise CommandError("The catalogue has faults.")


def folders() -> list[Path]:
    """The folders of the catalogue."""
    return sorted(path for path in CATALOGUE.iterdir() if (path / "programme.yaml").exists())


def described(programme: Programme, known: Mapping[str, Programme]) -> dict[str, Any]:
    """A service as data. known: all services by key. decides: the level that decides, the highest where the amount
    decides it. pays, dossier: of a campaign they tell what its lines do, each of which is a case of its own. limit_wd:
    working days, None where the limit is written in calendar days: limit_days."""
    steps = programme.steps()
    whole = [programme, *(known[key] for key in opened(programme) if key in known)]
    return {
        "key": programme.key,
        "title_zh": programme.title.zh,
        "title_en": programme.title.en,
        "version": programme.version,
        "life_cycle": programme.life,
        "decides": decides(programme),
        "pays": any(step.kind in PAY_KINDS for one in whole for step in one.steps()),
        "dossier": any(one.needs == dossiers.KIND for one in whole),
        "steps": [
            {
                "key": step.key,
                "kind": step.kind,
                "role": step.role,
                "level": step.level or ("by_amount" if step.ceilings else ""),
                "limit_wd": None if step.limit_days else step.limit_wd,
                "limit_days": step.limit_days or None,
            }
            for step in steps
        ],
        "papers": [paper.key for paper in programme.papers],
        "figures": list(programme.figures),
    }


def opened(programme: Programme) -> set[str]:
    """The services whose cases are the lines of this campaign."""
    return {str(step.options["opens"]) for step in programme.steps() if step.options.get("opens")}


def decides(programme: Programme) -> str:
    """The level of the last approval, each where a condition chooses one of several; without any, of the highest desk
    of the route."""
    approvals = [step for step in programme.steps() if step.kind.startswith("approve") or step.duty == "approve"]
    if len(approvals) > 1 and all(step.when for step in approvals):
        return "/".join(step.level for step in approvals)
    if approvals:
        return "by_amount" if approvals[-1].ceilings else approvals[-1].level
    order = [str(level) for level in (Level.GRASSROOTS, Level.TOWN, Level.COUNTY, Level.CITY, Level.PROVINCE)]
    levels = [step.level for step in programme.steps() if step.level in order]
    return max(levels, key=order.index, default="")


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "-"
    return str(len(value)) if isinstance(value, list) else str(value)


def table(rows: Iterable[Iterable[str]]) -> str:
    """Rows under each other, Chinese signs counted as two places wide."""
    lines = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (most - width(cell)) for cell, most in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def width(text: str) -> int:
    """Places a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
