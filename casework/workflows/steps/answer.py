"""First desk of a call: answered at once, handed over to the office in charge, or passed on as another service."""
from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import assess, effects, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.steps.onward import MERGE, NOT_OURS, TRANSFER
from casework.workflows.turn import Turn


def answer_form(turn: Turn) -> FormSpec | None:
    """The answer, as the person gets it."""
    return asking.decision_form("pass", asking.long("answer", "答复内容", "Answer to the person", most=1000))


def answer(turn: Turn) -> None:
    """Advice that is given on the spot closes the matter (domain §5.4)."""
    common.note_opinion(turn, "pass")
    turn.facts["reply_to_person"] = turn.answers["answer"]
    turn.case.facts = {**turn.case.facts, "answered": True}
    turn.case.accepted_at = turn.now
    assess.freeze(turn)
    flow.pass_step(turn)
    turn.then(effects.tell, template="answered")


def hand_over(turn: Turn) -> None:
    """To the office in charge; it counts only when that office accepts (domain §2)."""
    common.note_opinion(turn, "pass")
    turn.case.facts = {**turn.case.facts, "answered": False}
    flow.pass_step(turn)


KIND = StepKind(
    "answer",
    _("Answer or hand over"),
    (
        Choice("hand_over", _("Hand over to the office in charge"), hand_over, common.pass_form, style="primary",
               leads="on"),
        Choice("pass", _("Answer at once"), answer, answer_form, leads="on"),
        TRANSFER,
        MERGE,
        NOT_OURS,
        common.OVERDUE,
    ),
)
