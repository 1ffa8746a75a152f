"""Payment: the batch is made and checked at the finance desk; the bank's answer moves the case (domain §4.5)."""
from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.funds.bank_layouts.told import OTHER
from casework.registers import entries
from casework.registers.models import Entry
from casework.workflows import effects, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def paid(turn: Turn) -> None:
    """The bank confirmed: the case is settled."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "paid_fen": turn.answers.get("fen")}
    effects.decide(turn, "pass")
    entry = _entry_to_end(turn)
    if entry is not None:
        turn.facts["ended_entry"] = entry.number
        entries.end_with(entry, turn.today)  # paid once, the cover that the claim rests on ends with this day
        turn.tell_row(entry)
    flow.pass_step(turn)
    turn.then(effects.tell, template="paid")


def _entry_to_end(turn: Turn) -> Entry | None:
    """The cover that the claim rests on, if it ends by the payment. One that ended by itself stays as it is, and so
    does the one that renewed it: each is paid once (domain §5.1)."""
    facts = turn.case.facts
    if not turn.programme.ends or not facts.get("cover_from"):
        return None
    first = date.fromisoformat(str(facts["cover_from"]))
    return entries.of_plan(turn.programme.ends, turn.case.applicant_id, str(facts["plan"]), first, turn.today)


def returned(turn: Turn) -> None:
    """The bank sent the money back: the person is asked for new card data; finance never edits it alone."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "code": turn.answers.get("code")}
    turn.then(effects.set_phase, phase="returned")
    code, said = turn.answers.get("code"), turn.answers.get("said", "")
    told = {"code": code, "said": said} if code == OTHER and said else {"code": code}
    turn.then(effects.tell, template="payment_returned", params=told)


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
