"""The life cycle of an enquiry: hotline tickets, petitions, job assistance (design §3). One method a transition."""
from django_fsm import transition

from casework.cases.models import Case, State

FORWARD = {State.REGISTERED: "accept", State.ACCEPTED: "answer", State.ANSWERED: "close"}


class EnquiryCase(Case):
    """A case seen through the life cycle "enquiry"."""

    class Meta:
        proxy = True

    @transition("state", source=State.DRAFT, target=State.REGISTERED)
    def submit(self) -> None:
        """The matter is written down, by the person or by the officer he speaks to (domain §2, first contact)."""

    @transition("state", source=State.REGISTERED, target=State.SUPPLEMENT)
    def ask_supplement(self) -> None:
        """A one-time notice names everything that is missing (domain §2)."""

    @transition("state", source=State.SUPPLEMENT, target=State.REGISTERED)
    def supplement(self) -> None:
        """The person hands in what was missing."""

    @transition("state", source=State.REGISTERED, target=State.ACCEPTED)
    def accept(self) -> None:
        """The office takes the matter on."""

    @transition("state", source=State.REGISTERED, target=State.NOT_ACCEPTED)
    def not_accept(self) -> None:
        """The matter is not for this office; the right body is named."""

    @transition("state", source=State.ACCEPTED, target=State.ANSWERED)
    def answer(self) -> None:
        """The person was answered: every step of the handling has passed."""

    @transition("state", source=State.ANSWERED, target=State.CLOSED)
    def close(self) -> None:
        """The call-back is done, the follow-up is over, or the person kept silent."""

    @transition("state", source=[State.ANSWERED, State.CLOSED], target=State.ACCEPTED)
    def reopen(self) -> None:
        """The person is not satisfied, or the trouble is back (domain §5.4: once)."""

    @transition("state", source=[State.REGISTERED, State.ACCEPTED], target=State.TRANSFERRED)
    def transfer(self) -> None:
        """The matter goes on as a case of another service or office."""

    @transition("state", source=[State.REGISTERED, State.ACCEPTED], target=State.MERGED)
    def merge(self) -> None:
        """The same matter is handled in another case already."""

    @transition("state", source=[State.REGISTERED, State.SUPPLEMENT, State.ACCEPTED], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The person takes the matter back, or did not answer a one-time notice in time."""
