"""Enrolments of a class are taken until the office closes its list (domain §5.3)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.workflows import flow
from casework.workflows.campaigns import classes
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def settled(turn: Turn) -> list[Problem]:
    """Somebody has a seat, and nobody is left in the middle of the check."""
    running = classes.unseated(turn.case)
    if running:
        message = _("%(count)s enrolments are still being checked.") % {"count": running}
        return [Problem("ENROLMENTS_RUNNING", message, mend=_("Give each a seat, the waiting list or a refusal."))]
    if not classes.pupils(turn.case):
        mend = _("Wait for enrolments; a class without any is called off by whoever planned it.")
        return [Problem("CLASS_EMPTY", _("Nobody has a seat yet."), mend=mend)]
    return []


def close(turn: Turn) -> None:
    """Lessons begin; whoever still waits is told that no seat was freed."""
    common.note_opinion(turn, "pass")
    turn.facts["pupils"] = len(classes.pupils(turn.case))
    flow.pass_step(turn)
    turn.then(classes.drop_waiting)


KIND = StepKind(
    "class_list",
    _("Enrolments"),
    (
        Choice("pass", _("Close the class list"), close, common.pass_form, ready=settled, style="primary", leads="on"),
        common.OVERDUE,
    ),
)
