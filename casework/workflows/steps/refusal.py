"""Something found on the way speaks against the applicant: the office refuses, or has it looked at again. The step
stands under `when` with the facts that were found."""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def again(turn: Turn) -> None:
    """What was found is not believed: it is taken away, and the earlier step is done anew as if for the first time."""
    common.note_opinion(turn, "return")
    _task, step = flow.task_and_step(turn)
    found = set(step.when or ())
    turn.case.facts = {key: fact for key, fact in turn.case.facts.items() if key not in found}
    flow.return_to(turn, str(turn.answers["to"]), straight_back=False)


def again_form(turn: Turn) -> FormSpec | None:
    """What is done anew, and why."""
    return asking.decision_form(
        "again",
        asking.earlier_step(common.earlier(turn)),
        asking.opinion(required=True, zh="退回原因", en="Why it goes back"),
    )


KIND = StepKind(
    "refusal",
    _("Decision on what was found"),
    (
        common.DENY,
        Choice("again", _("Look at it again"), again, again_form, ready=common.undoable, leads="back"),
        common.OVERDUE,
    ),
)
