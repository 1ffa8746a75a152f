"""Call-back: is the person satisfied? If not, the matter is opened once more (domain §5.4)."""
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow, reopening
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.steps.rate import STARS
from casework.workflows.turn import Turn


def satisfied_form(turn: Turn) -> FormSpec | None:
    """How satisfied, in the person's own words if he says any."""
    stars = {
        "key": "stars", "kind": "enum", "required": True, "choices": STARS,
        "title": asking.words("满意度", "How satisfied is the person?"),
    }
    return asking.decision_form("pass", stars, asking.opinion(required=False, zh="回访记录", en="What was said"))


def satisfied(turn: Turn) -> None:
    """The answer helped."""
    common.note_opinion(turn, "pass")
    turn.facts |= {"stars": int(turn.answers["stars"]), "satisfied": True}
    turn.case.facts = {**turn.case.facts, "satisfied": True}
    flow.pass_step(turn)


def said_form(turn: Turn) -> FormSpec | None:
    """What the person said."""
    return asking.decision_form("said", asking.opinion(required=True, zh="回访记录", en="What was said"))


def first_time(turn: Turn) -> list[Problem]:
    """A matter is opened again once."""
    if not turn.case.facts.get("reopened"):
        return []
    return [Problem("REOPENED_ONCE", _("It was opened again once already."), mend=_("Record that it stays unsolved."))]


def unsatisfied(turn: Turn) -> None:
    """Not solved: back to the office in charge."""
    common.note_opinion(turn, "unsatisfied")
    turn.facts["satisfied"] = False
    reopening.reopen(turn)


def unsolved(turn: Turn) -> None:
    """Not satisfied the second time, too: told as it is, and counted."""
    common.note_opinion(turn, "pass")
    turn.facts["satisfied"] = False
    turn.case.facts = {**turn.case.facts, "satisfied": False}
    flow.pass_step(turn)


def unreachable(turn: Turn) -> None:
    """Called in vain: no word on satisfaction."""
    common.note_opinion(turn, "pass")
    flow.pass_step(turn)


KIND = StepKind(
    "callback",
    _("Call-back"),
    (
        Choice("pass", _("Satisfied"), satisfied, satisfied_form, style="primary", leads="on"),
        Choice("unsatisfied", _("Not satisfied: open it again"), unsatisfied, said_form, ready=first_time,
               leads="reopen"),
        Choice("unsolved", _("Not satisfied, and it stays so"), unsolved, said_form, leads="on"),
        Choice("unreachable", _("Could not be reached"), unreachable, said_form, leads="on"),
        common.OVERDUE,
    ),
)
