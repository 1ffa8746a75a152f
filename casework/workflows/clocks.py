"""Clocks of tasks and cases: limits in working days from the day after, pauses added exactly (domain §4.2)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from casework.cases.models import Case
from casework.core.calendar import (
    add_calendar_days,
    add_working_days,
    due_moment,
    is_published,
    is_working,
    local_date,
    working_days_between,
)
from casework.programmes.spec import Clock, Step
from casework.workflows.models import Hold, PublicNotice, Task, Timer

AMBER_SHARE = 0.7


class Span(NamedTuple):
    """A pause in office days: the day it began, which does not count, to its last day, which does."""

    start: date
    end: date


def set_task_due(task: Task) -> None:
    """Work out amber_at and due_at of a task from its opening, its limit and the days it was paused."""
    due = due_moment(task.opened_at, task.limit_wd + task.paused_wd)
    amber = due_moment(task.opened_at, max(1, int(task.limit_wd * AMBER_SHARE)) + task.paused_wd)
    task.due_at, task.provisional, task.amber_at = due.at, due.provisional, amber.at


def limit_of(case: Case, step: Step, start: date) -> int:
    """The limit of a step in working days from a day: its own, in calendar days too; or that of the class of matter
    given at acceptance, where the step says so (domain §5.4)."""
    if step.options.get("by_class") and "total_wd" in case.facts:
        return int(case.facts["total_wd"]["limit"])
    return _in_working_days(start, step.limit_days) or step.limit_wd


def extension_of(step: Step, task: Task) -> int:
    """The one extension of a step, in working days from its present end."""
    longer = step.options["extend"]
    start = local_date(task.opened_at)
    whole = _in_working_days(start, step.limit_days + longer["days"]) if longer["days"] and step.limit_days else 0
    return whole - task.limit_wd if whole else int(longer["wd"])


def _in_working_days(start: date, days: int) -> int:
    """Calendar days as the working days that end on the same day, 0 for none."""
    return working_days_between(start, add_calendar_days(start, days)) if days else 0


def set_case_due(case: Case, clock: Clock) -> None:
    """Work out the limit and the promised date of an accepted case: those of its class of matter, else those of the
    programme."""
    if case.accepted_at is None:
        return
    reopened = case.facts.get("counts_from")
    start = date.fromisoformat(reopened) if reopened else local_date(case.accepted_at)
    own, more = case.facts.get("total_wd") or {}, case.paused_wd + int(case.facts.get("extended_wd") or 0)
    limit_wd = int(own.get("limit") or _in_working_days(start, clock.limit_days) or clock.limit_wd)
    promise_wd = int(own.get("promise") or _in_working_days(start, clock.promise_days) or clock.promise_wd)
    case.due_on = add_working_days(start, limit_wd + more)
    case.promised_on = add_working_days(start, promise_wd + more)
    case.provisional = not is_published(case.due_on.year)


def pause(case: Case, task: Task, reason: str, max_wd: int, now: datetime) -> Hold:
    """Stop the clocks of a case. The timers of its open tasks wait with them."""
    hold = Hold.objects.create(
        case=case, task=task, reason=reason, started_at=now, max_until=due_moment(now, max_wd).at
    )
    Timer.objects.filter(case=case, state="set", action__endswith=".silence").update(state="cancelled")
    Timer.objects.filter(case=case, state="set", action__endswith=".overdue").update(state="cancelled")
    return hold


def longer(end: datetime, days: int) -> datetime:
    """The end of a time in working days that is made longer by some more, counted from its last day."""
    return due_moment(end - timedelta(microseconds=1), days).at


def last_day(end: datetime) -> date:
    """The office's date of the last moment before `end`: what ends with a day at 24:00 belongs to that day."""
    return local_date(end - timedelta(microseconds=1))


def hold_span(hold: Hold, end: datetime) -> Span:
    """The days of a hold that ended then, or with the last day of its longest time, whenever the timer ran."""
    longest = hold.max_until
    return Span(local_date(hold.started_at), local_date(end) if longest is None or end < longest else last_day(longest))


def paused_days(hold: Hold, now: datetime) -> int:
    """Working days a hold has lasted."""
    return working_days_between(*hold_span(hold, now))


def notice_span(notice: PublicNotice) -> Span:
    """The days a notice hung, from the first posting of its step to its last day: the stop for an objection and the
    lists it replaced are part of it (domain §4.4). They do not count in the clock of the case (domain §4.2)."""
    first = PublicNotice.objects.filter(task_id=notice.task_id).order_by("posted_at", "id")[0]
    return Span(local_date(first.posted_at), last_day(notice.ends_at))


def earlier_spans(case: Case) -> list[Span]:
    """The pauses of the case that have ended. Steps side by side may pause it at the same time, and no day may move it
    twice."""
    holds = case.holds.filter(ended_at__isnull=False)
    spans = [hold_span(hold, hold.ended_at) for hold in holds if hold.ended_at]
    return spans + [notice_span(notice) for notice in case.notices.filter(state="ended")]


def new_days(span: Span, others: Iterable[Span]) -> int:
    """Working days after span.start up to span.end that none of the others holds."""
    taken = list(others)
    days = (span.start + timedelta(days=n) for n in range(1, (span.end - span.start).days + 1))
    return sum(is_working(day) and not any(other.start < day <= other.end for other in taken) for day in days)
