"""A nomination waits for its committee: the vote gives it a place, or none (domain §5.6)."""

from django.utils.translation import gettext_lazy as _

from casework.workflows import flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def selected(turn: Turn) -> None:
    """The committee gave it a place, or one was freed for it."""
    common.note_opinion(turn, "pass")
    flow.pass_step(turn)


def dropped(turn: Turn) -> None:
    """No majority, or every place is taken and the round is over."""
    common.note_opinion(turn, "deny")
    flow.deny(turn, str(turn.answers.get("code") or "QUOTA_FULL"))


KIND = StepKind(
    "placing",
    _("Waits for the committee"),
    (
        Choice("selected", _("Selected by the committee"), selected, side="system", decides=False, leads="on"),
        Choice("dropped", _("Not selected"), dropped, side="system", decides=False, leads="deny"),
        common.DENY,
        common.OVERDUE,
    ),
)
