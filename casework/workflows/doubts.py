"""What was found on the way that speaks against an application without refusing it (domain §4.3, §4.7): a desk that
does not support it, a visit that found something else than was declared, or that could not be made.

Every later desk is shown it, nobody passes over it in a pile, and whoever reviews or approves it nevertheless says why.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.cases.models import Case
from casework.core.problems import Problem, Words
from casework.core.text import Text
from casework.programmes.spec import Programme
from casework.workflows.turn import Turn

NOT_SUPPORTED, VISIT_DISAGREES, NO_VISIT = "not_supported", "visit_disagrees", "no_visit"
NO_VISIT_WHY: Mapping[str, Text] = {
    "refused": Text("拒绝入户调查", "The household refuses the visit"),
    "absent": Text("多次上门无人在家", "Nobody was at home, again and again"),
}


def note(turn: Turn, name: str, found: Any) -> None:
    """Keep a fact; the step that finds it takes it away again when it is done anew and finds nothing."""
    facts = {key: value for key, value in turn.case.facts.items() if key != name}
    turn.case.facts = facts | ({name: found} if found else {})


def support(turn: Turn, *, given: bool) -> None:
    """Does the desk of this step support the application? Said anew, it counts anew."""
    step = turn.step.key if turn.step else ""
    without = {key for key in turn.case.facts.get(NOT_SUPPORTED) or () if key != step}
    note(turn, NOT_SUPPORTED, sorted(without if given else without | {step}))


def refusal(turn: Turn, check: str, *, refused: bool) -> None:
    """A check (visit, means_check) that the household refused, or refuses no more; one is enough for check_refused
    (domain §4.7, "refusal of check")."""
    facts = turn.case.facts
    before = facts.get("refused_checks", ["means_check"] if facts.get("check_refused") else [])
    checks = sorted({*before, check} if refused else {*before} - {check})
    if checks or "check_refused" in facts:
        turn.case.facts = {**facts, "refused_checks": checks, "check_refused": bool(checks)}


def found(case: Case) -> bool:
    """Does anything speak against the application?"""
    return any(case.facts.get(name) for name in (NOT_SUPPORTED, VISIT_DISAGREES, NO_VISIT))


def lines(case: Case, programme: Programme) -> Iterator[tuple[str, str]]:
    """(key of the step, "" for the visit; sentence) of all that speaks against the application, for pages."""
    titles = {step.key: step.title for step in programme.steps()}
    for step in case.facts.get(NOT_SUPPORTED) or ():
        yield step, _("Not supported: %(step)s") % {"step": titles.get(step, step)}
    if case.facts.get(VISIT_DISAGREES):
        yield "", _("The visit found something else than was declared.")
    if case.facts.get(NO_VISIT):
        yield "", _("No visit was made: %(why)s") % {"why": NO_VISIT_WHY[str(case.facts[NO_VISIT])]}


def unanswered(turn: Turn) -> list[Problem]:
    """Whoever passes an application on in spite of it says why."""
    if not found(turn.case) or str(turn.answers.get("opinion") or "").strip():
        return []
    return [Problem("OPINION_NEEDED", NEEDED, place="opinion", mend=gettext_lazy("Say why it passes nevertheless."))]


def one_by_one(turn: Turn) -> list[Problem]:
    """What stands against deciding it together with others."""
    if not found(turn.case):
        return []
    return [Problem("DOUBTS", gettext_lazy("Something speaks against this application."), mend=BY_ITSELF)]


NEEDED: Words = gettext_lazy("Something was found that speaks against this application.")
BY_ITSELF: Words = gettext_lazy("Open the case and decide it there.")
