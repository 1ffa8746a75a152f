"""An enrolment waits for its class: passed, failed, or given up (domain §5.3)."""

from django.utils.translation import gettext_lazy as _

from casework.workflows import effects, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def _keep(turn: Turn) -> None:
    told = {"score": turn.answers.get("score"), "attendance_percent": turn.answers.get("percent")}
    turn.facts |= told
    turn.case.facts = {**turn.case.facts, **told, "entry_data": told}


def passed(turn: Turn) -> None:
    """Attendance and exam suffice: the certificate follows."""
    common.note_opinion(turn, "pass")
    _keep(turn)
    flow.pass_step(turn)


def failed(turn: Turn) -> None:
    """No certificate, with the reason."""
    common.note_opinion(turn, "deny")
    _keep(turn)
    flow.deny(turn, str(turn.answers.get("code") or "EXAM_FAILED"))


def left(turn: Turn) -> None:
    """The trainer wrote down that the person left the class."""
    common.note_opinion(turn, "left")
    flow.fire(turn, "withdraw")
    flow.end(turn, "DROPPED_OUT")
    turn.then(effects.tell, template="withdrawn")


KIND = StepKind(
    "lessons",
    _("In the class"),
    (
        Choice("passed", _("Class and exam passed"), passed, side="system", decides=False, leads="on"),
        Choice("failed", _("Class or exam failed"), failed, side="system", decides=False, leads="deny"),
        Choice("left", _("Left the class"), left, side="system", decides=False, leads="withdraw"),
        common.OVERDUE,
    ),
)
