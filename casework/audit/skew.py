"""A clock that was wrong: events that tell an earlier moment than the one before them in their chain (promise T2).

Events stand in the order of their numbers, so a wrong clock harms nothing; but whoever reads the moments must know. It
is no sign of tampering, and verification stays clean."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Subquery

from casework.audit.findings import event_row
from casework.audit.models import Event

# Two processes of one installation are never quite of one mind about the time.
TOLERANCE = timedelta(seconds=60)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """row: the event that tells the earlier moment; at: its moment; before: that of the event before it."""

    row: str
    at: datetime
    before: datetime

    def __str__(self) -> str:
        """One line for the console."""
        seconds = int((self.before - self.at).total_seconds())
        return f"{self.row} tells a moment {seconds} s before the event it follows: a clock was set back, or was ahead"


def steps_back(kind: str = "", subject: str = "") -> Iterator[Step]:
    """Events more than a minute earlier than their predecessor, of one chain or of all; at most a thousand."""
    events = Event.objects.order_by("pk")
    if kind:
        events = events.filter(subject_kind=kind, subject_id=subject)
    predecessor = Event.objects.filter(
        subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id"), n=OuterRef("n") - 1
    )
    late = events.annotate(before=Subquery(predecessor.values("at")[:1])).filter(before__gt=F("at") + TOLERANCE)
    for event in late[:MOST]:
        yield Step(event_row(event.subject_kind, event.subject_id, event.n), event.at, event.before)
