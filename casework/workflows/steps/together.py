"""Approvals of many cases with one click: only what the rule found, and only where nothing asks for a second look."""

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.funds import reservations
from casework.programmes.spec import Programme
from casework.workflows import doubts, likeness
from casework.workflows.steps import common
from casework.workflows.turn import Turn

BY_ITSELF = _("Open the case and decide it there.")


def by_rule(programme: Programme) -> bool:
    """Does a rule find the amount, and a fund pay it?"""
    return bool(programme.award and programme.fund_purpose)


def check(turn: Turn) -> list[Problem]:
    """The amount is exactly the one the rule found, nobody put the rule's finding aside, no like case is known, the
    amount is within the ceiling of this desk, and the fund holds it still, after those decided before."""
    award = turn.case.facts.get("award_fen") or 0
    if not award:
        return [Problem("NO_RULE_AMOUNT", _("No rule found an amount for this case."), mend=BY_ITSELF)]
    if turn.answers.get("amount") != award:
        message = _("The amount is not the one the rule found (%(yuan)s yuan).") % {"yuan": money.show(award)}
        return [Problem("NOT_THE_RULES_AMOUNT", message, mend=BY_ITSELF)]
    return _second_look(turn) or _above_ceiling(turn, award) or _no_money(turn, award)


def _second_look(turn: Turn) -> list[Problem]:
    if turn.case.facts.get("overridden"):
        return [Problem("OVERRIDDEN", _("The reviewer put the rule's category aside."), mend=BY_ITSELF)]
    if likeness.hits(turn):
        return [Problem("DUPLICATE_AID", _("There is a hit for the same aid."), mend=BY_ITSELF)]
    return doubts.one_by_one(turn)


def _above_ceiling(turn: Turn, award: int) -> list[Problem]:
    step, task = turn.step, turn.task
    if step is None or task is None or not step.ceilings:
        return []
    most = (turn.case.parameters.get(step.ceilings) or {}).get(task.level, 0)
    if most is None or award <= most:
        return []
    return [Problem("ABOVE_CEILING", _("The amount is above what this office may approve."), mend=BY_ITSELF)]


def _no_money(turn: Turn, award: int) -> list[Problem]:
    """The balance that was found stays locked until the case is decided."""
    try:
        common.plan_money(turn, award)
    except reservations.NoFunds:
        mend = _("Approve it in the case: it then waits for money.")
        return [Problem("NO_FUNDS", _("No fund holds enough for this case any more."), mend=mend)]
    return []
