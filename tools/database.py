"""Brings the database to the present tables and loads the demonstration once: part of `make run`.

Django is only started when something can have changed: a SQLite file is asked directly which migrations it has had.
"""
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tools.machine import has_command, manage, say
from tools.stamps import ROOT, Stamp, digest


def _migration_files() -> list[Path]:
    return [path for path in (ROOT / "casework").glob("*/migrations/*.py") if path.name[0].isdigit()]


def applied_migrations(database: Path) -> set[tuple[str, str]]:
    """Return (app, name) of what a SQLite file has had; empty when there is no such file, table or database."""
    if not database.exists():
        return set()
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=20)) as connection:
            return set(connection.execute("SELECT app, name FROM django_migrations"))
    except sqlite3.Error:
        return set()


def _up_to_date(database: Path, stamp: Stamp, made_from: str) -> bool:
    """Return whether the file has had every migration of ours, and nothing changed since the stamp."""
    ours = {(path.parent.parent.name, path.stem) for path in _migration_files()}
    return stamp.fresh(made_from) and ours <= applied_migrations(database)


def migrate(var: Path) -> None:
    """Make or change the tables where needed. A database that was deleted by hand is simply made again."""
    database = var / "casework.sqlite3"
    url = os.environ.get("DATABASE_URL", "")
    stamp = Stamp(var / "stamps", "migrations")
    made_from = digest([*_migration_files(), ROOT / "requirements.txt"], url)
    if not url and _up_to_date(database, stamp, made_from):
        return
    if not url and not applied_migrations(database):
        Stamp(var / "stamps", "demo").remove()
    say("Bringing the database up to date")
    manage("migrate", "--verbosity", "0")
    stamp.write(made_from)


def load_demo(var: Path) -> None:
    """Load the demonstration union with its cases once, unless CASEWORK_DEMO or CASEWORK_EMBEDDED is 0."""
    if "0" in (os.environ.get("CASEWORK_DEMO"), os.environ.get("CASEWORK_EMBEDDED")) or not has_command("load_demo"):
        return
    stamp, made_from = Stamp(var / "stamps", "demo"), digest([], os.environ.get("DATABASE_URL", ""))
    if stamp.fresh(made_from):
        return
    say("Loading the demonstration union")
    manage("load_demo", "--cases")
    stamp.write(made_from)
