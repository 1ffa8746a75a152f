"""Can a case go? Its open steps need a counterpart, nothing decided is decided anew, no signature is passed over."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.programmes import parameters
from casework.programmes.eligibility import fits
from casework.programmes.rules import RuleFault
from casework.programmes.spec import Step
from casework.workflows import assess, seats
from casework.workflows.awards import compared
from casework.workflows.failing import RuleFailed
from casework.workflows.migrating.mapping import Way
from casework.workflows.models import Decision, Task
from casework.workflows.reading import PASSED

SIGNATURES = frozenset({"review", "approve"})


@dataclass
class Fit:
    """How a case fits the new version. open: its open tasks with their counterparts. made_up: new steps before the open
    one, in their order, that are made up for first. beside: new steps that open with the present ones."""

    open: list[tuple[Task, Step]] = field(default_factory=list)
    made_up: list[Step] = field(default_factory=list)
    beside: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def fit(case: Case, way: Way) -> Fit:
    """Lay the open tasks of a case over the new route. Reads only."""
    found = Fit()
    for task in Task.objects.filter(case=case, state="open").select_related("assignee").order_by("id"):
        step = _counterpart(task, way, found.problems)
        if step is not None:
            found.open.append((task, step))
    if found.problems:
        return found
    passed = _passed(case, way)
    try:
        numbers = _numbers(case, way)
        if found.open:
            _new_steps(case, way, found, passed, numbers)
        found.problems += _decided(case, way) + _passed_over(case, way, passed, numbers)
    except parameters.MissingParameter as missing:
        found.problems += missing.problems
    except RuleFault as fault:
        found.problems += RuleFailed("when", fault).problems
    return found


def _numbers(case: Case, way: Way) -> Mapping[str, Any]:
    """What conditions of the new route compare with: the frozen numbers, and those it adds, as of the day of
    acceptance. Raises MissingParameter."""
    lacking = [key for key in way.target.numbers if key not in case.parameters] if compared(way.target) else []
    if not lacking:
        return case.parameters
    day = local_date(case.accepted_at or case.submitted_at or case.created_at)
    return {**case.parameters, **parameters.snapshot(lacking, assess.region_of(case), day)}


def _counterpart(task: Task, way: Way, problems: list[Problem]) -> Step | None:
    old, new = way.source.step(task.step), way.step(task.step)
    title = {"step": old.title}
    if new is None or (task.return_to and _back(task, way) is None):
        problems.append(
            Problem("NO_COUNTERPART", _("The open step “%(step)s” has no counterpart in the new version.") % title,
                    place=task.step, mend=_("Name its counterpart, or let the case end under its version."))
        )
        return None
    if (new.kind, new.group) != (task.kind, old.group):
        problems.append(
            Problem("OTHER_STEP", _("The open step “%(step)s” is another kind of step in the new version.") % title,
                    place=task.step, mend=_("Name another counterpart, or let the case end under its version."))
        )
        return None
    if (seats.desks(old)[1:], seats.in_turn(old)) != (seats.desks(new)[1:], seats.in_turn(new)):
        problems.append(
            Problem("OTHER_SIGNERS", _("“%(step)s” is signed by other desks in the new version.") % title,
                    place=task.step, mend=_("Wait until it is signed, or let the case end under its version."))
        )
        return None
    return new


def _back(task: Task, way: Way) -> Step | None:
    """Where a returned step goes back to, in the new version."""
    step = way.step(task.return_to)
    return step if step is not None and step.group == task.group else None


def _passed(case: Case, way: Way) -> set[str]:
    """New keys of the steps that have passed."""
    rows = Decision.objects.filter(case=case, decision__in=PASSED).values_list("step", flat=True)
    return {way.key(step) for step in rows}


def facts_of(case: Case) -> dict[str, Any]:
    """What conditions of a route may look at."""
    figures = {"category": case.category, "amount_fen": case.amount_fen, "requested_fen": case.requested_fen}
    return {**case.facts, **figures, "via": case.via}


def _new_steps(case: Case, way: Way, found: Fit, passed: set[str], numbers: Mapping[str, Any]) -> None:
    """Steps of the new route that stand before the open ones, or beside them, and have not passed."""
    # One that is done again for a later standing stands where it goes straight back to.
    places = [way.step(task.return_to) if step.group != task.group else step for task, step in found.open]
    present = {step.key for step in places if step is not None}
    facts = facts_of(case)
    for stage in way.target.stages(found.open[0][0].group):
        wanted = [step for step in stage if step.key not in passed | present and _asked(step, facts, numbers)]
        if present & {step.key for step in stage}:
            found.beside += wanted
            break
        found.made_up += wanted
    busy = len(found.open) > 1 or found.open[0][0].phase
    if found.made_up and busy:
        found.problems.append(
            Problem("IN_THE_MIDDLE", _("A new step would have to be made up for in the middle of another."),
                    place=found.open[0][0].step, mend=_("Wait until the open step is done."))
        )


def _asked(step: Step, facts: dict[str, Any], numbers: Mapping[str, Any]) -> bool:
    return step.when is None or fits(step.when, facts, numbers)


def _decided(case: Case, way: Way) -> list[Problem]:
    """What was decided under one rule is not decided anew under another."""
    fixed = case.amount_fen is not None or case.facts.get("overridden")
    if not fixed and not Decision.objects.filter(case=case, duty="approve", decision="pass").exists():
        return []
    if way.same_rules():
        return []
    return [
        Problem("DECIDED", _("The case is decided, and the new version decides by other rules."),
                mend=_("Let the case end under its version."))
    ]


def _passed_over(case: Case, way: Way, passed: Iterable[str], numbers: Mapping[str, Any]) -> list[Problem]:
    """A standing that lies behind the case holds a signature nobody gave (promise S4)."""
    groups = list(way.target.groups)
    if case.state not in groups:
        return []
    behind = groups[: groups.index(case.state)]
    facts, done = facts_of(case), set(passed)
    return [
        Problem("PASSED_OVER", _("The new version asks for “%(step)s” at a standing the case has left.")
                % {"step": step.title}, place=step.key, mend=_("Let the case end under its version."))
        for step in way.target.steps()
        if step.group in behind and step.duty in SIGNATURES and step.key not in done
        and _asked(step, facts, numbers)
    ]
