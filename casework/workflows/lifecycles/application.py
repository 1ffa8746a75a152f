"""The life cycle of an application (design §3). One method a transition; its docstring is the rule."""
from django_fsm import transition

from casework.cases.models import Case, State

FORWARD = {
    State.SUBMITTED: "accept",
    State.ACCEPTED: "approve",
    State.APPROVED: "settle",
    State.SETTLED: "close",
}


class ApplicationCase(Case):
    """A case seen through the life cycle "application"."""

    class Meta:
        proxy = True

    @transition("state", source=State.DRAFT, target=State.SUBMITTED)
    def submit(self) -> None:
        """The applicant hands the application in."""

    @transition("state", source=State.SUBMITTED, target=State.SUPPLEMENT)
    def ask_supplement(self) -> None:
        """A one-time notice names everything that is missing (domain §2)."""

    @transition("state", source=State.SUPPLEMENT, target=State.SUBMITTED)
    def supplement(self) -> None:
        """The applicant hands in what was missing."""

    @transition("state", source=State.SUBMITTED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The application is complete, or the limit to say otherwise passed in silence."""

    @transition("state", source=State.SUBMITTED, target=State.NOT_ACCEPTED)
    def not_accept(self) -> None:
        """The application is not for this office or this programme; the right body is named."""

    @transition("state", source=[State.DENIED, State.NOT_ACCEPTED], target=State.ACCEPTED)
    def uphold(self) -> None:
        """A re-examination found the refusal wrong, and nothing else leads out of it (domain §4.3, design §3)."""

    @transition("state", source=State.ACCEPTED, target=State.APPROVED)
    def approve(self) -> None:
        """Every step of the accepted group has passed, the approval and the notice among them."""

    @transition("state", source=State.ACCEPTED, target=State.DENIED)
    def deny(self) -> None:
        """A reviewer or approver refuses with a reason code."""

    @transition("state", source=State.APPROVED, target=State.SETTLED)
    def settle(self) -> None:
        """The money arrived, or the entry stands in the register."""

    @transition("state", source=State.SETTLED, target=State.CLOSED)
    def close(self) -> None:
        """The applicant rated the service or kept silent."""

    @transition("state", source=[State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The applicant takes the application back, or did not answer a one-time notice in time."""
