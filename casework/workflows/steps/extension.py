"""A longer limit, once, granted by the approver, with a reason that the person is told (domain §4.2)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, flow
from casework.workflows.choices import Choice, phase
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

WHY = asking.opinion(required=True, zh="理由（申请人可见）", en="Reason, which the applicant reads")


def grant(turn: Turn, days: int) -> None:
    """The step and the whole case end later by working days, and the person is told why."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "extend")
    before = turn.case.facts
    extended = {"extended": [*before.get("extended", []), step.key]}
    turn.facts["extended_wd"] = days
    turn.case.facts = {**before, **extended, "extended_wd": int(before.get("extended_wd", 0)) + days}
    flow.set_due(turn)
    turn.then(effects.lengthen, days=days)
    turn.then(effects.tell, template="extended")


def may_extend(turn: Turn) -> list[Problem]:
    """Once in a case, and not after the limit has passed."""
    task, _step = flow.task_and_step(turn)
    if turn.case.facts.get("extended"):
        return [Problem("EXTENDED_ONCE", _("The limit was extended already; it is extended once."))]
    if task.due_at is not None and task.due_at <= turn.now:
        return [Problem("LIMIT_PASSED", _("The limit has passed and cannot be extended any more."))]
    return []


def form(turn: Turn) -> FormSpec | None:
    """By how much, at most as long again as the step had, and why."""
    task, _step = flow.task_and_step(turn)
    days = {
        "key": "days", "kind": "int", "min": 1, "max": task.limit_wd, "required": True,
        "title": asking.words("延长的工作日", "Working days more"),
        "help": asking.words(f"最多 {task.limit_wd} 个工作日。", f"At most {task.limit_wd} working days."),
    }
    return asking.decision_form("extend", days, WHY)


def extend(turn: Turn) -> None:
    """The approver's own step, and with it the promised date."""
    grant(turn, int(turn.answers["days"]))


EXTEND = Choice(
    "extend", _("Extend the limit once"), extend, form, ready=may_extend, when=phase(""), life="application"
)
