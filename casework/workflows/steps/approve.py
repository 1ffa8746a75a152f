"""Approval: the decision about the aid, and the money set aside for it (domain §4.5)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.funds import reservations
from casework.workflows import assess, awards, doubts, effects, flow, likeness, re_examining
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common, signatures, together
from casework.workflows.steps.extension import EXTEND
from casework.workflows.turn import Turn


def gives_money(turn: Turn) -> bool:
    """Is an amount approved? A step with `in_kind: true` also approves what is goods only."""
    if turn.step is not None and turn.step.options.get("in_kind") and not turn.case.facts.get("award_fen"):
        return False
    return bool(turn.programme.fund_purpose)


def approve_form(turn: Turn) -> FormSpec | None:
    """An opinion, and the amount where money is given: not more than the rule found."""
    if turn.programme.re_examines:
        grounds = asking.opinion(required=True, zh="撤销原决定的事实和理由", en="Facts and grounds: it is lifted")
        return asking.decision_form("pass", grounds)
    items = [asking.opinion(required=False)]
    if gives_money(turn):
        most = turn.case.facts.get("award_fen") or 0
        items.insert(
            0,
            {
                "key": "amount",
                "kind": "money",
                "required": True,
                "max": most,
                "title": asking.words("批准金额", "Amount approved"),
                "help": asking.words(
                    f"按规则最高 {money.show(most)} 元。", f"At most {money.show(most)} yuan by the rule."
                ),
            },
        )
    return asking.decision_form("pass", *items)


def check_approve(turn: Turn) -> list[Problem]:
    """The facts still stand; the amount is within the rule; the dossier is still in force."""
    problems = assess.standing(turn) + (assess.needs_problems(turn) or assess.moved_house(turn)) + assess.served(turn)
    problems += awards.outdated(turn) + doubts.unanswered(turn)
    if not problems and not likeness.hits(turn) <= set(turn.case.facts.get("not_duplicate") or ()):
        problems.append(
            Problem(
                "DUPLICATE_AID",
                _("There is a hit for the same aid."),
                mend=_("Return it to the review, or do not approve."),
            )
        )
    if gives_money(turn):
        amount, most = turn.answers.get("amount") or 0, turn.case.facts.get("award_fen") or 0
        if not 0 < amount <= most:
            problems.append(
                Problem(
                    "AMOUNT", _("The amount must be more than zero and not above what the rule found."), place="amount"
                )
            )
        problems += signatures.check_amount(turn)
    return problems


def apply_approve(turn: Turn) -> None:
    """Approved, by the last signature where several are needed: the money is set aside. Without money the case waits,
    and nobody is refused for it."""
    if signatures.sign(turn):
        return
    if gives_money(turn):
        turn.case.amount_fen = int(turn.answers["amount"])
        try:
            plan = common.plan_money(turn, turn.case.amount_fen)
        except reservations.NoFunds:
            wait_for_funds(turn)
            return
        turn.facts["ledger"] = plan.facts()
        turn.then(effects.reserve_money, plan=plan)
    if turn.programme.once:
        turn.then(effects.grant_keys)
    common.note_opinion(turn, "pass")
    signatures.settle(turn, "not_needed")
    flow.pass_step(turn)
    letter = turn.step.options.get("letter") if turn.step else None
    if letter:
        turn.then(effects.issue, kind=str(letter))
        turn.then(effects.tell, template="aid_granted")
    if turn.programme.re_examines:
        turn.then(effects.issue, kind=re_examining.LETTER)
        turn.then(effects.tell, template="re_examination_upheld")
        turn.then(re_examining.tell_refused, action=re_examining.UPHELD)


def wait_for_funds(turn: Turn) -> None:
    """NO_FUNDS is a waiting list, not an ending (domain §4.10)."""
    turn.case.amount_fen = None
    turn.case.facts = {**turn.case.facts, "waiting_for_funds": True}
    turn.facts |= {"step": turn.step.key if turn.step else "", "decision": "no_funds", "code": "NO_FUNDS"}
    turn.then(effects.set_phase, phase="no_funds")
    turn.then(effects.tell, template="no_funds")


KIND = StepKind(
    "approve",
    _("Approval"),
    (
        Choice(
            "pass", _("Approve"), apply_approve, approve_form, check_approve, signatures.other_people,
            style="primary", leads="on", many="each", of_many=together.by_rule, check_many=together.check,
        ),
        EXTEND,
        replace(common.RETURN, apply=signatures.apply_return),
        replace(common.DENY, apply=signatures.apply_deny),
        common.OVERDUE,
    ),
    {
        "in_kind": Option("yes"),
        "signers": Option("count", ("2", "3", "4", "5")),
        "also": Option("desks"),
        "need": Option("count"),
        "in_turn": Option("yes"),
        "letter": Option("one", ("aid_grant",)),
    },
)
