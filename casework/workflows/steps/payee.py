"""The union confirms a household of a roster: it still lives there, and the card the money goes to (domain §5.2)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow, payees
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

GONE = {
    "DECEASED": asking.words("已去世", "Deceased"),
    "MOVED_AWAY": asking.words("已迁出", "Moved away"),
    "NOT_ELIGIBLE": asking.words("不再困难", "No longer in hardship"),
}


def money_due(turn: Turn) -> bool:
    """Does the household get money, not only goods?"""
    return bool(turn.case.facts.get("award_fen"))


def confirm_form(turn: Turn) -> FormSpec | None:
    """The card, asked for where none is known; another one may be given."""
    items = [asking.opinion(required=False)]
    if money_due(turn):
        known = payees.known_of(turn)
        needed = known is None
        tail = f"****{known.last4}" if known else ""
        note = asking.words(f"已登记 {tail}，不填则沿用。", f"{tail} is known and used unless you give another.")
        card = asking.card("本人银行卡号", "The person's own card", required=needed)
        items = [
            card | ({} if needed else {"help": note}),
            asking.short("bank", "开户银行", "Bank", required=needed, most=60),
            asking.short("branch", "开户支行", "Branch", required=False, most=120),
            *items,
        ]
    return asking.decision_form("pass", *items)


def check_bank(turn: Turn) -> list[Problem]:
    """A card without its bank cannot be paid to."""
    if turn.answers.get("card_no") and not turn.answers.get("bank"):
        return [Problem("NEEDED", _("Name the bank of the card."), place="bank")]
    return []


def confirm(turn: Turn) -> None:
    """The household is there; the account is fixed before anybody approves."""
    common.note_opinion(turn, "pass")
    turn.case.facts = {key: fact for key, fact in turn.case.facts.items() if key != "gone"}
    given = turn.answers
    if money_due(turn):
        if given.get("card_no"):
            payees.keep(turn, given)
        else:
            turn.case.account = payees.known_of(turn)
            payees.tell(turn)
    flow.pass_step(turn)


def gone_form(turn: Turn) -> FormSpec | None:
    """Why nobody is to be visited there."""
    return asking.decision_form(
        "gone", asking.reason_code(GONE), asking.opinion(required=True, zh="核实情况", en="What was found")
    )


def gone(turn: Turn) -> None:
    """The county is told that the household is not to be served; it refuses the line, or sends it back."""
    common.note_opinion(turn, "gone")
    turn.facts["code"] = turn.answers["code"]
    turn.case.facts = {**turn.case.facts, "gone": turn.answers["code"]}
    flow.pass_step(turn)


KIND = StepKind(
    "payee",
    _("Confirm the household"),
    (
        Choice("pass", _("Household confirmed"), confirm, confirm_form, check_bank, style="primary", leads="on"),
        Choice("gone", _("Not to be served"), gone, gone_form, leads="on"),
        common.OVERDUE,
    ),
)
