"""Dates that were counted before the holiday list of their year was out: counted again when it is (domain §4.2).

The list of a year comes with a release: a file in core/calendar_data, or a newer package. The beat looks which years
are out, and counts each case whose dates fall into one of them once more, through the door."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.cases.models import ENDED, Case, State
from casework.core.calendar import CALENDAR_VERSION, is_published, local_date, start_of
from casework.workflows import clocks, effects, flow, worklist
from casework.workflows.choices import Choice
from casework.workflows.models import Task
from casework.workflows.turn import Turn


def horizon(now: datetime) -> date:
    """The first day of the first year, from this one on, whose list is not out."""
    year = local_date(now).year
    while is_published(year):
        year += 1
    return date(year, 1, 1)


def to_recount(now: datetime, limit: int) -> list[int]:
    """Running cases with provisional dates that fall into published years by now."""
    end = horizon(now)
    cases = Case.objects.filter(provisional=True, due_on__lt=end).exclude(state__in=(State.DRAFT, *ENDED))
    found = list(cases.order_by("pk").values_list("pk", flat=True)[:limit])
    tasks = _provisional(end).order_by("case_id").values_list("case_id", flat=True).distinct()[:limit]
    return list(dict.fromkeys([*found, *tasks]))[:limit]


def _provisional(end: date) -> Any:
    rows = Task.objects.filter(state="open", provisional=True, due_at__lte=start_of(end))
    return rows.exclude(kind__in=worklist.OWN_CLOCKS).exclude(Q(case__state=State.DRAFT))


def recount(turn: Turn) -> None:
    """The dates of the case and of its open tasks, by the lists that are out now."""
    case, promised = turn.case, turn.case.promised_on
    if case.provisional:
        flow.set_due(turn)
    tasks = list(_provisional(horizon(turn.now)).filter(case=case).order_by("pk"))
    turn.facts |= {"calendar": CALENDAR_VERSION, "limits": [_counted(turn, task) for task in tasks]}
    turn.then(keep_limits, tasks=tasks)
    if promised is not None and case.promised_on != promised:
        turn.then(effects.tell, template="promise_moved", params={"before_on": promised.isoformat()})


def _counted(turn: Turn, task: Task) -> dict[str, Any]:
    """Count one limit again; what it was and what it is."""
    before, step = task.due_at, turn.programme.step(task.step)
    if step.limit_days and "extended_wd" not in turn.case.facts:
        task.limit_wd = clocks.limit_of(turn.case, step, local_date(task.opened_at))
    clocks.set_task_due(task)
    return {"step": task.step, "before": before, "after": task.due_at}


def keep_limits(turn: Turn, tasks: list[Task]) -> None:
    """Write the limits; the timers of a case that is not paused ring at the new moments."""
    running = not turn.case.holds.filter(ended_at__isnull=True).exists()
    for task in tasks:
        task.save(update_fields=["limit_wd", "due_at", "amber_at", "provisional"])
        if running:
            worklist.renew_timers(task, turn.programme.step(task.step))


RECOUNT = Choice(
    "recount", _("Dates counted again: the holiday list is out"), recount, side="system", decides=False, raw=True
)


def choice(key: str, case: Case) -> Choice | None:
    """The action of this key, for a case that is running."""
    return RECOUNT if key == RECOUNT.key and case.state not in (State.DRAFT, *ENDED) else None
