"""A second hand approves the lawyer's subsidy, and the money is set aside (domain §4.5, §5.4)."""
from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.funds import reservations
from casework.workflows import flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.effects import reserve_money, set_phase
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def other_hand(turn: Turn) -> list[Problem]:
    """Whoever worked the sum out, or gets it, does not approve it; counted by person."""
    barred = set(turn.case.decisions.filter(step__in=_earlier(turn)).values_list("person", flat=True)) - {None}
    barred |= {turn.case.account.person_id} if turn.case.account else set()
    if not turn.actor.persons & barred:
        return []
    message = _("You worked this sum out yourself, or it is paid to you.")
    return [Problem("SAME_HANDS", message, mend=_("Leave the task to a colleague with the same role."))]


def _earlier(turn: Turn) -> list[str]:
    return [step.key for step in turn.programme.before(turn.step.key)] if turn.step else []


def sum_form(turn: Turn) -> FormSpec | None:
    """An opinion, beside the sum it is about."""
    shown = money.show(int(turn.case.facts["fee_fen"]))
    told = asking.words(f"核定补贴 {shown} 元。", f"The subsidy is {shown} yuan.")
    return asking.decision_form("pass", asking.opinion(required=False) | {"help": told})


def approve(turn: Turn) -> None:
    """Approved: the money is set aside. Without money the case waits, and nobody is refused for it."""
    case = turn.case
    place, fen = case.county or case.organisation, int(case.facts["fee_fen"])
    try:
        plan = reservations.plan(case, fen, turn.programme.fund_purpose, place, turn.today.year, turn.today)
    except reservations.NoFunds:
        turn.facts |= {"step": turn.step.key if turn.step else "", "decision": "no_funds", "code": "NO_FUNDS"}
        turn.then(set_phase, phase="no_funds")
        return
    turn.facts |= {"ledger": plan.facts(), "fee_fen": fen}
    turn.then(reserve_money, plan=plan)
    common.note_opinion(turn, "pass")
    flow.pass_step(turn)


KIND = StepKind(
    "approve_fee",
    _("Approval of the subsidy"),
    (
        Choice("pass", _("Approve"), approve, sum_form, ready=other_hand, style="primary", leads="on"),
        common.RETURN,
        common.OVERDUE,
    ),
)
