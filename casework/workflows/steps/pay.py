"""Payment: the batch is made and checked at the finance desk; the bank's answer moves the case (domain §4.5)."""
from django.utils.translation import gettext_lazy as _

from casework.workflows import effects, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def paid(turn: Turn) -> None:
    """The bank confirmed: the case is settled."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "paid_fen": turn.answers.get("fen")}
    turn.then(effects.keep_decision, decision="pass")
    if turn.programme.ends:
        turn.then(effects.end_cover)
    flow.pass_step(turn)
    turn.then(effects.tell, template="paid")


def returned(turn: Turn) -> None:
    """The bank sent the money back: the person is asked for new card data; finance never edits it alone."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "code": turn.answers.get("code")}
    turn.then(effects.set_phase, phase="returned")
    turn.then(effects.tell, template="payment_returned", params={"code": turn.answers.get("code")})


def waiting(task: Task) -> bool:
    """A payment is on its way."""
    return task.phase != "returned"


KIND = StepKind(
    "pay", _("Payment"),
    (
        Choice("paid", _("Paid"), paid, when=waiting, side="system", decides=False, leads="on"),
        Choice("returned", _("Returned by the bank"), returned, when=waiting, side="system", decides=False),
        common.OVERDUE,
    ),
    {"maker": Option("who", needed=True)},
)
