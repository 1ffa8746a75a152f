"""An enrolment gets a seat of its class, or waits for one (domain §5.3). A class is never over-booked."""

from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case
from casework.core.problems import Problem
from casework.workflows import effects, flow
from casework.workflows.campaigns import classes
from casework.workflows.choices import Choice, StepKind, phase
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def seat_free(turn: Turn) -> list[Problem]:
    """A seat is left, and nobody waits longer."""
    return _no_seat(Case.objects.get(lines__case=turn.case), queue=turn.task is not None and turn.task.phase == "")


def seat_locked(turn: Turn) -> list[Problem]:
    """The same under the lock of the class, so that of two enrolments at once the second sees the first."""
    return _no_seat(classes.locked(turn.case), queue=turn.task is not None and turn.task.phase == "")


def _no_seat(campaign: Case, *, queue: bool) -> list[Problem]:
    if campaign.state != "open":
        return [Problem("CLASS_CLOSED", _("The list of this class is closed."))]
    if not classes.seats_left(campaign):
        mend = _("Put the person on the waiting list, or refuse.")
        return [Problem("CLASS_FULL", _("Every seat of this class is taken."), mend=mend)]
    if queue and classes.waiting(campaign):
        return [Problem("OTHERS_WAIT", _("Others wait for a seat."), mend=_("Put the person on the waiting list."))]
    return []


def seats_gone(turn: Turn) -> list[Problem]:
    """The waiting list is for a class that is full."""
    campaign = Case.objects.get(lines__case=turn.case)
    if campaign.state != "open" or not _no_seat(campaign, queue=True):
        return [Problem("SEAT_LEFT", _("The waiting list is for an open class that is full."))]
    return []


def admit(turn: Turn) -> None:
    """The seat is taken."""
    common.note_opinion(turn, "pass")
    turn.then(classes.set_place, place=classes.SEAT)
    flow.pass_step(turn)
    turn.then(effects.tell, template="seat_given")


def to_list(turn: Turn) -> None:
    """No seat is left: the person is told when one is freed."""
    common.note_opinion(turn, "wait")
    turn.then(classes.set_place, place=classes.STANDBY)
    turn.then(effects.set_phase, phase="standby")
    turn.then(effects.tell, template="seat_waiting")


def dropped(turn: Turn) -> None:
    """The list was closed before a seat was freed."""
    common.note_opinion(turn, "deny")
    flow.deny(turn, "QUOTA_FULL")


KIND = StepKind(
    "enrol",
    _("Seat in the class"),
    (
        Choice("pass", _("Give a seat"), admit, common.pass_form, seat_locked, seat_free, phase(""), "primary",
               leads="on"),
        Choice("wait", _("Put on the waiting list"), to_list, common.pass_form, ready=seats_gone, when=phase("")),
        Choice("moved_up", _("Moved up to a seat"), admit, ready=seat_locked, when=phase("standby"), side="system",
               decides=False, leads="on"),
        Choice("dropped", _("No seat was freed"), dropped, when=phase("standby"), side="system", decides=False,
               leads="deny"),
        common.DENY,
        common.OVERDUE,
    ),
)
