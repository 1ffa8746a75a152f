"""Task rows: opening, closing, and the timers that hang on them. Where a pile is given, the rows go on it; without one
they are written at once."""
from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework.access.models import Role
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.pile import NextRound, Pile
from casework.organisations.models import Level, Organisation
from casework.organisations.tree import ancestor_at, ancestors
from casework.programmes import parameters
from casework.programmes.spec import Step
from casework.workflows import clocks, seats
from casework.workflows.models import Hold, PublicNotice, Task, Timer

LINE = {Level.GRASSROOTS: "unit", Level.TOWN: "town", Level.COUNTY: "county", Level.CITY: "city"}
UPWARD = [Level.GRASSROOTS, Level.TOWN, Level.COUNTY, Level.CITY, Level.PROVINCE, Level.NATIONAL]


def desk_of(case: Case, level: str) -> tuple[Organisation, str]:
    """The organisation that does a step of this level for the case, and the level it really has: a union that
    stands directly under the county has no town, so the county does the town's step. Above the city the tree is
    asked; where it ends lower, its top does the step."""
    if not level:
        return case.organisation, ""
    for candidate in UPWARD[UPWARD.index(Level(level)):]:
        column = LINE.get(candidate)
        organisation = getattr(case, column) if column else ancestor_at(case.organisation, candidate)
        if organisation is not None:
            return organisation, candidate.value
    top = ancestors(case.organisation)[0]
    return top, top.level


def who_does(case: Case, step: Step, seat: int = 0) -> tuple[str, str]:
    """(role, level) of a step for this case, or of one of the desks that sign it. Where the amount decides, it is the
    lowest level whose ceiling the award does not pass; above the city the provincial approver signs (domain §4.5).

    Raises MissingParameter when the ceilings were not frozen into the case."""
    if seat:
        return seats.desks(step)[seat]
    if not step.ceilings:
        return step.role, _raised(case, step)
    ceilings = case.parameters.get(step.ceilings)
    if ceilings is None:
        raise parameters.MissingParameter(step.ceilings, case.organisation.region, case.created_at.date())
    amount = case.amount_fen or case.facts.get("award_fen") or case.requested_fen or 0
    for level in UPWARD:
        if level in ceilings and (ceilings[level] is None or amount <= ceilings[level]):
            break
    else:
        level = max((Level(name) for name in ceilings), key=UPWARD.index)
    above = UPWARD.index(level) > UPWARD.index(Level.CITY)
    return (Role.PROVINCE_APPROVER.value if above and step.role == Role.APPROVER else step.role), level.value


def _raised(case: Case, step: Step) -> str:
    """The level of a step; where it looks at what another did, as many levels above that office as the step says."""
    above = int(step.options.get("above") or 0)
    if not above:
        return step.level
    _place, level = desk_of(case, step.level)
    return UPWARD[min(UPWARD.index(Level(level)) + above, len(UPWARD) - 1)].value


# Kinds of step that set due date and timers of their tasks by themselves; each file of a kind enters its own.
OWN_CLOCKS: dict[str, Callable[[Task, Step], None]] = {}


def open_task(case: Case, step: Step, now: datetime, return_to: str = "", pile: Pile | None = None) -> Task:
    """Put one step on a desk, or on each desk that may sign it now, with its clock and timers. What is done again
    belongs to the standing that asks for it: a case that was accepted stays so. Returns the first desk's task."""
    first, *others = [_seated(case, step, seat, now, return_to) for seat in seats.first_seats(step)]
    own = Pile() if pile is None else pile
    own.insert(first, round=NextRound(Task, {"case": case, "step": step.key, "seat": 0}))
    set_timers(first, step, own)
    for task in others:
        own.flush()  # tells the round, and the next timer of the same action counts the one before
        task.round = first.round
        own.insert(task)
        set_timers(task, step, own)
    if pile is None:
        own.flush()
    return first


def open_next(task: Task, step: Step, seat: int, now: datetime, pile: Pile | None = None) -> Task:
    """The next desk in turn has the step, in the same round."""
    following = _seated(task.case, step, seat, now, task.return_to)
    following.group, following.round = task.group, task.round
    own = Pile() if pile is None else pile
    own.insert(following)
    set_timers(following, step, own)
    if pile is None:
        own.flush()
    return following


