"""An expert opinion: an assessor says whether the case meets the criteria, and why (domain §5.1).

The time of the expert does not count (domain §4.2): the clock rests from the moment the step opens, at most for `pause`
working days. The opinion decides nothing by itself; who reviews and approves has it before him, and a route may ask for
the fact `expert_supports`.
"""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.programmes.spec import Step
from casework.workflows import assess, clocks, flow, worklist
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

PAUSE_WD = 10
ANSWERS = {
    "supports": asking.words("符合条件", "Meets the criteria"),
    "objects": asking.words("不符合条件", "Does not meet the criteria"),
}


def own_clock(task: Task, step: Step) -> None:
    """Rest when the step opens; once the rest is over, the step grows overdue as any other. Of two experts side by side
    the second rests when the first is done."""
    if task.case.holds.filter(reason="expert", ended_at__isnull=True).exists():
        return
    if not task.holds.exists():
        hold = clocks.pause(task.case, task, "expert", int(step.options.get("pause", PAUSE_WD)), task.opened_at)
        if hold.max_until is not None:
            worklist.set_timer(task, f"{step.key}.late", hold.max_until)
    elif task.due_at is not None:
        worklist.set_timer(task, f"{step.key}.overdue", task.due_at)


worklist.OWN_CLOCKS["expert"] = own_clock


def opinion_form(turn: Turn) -> FormSpec | None:
    """The opinion, with its grounds: an objection names the criterion that is missing."""
    return asking.decision_form(
        "pass",
        asking.choice("answer", "评审意见", "Opinion", ANSWERS),
        asking.opinion(required=True, zh="理由（不符合的写明缺少哪项标准）", en="Grounds; the missing criterion"),
    )


def give(turn: Turn) -> None:
    """The opinion is given: the clock runs on."""
    common.note_opinion(turn, "pass")
    supports = turn.answers["answer"] == "supports"
    turn.facts["expert_supports"] = supports
    turn.case.facts = {**turn.case.facts, "expert_supports": supports}
    assess.resume(turn, "expert")
    flow.pass_step(turn)


def late(turn: Turn) -> None:
    """The longest rest has passed: the clock runs again, and the desk is told."""
    common.pause_over(turn, "expert")


KIND = StepKind(
    "expert",
    _("Expert opinion"),
    (
        Choice("pass", _("Give the opinion"), give, opinion_form, style="primary", leads="on"),
        Choice("late", _("Longest pause passed"), late, side="system", decides=False),
        common.OVERDUE,
    ),
    {"pause": Option("days")},
)
