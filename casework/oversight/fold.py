"""A case is what its events made of it: the overlay of all "after" maps must give the row (promises I5, A3 kind 18)."""
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.cases.models import Case
from casework.oversight.crooked import facts
from casework.workflows.turn import TRACKED

CASES = "cases_case"


def overlay(events: Iterable[Event]) -> dict[str, Any]:
    """Return the columns of a case as its events, in order, left them."""
    columns: dict[str, Any] = {}
    for event in events:
        columns.update(facts(facts(event.data).get("after")))
    return columns


def plain(value: Any) -> Any:
    """A column value or its JSON form, made comparable: moments in UTC, dates as ISO text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > 18 and value[10:11] == "T":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else value
    return value


def _default(name: str) -> Any:
    field = Case._meta.get_field(name)
    return field.get_default() if hasattr(field, "get_default") else None


def compare(case: Case, events: list[Event], account_digest: str) -> Iterator[Finding]:
    """Yield where the row of a case differs from the fold of its events.

    account_digest: SHA-256 of the payee account the row points to, "" if none; it must be the one last recorded.
    """
    row = f"case {case.public_id}"
    last = events[-1].n if events else 0
    if case.event_n != last:
        yield Finding("case_differs", CASES, row, f"event_n: row {case.event_n}, chain {last}")
    # No row may hold anything without an event, even if no event ever named the column.
    columns = {name: _default(name) for name in TRACKED} | overlay(events)
    for name, told in columns.items():
        if hasattr(case, name) and name != "account" and plain(getattr(case, name)) != plain(told):
            yield Finding("case_differs", CASES, row, f"{name}: differs from the fold of its events")
    versions = [facts(told).get("content_hash") for event in events if (told := facts(event.data).get("programme"))]
    if versions and versions[-1] != case.programme.content_hash:
        yield Finding("version_differs", CASES, row, "the version is not the one an event recorded")
    digests = [told for event in events if (told := facts(event.data).get("account"))]
    if digests and digests[-1] != account_digest:
        yield Finding("payee_differs", CASES, row, "the account is not the one an event recorded")
