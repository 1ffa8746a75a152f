"""Runs the whole suite on everything found here: `make test`.

    1  everything but the browser walks on PostgreSQL
    2  the same, and the gates, on SQLite
    3  beside them the browser walks, one at a time, on SQLite: a page and its server take turns and leave room
What this machine lacks is left out with the reason; with CASEWORK_DEMAND_ALL=1 that counts as a failure. Words after
the options go to pytest as they are: python -m tools.check -k ledger
"""
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from tools import engines
from tools.machine import PYTHON, ROOT, Trouble, say, tell_trouble, var_dir
from tools.setup import setup

NO_TESTS = 5  # pytest's exit code when the selection is empty
COUNTS = ("tests", "failures", "errors", "skipped")
Outcome = tuple[bool, Counter[str]]


class Run:
    """One call of pytest: its title, its selection, how many processes share it, and its environment."""

    def __init__(self, title: str, selection: str, processes: int, **environment: str) -> None:
        self.title, self.selection, self.processes, self.environment = title, selection, processes, environment

    def carry_out(self, words: list[str], report: Path, told: IO[str] | None = None) -> Outcome:
        """Run pytest; return whether it passed, and how many tests did what. told: where it writes, if not here."""
        selection, words = _joined(self.selection, words)
        report.unlink(missing_ok=True)
        command = [str(PYTHON), "-m", "pytest", "-m", selection, f"--junitxml={report}", "-q"]
        if self.processes > 1:
            command += ["-n", str(self.processes), "--dist", "worksteal"]
        print(f"\n━━ {self.title} ━━", flush=True, file=told)
        environment = {**os.environ, **kept_bytecode(), **self.environment}
        code = subprocess.run([*command, *words], cwd=ROOT, env=environment, stdout=told, stderr=told).returncode
        return code in (0, NO_TESTS), _counts(report)


def kept_bytecode() -> dict[str, str]:
    """Return the settings that keep compiled modules in var/ where the machine keeps none: without them each process of
    the tests compiles everything anew, and rewrites every assert."""
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(var_dir() / "bytecode")}


def _joined(selection: str, words: list[str]) -> tuple[str, list[str]]:
    """Join our selection with a `-m` among the words, which pytest would otherwise let replace ours."""
    if "-m" not in words[:-1]:
        return selection, words
    at = words.index("-m")
    return f"({words[at + 1]}) and {selection}", [*words[:at], *words[at + 2 :]]


def _counts(report: Path) -> Counter[str]:
    """Return the counts of a report of pytest; nothing when it wrote none."""
    total: Counter[str] = Counter()
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - written by our own run
            total.update({name: int(suite.get(name, "0")) for name in COUNTS})
    return total


def runs(postgres: str | None, redis: str | None, browser: str | None, lacking: list[str]) -> list[Run]:
    """Return the runs this machine can do, and note in `lacking` what it cannot."""
    found = {"REDIS_URL": redis} if redis else {}
    todo = [Run("everything on SQLite", "not browser", 2, DATABASE_URL="", **found)]
    if postgres:
        title = "the same on PostgreSQL"
        todo.insert(0, Run(title, "not browser and not gate and not sqlite", 2, DATABASE_URL=postgres, **found))
    else:
        lacking.append("PostgreSQL: none answers at 127.0.0.1:5432, none is installed (or name one in DATABASE_URL_PG)")
    if browser:
        todo.append(Run("in a browser", "browser", 1, DATABASE_URL="", CHROMIUM=browser, **found))
    else:
        lacking.append("browser walks: no Chromium or Chrome found (or name one in CHROMIUM)")
    if not redis:
        lacking.append("Redis: no redis-server is installed (or name one in REDIS_URL)")
    return todo


def carry_out_all(todo: list[Run], words: list[str], folder: Path) -> list[Outcome]:
    """Carry out one run after another, and beside them, told at the end, those that want a single process."""
    reports = {run: folder / f"run-{number}.xml" for number, run in enumerate(todo, start=1)}
    with ThreadPoolExecutor() as threads, tempfile.TemporaryFile("w+") as told:
        beside = [threads.submit(run.carry_out, words, reports[run], told) for run in todo if run.processes == 1]
        outcomes = [run.carry_out(words, reports[run]) for run in todo if run.processes > 1]
        outcomes += [one.result() for one in beside]
        told.seek(0)
        print(told.read(), flush=True)
    return outcomes


def _end(passed: bool, total: Counter[str], lacking: list[str], seconds: float) -> int:
    """Print what was left out and the sum over all runs; return the exit code."""
    demand_all = os.environ.get("CASEWORK_DEMAND_ALL") == "1"
    if lacking:
        print("\nNot run on this machine:")
        for reason in lacking:
            print(f"  {'FAILED' if demand_all else 'SKIPPED'} {reason}")
    bad = total["failures"] + total["errors"] + (len(lacking) if demand_all else 0)
    good = total["tests"] - total["failures"] - total["errors"] - total["skipped"]
    skipped = total["skipped"] + (0 if demand_all else len(lacking))
    print(f"\nAll runs together, in {seconds:.0f} s:\n{good} passed, {bad} failed, {skipped} skipped", flush=True)
    return 0 if passed and not bad and good else 1


def main() -> int:
    """Set up and run everything; the words of the command line go to pytest."""
    started, lacking, total, passed = time.monotonic(), list[str](), Counter[str](), True
    words = sys.argv[1:]
    try:
        setup(dev=True)
        reports = var_dir() / "reports"
        reports.mkdir(exist_ok=True)
        with engines.postgres() as postgres, engines.redis() as redis:
            todo = runs(postgres, redis, engines.browser(), lacking)
            for fine, counts in carry_out_all(todo, words, reports):
                passed, total = passed and fine, total + counts
    except Trouble as trouble:
        return tell_trouble(trouble)
    except KeyboardInterrupt:
        say("Stopped")
        return 130
    return _end(passed, total, lacking, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
