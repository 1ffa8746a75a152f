"""The one place that reads the clock. Rules take `now` as an argument; only views, commands and tasks call now()."""

from datetime import UTC, datetime, timedelta

from django.conf import settings


def now() -> datetime:
    """Return the current moment, aware, in UTC. A demonstration may run ahead of the world's clock."""
    return world() + ahead()


def world() -> datetime:
    """The world's moment, whatever the demonstration's clock says: how long a login lasts is counted by it."""
    return datetime.now(UTC)


def ahead() -> timedelta:
    """How far this installation runs ahead: zero, except in a demonstration whose visitors pass the days of a public
    notice. Read from the file CLOCK_AHEAD_FILE, which exists in the embedded setting only, so that the web process,
    the worker and the beat agree."""
    path = settings.CLOCK_AHEAD_FILE
    if path is None:
        return timedelta(0)
    try:
        return timedelta(seconds=int(path.read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError):
        return timedelta(0)
