"""Timers and queued commands: claimed under a lock, fired once, in order of due time, through the door."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from casework.access.actor import SYSTEM
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.workflows import recounting
from casework.workflows.commands import Command, Via
from casework.workflows.door import perform
from casework.workflows.models import QueuedCommand, Timer

CHUNK = 200
# A timer that the door refuses, say for want of a regional number, is tried again after this time.
LATER = timedelta(hours=1)
logger = logging.getLogger(__name__)
Row = TypeVar("Row", Timer, QueuedCommand)


def fire_due(now: datetime, limit: int = CHUNK) -> int:
    """Fire the timers that are due, oldest first. A timer whose action no longer fits the case is cancelled; one that
    was refused for another reason is tried again, and one broken case stops no other. Returns how many were handled."""
    due = list(
        Timer.objects.filter(state="set", due_at__lte=now).order_by("due_at", "id").values_list("pk", flat=True)[:limit]
    )
    for timer_id in due:
        _alone(_fire, timer_id, now)
    return len(due)


def _fire(timer_id: int, now: datetime) -> None:
    timer = _locked(Timer.objects.filter(pk=timer_id, state="set", due_at__lte=now))
    if timer is None:
        return
    refusal = _run(timer.case_id, timer.action, {}, f"timer:{timer.pk}", Via.TIMER, now, timer.task_id or 0)
    if refusal is None or "MOVED_ON" in refusal.codes:
        timer.state = "fired" if refusal is None else "cancelled"
    elif "BUSY" not in refusal.codes:
        timer.due_at = now + LATER
    timer.save(update_fields=["state", "due_at"])


def run_queued(now: datetime, limit: int = CHUNK) -> int:
    """Carry out queued commands that are due. A refusal is kept with its reason for a person to see."""
    due = list(
        QueuedCommand.objects.filter(state="due", due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("pk", flat=True)[:limit]
    )
    for row_id in due:
        _alone(_carry_out, row_id, now)
    return len(due)


def _carry_out(row_id: int, now: datetime) -> None:
    row = _locked(QueuedCommand.objects.filter(pk=row_id, state="due"))
    if row is None:
        return
    refusal = _run(row.case_id, row.action, dict(row.answers), row.key, Via.BATCH, now)
    if refusal is None or "BUSY" not in refusal.codes:
        row.state, row.trouble = ("refused", str(refusal)) if refusal else ("done", "")
        row.save(update_fields=["state", "trouble"])


def _alone(work: Callable[[int, datetime], None], row_id: int, now: datetime) -> None:
    """One row in one transaction; a fault is logged, and the row is tried again with the next round."""
    try:
        with transaction.atomic():
            work(row_id, now)
    except Exception:
        logger.exception("%s failed for row %s; it is tried again", work.__name__, row_id)


def recount(now: datetime, limit: int = CHUNK) -> int:
    """Count the dates again that were provisional until the holiday list of their year came. Returns how many cases."""
    due = recounting.to_recount(now, limit)
    for case_id in due:
        _alone(_recount, case_id, now)
    return len(due)


def _recount(case_id: int, now: datetime) -> None:
    Case.objects.select_for_update().filter(pk=case_id).first()
    key = f"recount:{case_id}:{recounting.horizon(now)}"
    refusal = _run(case_id, recounting.RECOUNT.key, {}, key, Via.TIMER, now)
    if refusal is not None and not refusal.codes & {"BUSY", "MOVED_ON"}:
        raise refusal


def refused(paths: Iterable[str]) -> QuerySet[QueuedCommand]:
    """Queued commands that were refused, newest first. paths: of the organisations one works for; their cases and all
    below."""
    places = Q(pk__in=())
    for path in paths:
        places |= Q(case__organisation__path__startswith=path)
    return QueuedCommand.objects.filter(places, state="refused").select_related("case__programme").order_by("-id")


def try_again(row: QueuedCommand, now: datetime) -> bool:
    """A person asks for another try of a refused command. False when it is refused no more."""
    again = QueuedCommand.objects.filter(pk=row.pk, state="refused")
    return again.update(state="due", due_at=now, trouble="") > 0


def _locked(rows: QuerySet[Row]) -> Row | None:
    """Case first, then the row: the lock order of the house."""
    first = rows.values_list("case_id", flat=True).first()
    if first is None:
        return None
    Case.objects.select_for_update().filter(pk=first).first()
    return rows.select_for_update().first()


def _run(
    case_id: int, action: str, answers: dict[str, object], key: str, via: Via, now: datetime, task: int = 0
) -> Refused | None:
    """Send one command; None or its refusal."""
    case = Case.objects.only("event_n").get(pk=case_id)
    try:
        perform(Command(case_id, action, SYSTEM, case.event_n, key, answers, via, task=task), now)
    except Refused as refusal:
        return refusal
    return None