def close_seats(task: Task, outcome: str, now: datetime, pile: Pile | None = None) -> None:
    """The other desks that could still sign the step are not asked any more. task: the one that settled it."""
    for other in Task.objects.filter(case=task.case_id, step=task.step, state="open").exclude(pk=task.pk):
        close_task(other, outcome, now, "cancelled", pile)


def _seated(case: Case, step: Step, seat: int, now: datetime, return_to: str) -> Task:
    """A new task for one of the desks of a step, not written yet."""
    role, wanted = who_does(case, step, seat)
    organisation, level = desk_of(case, wanted)
    task = Task(
        case=case, step=step.key, seat=seat, kind=step.kind, group=str(case.state) if return_to else step.group,
        role=role, level=level,
        organisation=organisation, unit=case.unit, town=case.town, county=case.county, city=case.city,
        return_to=return_to, limit_wd=clocks.limit_of(case, step, local_date(now)), opened_at=now,
    )
    clocks.set_task_due(task)
    return task


def set_timers(task: Task, step: Step, pile: Pile | None = None) -> None:
    """Silence has a legal effect where the step says so, the first time; some kinds have clocks of their own; every
    other step grows overdue."""
    own = OWN_CLOCKS.get(task.kind)
    if own is not None:
        if pile is not None:
            pile.flush()  # they work with the task as it stands in the database
        own(task, step)
        return
    if task.due_at is None:
        return
    kind = "silence" if step.options.get("silence") and not task.return_to else "overdue"
    set_timer(task, f"{step.key}.{kind}", task.due_at, pile)


def set_timer(task: Task, action: str, due_at: datetime, pile: Pile | None = None) -> Timer:
    """Set a timer of a task; each setting of the same action has its own round."""
    own = Pile() if pile is None else pile
    timer = Timer(case_id=task.case_id, task=task, action=action, due_at=due_at)
    own.insert(timer, round=NextRound(Timer, {"case": task.case_id, "action": action}))
    if pile is None:
        own.flush()
    return timer


def close_task(task: Task, outcome: str, now: datetime, state: str = "done", pile: Pile | None = None) -> None:
    """Take a task off its desk and stop its timers."""
    own = Pile() if pile is None else pile
    task.state, task.outcome, task.done_at = state, outcome, now
    own.update(task, "state", "outcome", "done_at")
    own.change(Timer, {"task": task, "state": "set"}, state="cancelled")
    if pile is None:
        own.flush()


def close_all(case: Case, outcome: str, now: datetime, pile: Pile | None = None, current: Task | None = None) -> None:
    """The case ended: nothing is left on any desk, no timer set, no notice hanging. current: the task the case ends
    with, which the same pile may take off its desk already."""
    own = Pile() if pile is None else pile
    still_open: dict[str, Any] = {"case": case, "state": "open"}
    if current is not None and own.writes_to(current, "state"):
        still_open["pk__not"] = current.pk
    own.change(Task, still_open, state="cancelled", outcome=outcome, done_at=now)
    own.change(Timer, {"case": case, "state": "set"}, state="cancelled")
    own.change(Hold, {"case": case, "ended_at": None}, ended_at=now)
    own.change(PublicNotice, {"case": case, "state": ("running", "stopped")}, state="cancelled")
    if pile is None:
        own.flush()


def resume(case: Case, reason: str, now: datetime, steps: dict[str, Step]) -> None:
    """End a hold: every open task moves by exactly the pause."""
    hold = case.holds.filter(reason=reason, ended_at__isnull=True).first()
    if hold is None:
        return
    days = clocks.paused_days(hold, now)
    hold.ended_at = now
    hold.save(update_fields=["ended_at"])
    for task in Task.objects.filter(case=case, state="open"):
        move_limits(task, days, steps[task.step])


def lengthen(task: Task, days: int, step: Step) -> None:
    """A task's limit ends later by working days; its timers are set anew."""
    task.limit_wd += days
    clocks.set_task_due(task)
    task.save(update_fields=["limit_wd", "due_at", "amber_at", "provisional"])
    renew_timers(task, step)


def renew_timers(task: Task, step: Step) -> None:
    """The timers of a task ring at its new moments, and no more at the old ones."""
    Timer.objects.filter(task=task, state="set").update(state="cancelled")
    set_timers(task, step)


def move_limits(task: Task, days: int, step: Step) -> None:
    """A task's limit moves by the working days it was paused, and its timers are set anew."""
    task.paused_wd += days
    clocks.set_task_due(task)
    task.save(update_fields=["paused_wd", "due_at", "amber_at", "provisional"])
    set_timers(task, step)
