"""Several signatures under one approval: `signers: 3` are three different people of the step's role, in any order.

Each signature is a decision row by its own person; the last one approves. They agree on the amount: whoever thinks of
another returns the case. Signing in turn is one approve step after another, each with a duty of its own.
"""

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.workflows import effects, flow
from casework.workflows.models import Decision
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def needed(turn: Turn) -> int:
    """How many people sign the step."""
    return int(turn.step.options.get("signers") or 1) if turn.step else 1


def given(turn: Turn) -> list[Decision]:
    """The signatures that this round of the step has."""
    if needed(turn) < 2:
        return []
    task, _step = flow.task_and_step(turn)
    return list(Decision.objects.filter(task=task, decision="sign").select_related("event").order_by("id"))


def other_people(turn: Turn) -> list[Problem]:
    """One person, one signature."""
    hands = {person for row in given(turn) for person in row.event.data.get("hands", [row.person])}
    if not hands & turn.actor.persons:
        return []
    message = _("You signed this approval already; the next signature is another person's.")
    return [Problem("SAME_HANDS", message, mend=_("Leave the task to a colleague with the same role."))]


def agreed_fen(turn: Turn) -> int | None:
    """The amount under the signatures so far, None before the first."""
    return next((row.event.data.get("agreed_fen") for row in given(turn)), None)


def check_amount(turn: Turn) -> list[Problem]:
    """Every signature is under the same amount."""
    agreed = agreed_fen(turn)
    if agreed is None or turn.answers.get("amount") == agreed:
        return []
    message = _("The others signed %(yuan)s yuan.") % {"yuan": money.show(agreed)}
    return [Problem("OTHER_AMOUNT", message, place="amount", mend=_("Sign the same amount, or return the case."))]


def sign(turn: Turn) -> bool:
    """Give a signature, unless it is the last one. Returns whether more are needed."""
    count = len(given(turn)) + 1
    if count >= needed(turn):
        return False
    common.note_opinion(turn, "sign")
    held = {turn.actor.person, turn.duty.for_person if turn.duty else None}
    turn.facts |= {"hands": sorted(person for person in held if person is not None), "signature": count}
    if turn.answers.get("amount") is not None:
        turn.facts["agreed_fen"] = int(turn.answers["amount"])
    turn.then(effects.set_phase, phase=f"signed_{count}")
    turn.then(effects.assign, user=None)
    return True
