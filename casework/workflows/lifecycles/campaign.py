"""The life cycle of a campaign: condolence rounds, selections, classes (design §3). Each line of it is a case of its
own, linked as line_of. One method a transition."""
from django_fsm import transition

from casework.cases.models import Case, State

FORWARD = {
    State.PLANNED: "approve",
    State.APPROVED: "open",
    State.OPEN: "run",
    State.RUNNING: "settle",
    State.SETTLED: "close",
}


class CampaignCase(Case):
    """A case seen through the life cycle "campaign"."""

    class Meta:
        proxy = True

    @transition("state", source=State.DRAFT, target=State.PLANNED)
    def submit(self) -> None:
        """The plan is handed in."""

    @transition("state", source=State.PLANNED, target=State.APPROVED)
    def approve(self) -> None:
        """The plan, its quotas and its money are approved."""

    @transition("state", source=State.PLANNED, target=State.DENIED)
    def deny(self) -> None:
        """The plan is refused with a reason code."""

    @transition("state", source=State.APPROVED, target=State.OPEN)
    def open(self) -> None:
        """Lines may be entered: the roster is drawn up, nominations or enrolments are taken."""

    @transition("state", source=State.OPEN, target=State.RUNNING)
    def run(self) -> None:
        """The list is closed; visits, votes or lessons go on."""

    @transition("state", source=State.RUNNING, target=State.SETTLED)
    def settle(self) -> None:
        """All lines have their end, and what was not used went back."""

    @transition("state", source=State.SETTLED, target=State.CLOSED)
    def close(self) -> None:
        """The summary is filed."""

    @transition("state", source=[State.PLANNED, State.APPROVED, State.OPEN], target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The campaign is called off before anybody was visited."""
