"""Several signatures under one approval: people of one desk, or several desks, together or in turn; see seats.py.

Each signature is a decision row by its own person; the last one that is needed approves. They agree on the amount:
whoever thinks of another returns the case. A return or a denial ends the round for everybody, and what was signed in it
is void.
"""

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.workflows import effects, flow, seats
from casework.workflows.models import Decision
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def given(turn: Turn) -> list[Decision]:
    """The signatures that this round of the step has."""
    task, step = flow.task_and_step(turn)
    if seats.needed(step) < 2:
        return []
    rows = Decision.objects.filter(case=turn.case, step=step.key, round=task.round, decision="sign")
    return list(rows.select_related("event").order_by("id"))


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
    task, step = flow.task_and_step(turn)
    count = len(given(turn)) + 1
    if count >= seats.needed(step):
        return False
    common.note_opinion(turn, "sign")
    held = {turn.actor.person, turn.duty.for_person if turn.duty else None}
    turn.facts |= {"hands": sorted(person for person in held if person is not None), "signature": count}
    if turn.answers.get("amount") is not None:
        turn.facts["agreed_fen"] = int(turn.answers["amount"])
    if not step.options.get("also"):
        turn.then(effects.assign, user=None)
    else:
        turn.then(effects.close_task, task=task, outcome="sign")
        following = seats.after(step, task.seat)
        if following is not None:
            turn.then(effects.open_next, seat=following)
    turn.then(effects.note_signature, phase=f"signed_{count}")
    return True


def settle(turn: Turn, outcome: str) -> None:
    """The round is over: no other desk is asked any more."""
    _task, step = flow.task_and_step(turn)
    if step.options.get("also"):
        turn.then(effects.close_seats, outcome=outcome)


def void(turn: Turn) -> None:
    """What was signed in this round counts no more; the event says whose signatures these were."""
    names = [str(row.event.actor.get("name", "")) for row in given(turn)]
    if names:
        turn.facts["signatures_void"] = names
    settle(turn, "void")


def apply_return(turn: Turn) -> None:
    """Back to the step that erred; afterwards everybody signs anew."""
    void(turn)
    common.apply_return(turn)


def apply_deny(turn: Turn) -> None:
    """One who refuses refuses for all."""
    void(turn)
    common.apply_deny(turn)
