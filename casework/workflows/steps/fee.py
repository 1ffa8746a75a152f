"""The lawyer's subsidy is worked out by the table of the region and the way the case was handled (domain §5.4); another
hand approves it.

Options: numbers: the regional number that holds the table."""
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.rules.awards import Award, award_by
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.formulas import Base
from casework.workflows import flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.failing import RuleFailed
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def by_table(turn: Turn) -> Award:
    """What the frozen table gives. Raises RuleFailed."""
    _task, step = flow.task_and_step(turn)
    key, facts = str(step.options["numbers"]), turn.case.facts
    base = Base(fen=int(facts.get("amount_won_fen") or 0), keys=(str(facts.get("handled") or ""), "other"))
    try:
        return award_by(turn.case.parameters[key], base, where=key)
    except RuleFault as fault:
        raise RuleFailed(key, fault) from fault


def due_form(turn: Turn) -> FormSpec | None:
    """The sum of the table, or less with a reason."""
    most = by_table(turn).fen
    amount: dict[str, Any] = {
        "key": "amount", "kind": "money", "required": True, "max": most, "title": asking.words("补贴金额", "Subsidy"),
        "help": asking.words(f"按标准 {money.show(most)} 元。", f"By the table: {money.show(most)} yuan."),
    }
    return asking.decision_form("pass", amount, asking.opinion(required=False, zh="核减理由", en="Why it is less"))


def check_due(turn: Turn) -> list[Problem]:
    """More than nothing, not above the table; less than the table is explained."""
    fen, most = int(turn.answers["amount"]), by_table(turn).fen
    if not 0 < fen <= most:
        message = _("The amount must be more than zero and not above what the rule found.")
        return [Problem("AMOUNT", message, place="amount")]
    if fen < most and not str(turn.answers.get("opinion") or "").strip():
        return [Problem("NEEDED", _("Say why it is less than the table gives."), place="opinion")]
    return []


def paid_to(turn: Turn) -> list[Problem]:
    """There is an account to pay to."""
    if turn.case.account is not None:
        return []
    return [Problem("NO_ACCOUNT", _("There is no account to pay to."))]


def due(turn: Turn) -> None:
    """Proposed; the approver decides."""
    common.note_opinion(turn, "pass")
    fen = int(turn.answers["amount"])
    turn.facts["fee_fen"] = fen
    turn.case.facts = {**turn.case.facts, "fee_due": True, "fee_fen": fen}
    flow.pass_step(turn)


def none_form(turn: Turn) -> FormSpec | None:
    """Why nothing is paid."""
    return asking.decision_form("none", asking.opinion(required=True, zh="不支付理由", en="Why nothing is paid"))


def none(turn: Turn) -> None:
    """A lawyer of the union's own staff, or one who waives it."""
    common.note_opinion(turn, "pass")
    turn.case.facts = {**turn.case.facts, "fee_due": False, "fee_fen": 0}
    flow.pass_step(turn)


KIND = StepKind(
    "fee",
    _("Lawyer's subsidy"),
    (
        Choice("pass", _("Propose the subsidy"), due, due_form, check_due, paid_to, style="primary", leads="on"),
        Choice("none", _("No subsidy is paid"), none, none_form, leads="on"),
        common.OVERDUE,
    ),
    {"numbers": Option("key", needed=True)},
)
