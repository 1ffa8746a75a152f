"""The lawyer's subsidy is paid: batch, check and bank as with every payment; what comes of it is told to the lawyer,
and it is he who gives another card when the bank sends the money back (domain §4.5, §5.4)."""
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.forms.spec import FormSpec
from casework.people import persons
from casework.people.models import Person
from casework.workflows import effects, flow, payees
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.steps import asking, common, pay
from casework.workflows.turn import Turn


def paid(turn: Turn) -> None:
    """The bank confirmed it."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "paid_fen": turn.answers.get("fen")}
    effects.decide(turn, "pass")
    flow.pass_step(turn)
    turn.then(effects.tell_payee, template="fee_paid")


def returned(turn: Turn) -> None:
    """The bank sent it back: the lawyer is asked for another card."""
    turn.facts |= {"step": "pay", "payment": turn.answers.get("payment"), "code": turn.answers.get("code")}
    turn.then(effects.set_phase, phase="returned")
    turn.then(effects.tell_payee, template="fee_returned")


def card_form(turn: Turn) -> FormSpec | None:
    """Another card of his own."""
    card = asking.card("本人银行卡号", "Card in your own name")
    return asking.decision_form("new_card", card, asking.short("bank", "开户银行", "Bank", most=60))


def new_card(turn: Turn) -> None:
    """Back into the queue with the new account, for a maker and a checker again."""
    case, given = turn.case, turn.answers
    lawyer = Person.objects.get(pk=turn.actor.person or 0)
    case.account = persons.add_account(lawyer, lawyer.name, str(given["card_no"]), str(given["bank"]), "", turn.now)
    payees.tell(turn)
    turn.then(effects.correct_payment)
    turn.then(effects.set_phase, phase="")


KIND = StepKind(
    "pay_lawyer",
    _("Payment to the lawyer"),
    (
        *(replace(choice, apply=apply) for choice, apply in zip(pay.KIND.choices, (paid, returned), strict=False)),
        Choice("new_card", _("Give another card"), new_card, card_form, when=phase("returned"), style="primary",
               decides=False, role=Role.LAWYER.value),
        common.OVERDUE,
    ),
    {"maker": Option("who", needed=True)},
)
