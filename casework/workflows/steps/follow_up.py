"""Follow-up after a placement, again and again by the clock: 1, 3, 6 months … until it is stable or over (domain §5.3).

Options: months: after how many months from the start of the contract; contract_months, insured_months: what counts as
stable. Each round waits (phase waits_N) until its day, is due (due_N) and has the limit of the step from then on.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.core.calendar import add_months, due_moment, start_of
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.spec import Step
from casework.workflows import effects, flow, reopening, worklist
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def number(task: Task) -> int:
    """Which round the task stands in, from 1."""
    return int(task.phase.rpartition("_")[2] or 1)


def own_clock(task: Task, step: Step) -> None:
    """Wait for the day of the round. Its limit runs from that day."""
    task.phase = task.phase or "waits_1"
    months = int(step.options["months"][number(task) - 1])
    day = add_months(date.fromisoformat(task.case.facts["contract"]["from"]), months)
    task.amber_at, task.due_at = start_of(day), due_moment(start_of(day), task.limit_wd).at
    task.save(update_fields=["phase", "amber_at", "due_at"])
    if waits(task):
        worklist.set_timer(task, f"{step.key}.due", task.amber_at)
    worklist.set_timer(task, f"{step.key}.overdue", task.due_at)


worklist.OWN_CLOCKS["follow_up"] = own_clock


def due(turn: Turn) -> None:
    """The day has come: whoever follows up is told."""
    task, step = flow.task_and_step(turn)
    turn.facts |= {"step": step.key, "round": number(task)}
    turn.then(effects.set_phase, phase=f"due_{number(task)}")
    turn.then(effects.tell_role, role=step.role, template="follow_up_due")


def talk(turn: Turn) -> FormSpec | None:
    """When and how he was reached, and what he said."""
    return asking.decision_form(
        "employed", asking.date_item("asked_on", "回访日期", "Asked on"),
        asking.yes_no("insured", "目前缴纳社会保险", "Socially insured now"),
        asking.opinion(required=True, zh="回访记录", en="What was said"),
    )


def employed(turn: Turn) -> None:
    """Still at work: the next round, or the end with the verdict whether it is stable."""
    task, step = flow.task_and_step(turn)
    rounds, now = [int(n) for n in step.options["months"]], number(task)
    told = [*turn.case.facts.get("followed", []), {"month": rounds[now - 1], "insured": bool(turn.answers["insured"])}]
    turn.facts["follow_up_month"] = rounds[now - 1]
    turn.case.facts = {**turn.case.facts, "followed": told}
    if now < len(rounds):
        common.note_opinion(turn, "employed")
        turn.then(next_round, number=now + 1)
        return
    common.note_opinion(turn, "pass")
    _end(turn, stable=is_stable(turn, step))


def next_round(turn: Turn, number: int) -> None:
    """The task waits for the day of the next round, with timers of its own."""
    task, step = flow.task_and_step(turn)
    task.timers.filter(state="set").update(state="cancelled")
    task.phase = f"waits_{number}"
    own_clock(task, step)


def is_stable(turn: Turn, step: Step) -> bool:
    """A contract of a year or without end, or half a year of insurance (domain §5.3)."""
    contract = turn.case.facts["contract"]
    if not contract["to"]:
        return True
    whole = add_months(date.fromisoformat(contract["from"]), int(step.options.get("contract_months", 12)))
    if (date.fromisoformat(contract["to"]) - whole).days >= -1:  # a year that ends the day before its anniversary
        return True
    least = int(step.options.get("insured_months", 6))
    told = turn.case.facts["followed"]
    return all(row["insured"] for row in told) and told[-1]["month"] >= least


def first_time(turn: Turn) -> list[Problem]:
    """He is matched anew once; after that he comes as a new matter."""
    if not turn.case.facts.get("reopened"):
        return []
    message = _("It was opened again once already.")
    return [Problem("REOPENED_ONCE", message, mend=_("End it; the seeker may apply anew."))]


def said(turn: Turn) -> FormSpec | None:
    """What happened to the job."""
    return asking.decision_form("said", asking.opinion(required=True, zh="离职情况", en="What happened"))


def search_again(turn: Turn) -> None:
    """The job is lost and he wants another: back to the matching."""
    common.note_opinion(turn, "search_again")
    turn.case.facts = {**turn.case.facts, "followed": []}
    reopening.reopen(turn)


def left(turn: Turn) -> None:
    """The job is lost, and he wants no other."""
    common.note_opinion(turn, "pass")
    _end(turn, stable=False)


def _end(turn: Turn, *, stable: bool) -> None:
    turn.facts["stable"] = stable
    turn.case.facts = {**turn.case.facts, "stable": stable}
    flow.pass_step(turn)


def waits(task: Task) -> bool:
    """The day of the round has not come."""
    return not is_due(task)


def is_due(task: Task) -> bool:
    """The day of the round has come."""
    return task.phase.startswith("due")


KIND = StepKind(
    "follow_up",
    _("Follow-up"),
    (
        Choice("employed", _("Still at work"), employed, talk, when=is_due, style="primary", leads="on"),
        Choice("search_again", _("Job lost: look for another"), search_again, said, ready=first_time, leads="reopen"),
        Choice("left", _("Job lost: end the help"), left, said, leads="on"),
        Choice("due", _("Follow-up due"), due, when=waits, side="system", decides=False),
        common.OVERDUE,
    ),
    {"months": Option("months", needed=True), "contract_months": Option("count"), "insured_months": Option("count")},
)
