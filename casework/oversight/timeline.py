"""The history of a case for reading: events, and what hangs on them. A fixed number of queries per page."""
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Manager

from casework.access.models import Role
from casework.audit.models import Event
from casework.audit.skew import TOLERANCE
from casework.cases.models import Case
from casework.funds.models import Transaction
from casework.organisations.models import Organisation
from casework.oversight import files, words
from casework.oversight.verify import sealed_marks
from casework.people.models import BankAccount
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.registers.models import Entry

PAGE = 50
MOST = 200
# Columns that point at a row, the rows, and what a row is called.
POINTED: dict[str, tuple[Manager[Any], Callable[[Any], str]]] = {
    "organisation_id": (Organisation.objects, lambda row: row.name),
    "account_id": (BankAccount.objects, lambda row: f"{row.holder} · {row.bank} · ****{row.last4}"),
    "entry_id": (Entry.objects, lambda row: row.number),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. checkpoint: number of the checkpoint that sealed it, None while it waits. set_back: its
    moment lies before that of the event before it, for a clock was wrong; the numbers tell the order (promise T2).
    overridden: a person put the rule aside (domain §5.7)."""

    n: int
    at: datetime
    title: str
    name: str
    role: str
    organisation: str
    via: str
    address: str
    changes: list[tuple[str, str, str]]
    facts: list[tuple[str, str]]
    files: int
    hash: str
    checkpoint: int | None
    set_back: bool = False
    overridden: bool = False

    @property
    def short_hash(self) -> str:
        """The first ten hex digits."""
        return self.hash[:10]


def lines(case: Case, kind: str = "case", after: int = 0, size: int = PAGE) -> list[Line]:
    """One page of the chain of a case, oldest first, from the event after `after`; one more than size if there is."""
    subject = str(case.public_id)
    events = list(
        Event.objects.filter(subject_kind=kind, subject_id=subject, n__gt=after).order_by("n")[: size + 1]
    )
    return to_lines(events, programme_of(case.programme), sealed_marks(kind, subject))


def latest(case: Case, kind: str, size: int) -> list[Line]:
    """The newest events of a chain of a case, oldest first."""
    subject = str(case.public_id)
    events = Event.objects.filter(subject_kind=kind, subject_id=subject).order_by("-n")[:size]
    return to_lines(list(events)[::-1], programme_of(case.programme), sealed_marks(kind, subject))


def to_lines(
    events: Iterable[Event], programme: Programme | None, marks: list[tuple[int, int]] | None = None
) -> list[Line]:
    """Put events into words. marks: (event number, checkpoint) ascending, for the chain the events are of."""
    events = list(events)
    places, rows = names_of(event.actor for event in events), rows_named(events)
    sealed = [n for n, _ in marks or []]
    made: list[Line] = []
    for event in events:
        place = bisect_left(sealed, event.n)
        checkpoint = marks[place][1] if marks and place < len(sealed) else None
        line = _line(event, programme, places, rows, checkpoint)
        made.append(replace(line, set_back=bool(made) and made[-1].at > line.at + TOLERANCE))
    return made


def _line(
    event: Event, programme: Programme | None, places: Mapping[str, str], rows: Mapping[tuple[str, Any], str],
    checkpoint: int | None,
) -> Line:
    actor, via = event.actor, str(event.actor.get("via") or "")
    return Line(
        n=event.n, at=event.at, title=words.action_words(event.action, programme), name=str(actor.get("name") or ""),
        role=role_words(actor), organisation=places.get(str(actor.get("organisation") or ""), ""),
        via=str(words.VIAS.get(via, via)), address=str(actor.get("address") or ""),
        changes=words.changes(event.data, rows), facts=words.facts(event.data, programme),
        files=len(files.named(event.data)), hash=event.hash, checkpoint=checkpoint,
        overridden=bool(event.data.get("override")),
    )


def role_words(actor: Mapping[str, Any]) -> str:
    """The role of a stamp in words."""
    role = str(actor.get("role") or "")
    return str(Role(role).label) if role in Role.values else role


def names_of(actors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names of the organisations that stamps name by id, in one query."""
    ids = {int(number) for actor in actors if (number := str(actor.get("organisation") or "")).isdigit()}
    return {str(pk): name for pk, name in Organisation.objects.filter(pk__in=ids).values_list("pk", "name")}


def rows_named(events: Iterable[Event]) -> dict[tuple[str, Any], str]:
    """What the changed columns of events point at, by (column, id): a union, an account, an entry; a query for each."""
    asked: dict[str, set[int]] = {column: set() for column in POINTED}
    for event in events:
        for side in (event.data.get("before") or {}, event.data.get("after") or {}):
            for column in POINTED.keys() & (side.keys() if isinstance(side, Mapping) else set()):
                asked[column].add(side[column])
    return {
        (column, row.pk): told(row)
        for column, (rows, told) in POINTED.items()
        for row in rows.filter(pk__in=asked[column] - {None})
    }


def beside(case: Case, most: int = MOST) -> dict[str, list[Any]]:
    """What hangs on the events of a case, oldest first: its files and letters, payments with their runs, postings,
    messages; of each so many at most."""
    payments = case.payments.select_related("fund", "batch__maker", "batch__checker")
    return {
        "documents": list(case.documents.order_by("pk")[:most]),
        "papers": list(case.papers.order_by("pk")[:most]),
        "payments": list(payments.order_by("pk")[:most]),
        "postings": money_of(case, most),
        "told": list(case.messages.select_related("recipient").order_by("pk")[:most]),
    }


def money_of(case: Case, most: int) -> list[Transaction]:
    """The postings of a case with their legs, oldest first."""
    return list(
        Transaction.objects.filter(case=case).select_related("fund").prefetch_related("entries").order_by("pk")[:most]
    )
