"""A programme tried on sample answers: every rule that fired, every condition looked at, the way a case would take.

Nothing is written. The same rules, checks, conditions and levels are asked as for a real case. What the registers hold
is said by whoever tries; what he does not say is not judged."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from casework.cases.models import Case
from casework.core.text import Text
from casework.programmes import references
from casework.programmes.checks import CHECKS, Held
from casework.programmes.eligibility import fits
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.spec import Eligibility, Programme, Step
from casework.workflows import awards, flow, worklist

T = TypeVar("T")


class NotSaid(Exception):
    """A check looks up something that nobody said."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the registers would hold, where it is said; see programmes.checks.Look. covers: of mutual aid, empty = none.
    at_home: does whoever the answers name live in the household? stands: do the people named stand in registers?"""

    covers: tuple[Held, ...] | None = None
    at_home: bool | None = None
    stands: bool | None = None

    def held(self, register: str, id_no: str = "") -> tuple[Held, ...]:
        """The covers."""
        return _said(self.covers if register == "cover" else None)

    def lives_with(self, id_no: str) -> bool:
        """As it was said of anybody."""
        return _said(self.at_home)

    def standing(self, register: str, id_nos: Collection[str]) -> int:
        """All of them, or nobody."""
        return len(id_nos) if _said(self.stands) else 0


def _said(value: T | None) -> T:
    if value is None:
        raise NotSaid
    return value


@dataclass(frozen=True, slots=True)
class Passed:
    """A step of the way: who would do it, and whether the facts ask for it. judged: are those facts there?"""

    step: Step
    asked: bool
    role: str = ""
    level: str = ""
    judged: bool = True


@dataclass(slots=True)
class Trial:
    """facts: what the rules worked out. lines: how, each {zh, en, value, unit}. conditions: (row, does it hold; None:
    not judged, for its facts are not there). code: the reason of the first that holds, "" if none. way: the steps in
    their order. faults: what could not be worked out. numbers: regional numbers it was tried with."""

    facts: dict[str, Any] = field(default_factory=dict)
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    conditions: list[tuple[Eligibility, bool | None]] = field(default_factory=list)
    code: str = ""
    way: list[Passed] = field(default_factory=list)
    numbers: Mapping[str, Any] = field(default_factory=dict)
    faults: list[tuple[str, Text, Text]] = field(default_factory=list)


def try_out(
    programme: Programme, answers: Mapping[str, Any], numbers: Mapping[str, Any], today: date, category: str = "",
    said: Said = Said(),
) -> Trial:
    """What would come of these answers. numbers: the regional numbers of the day. category: of the dossier the case
    would rest on; a rule that finds the category itself goes before it. said: what the registers hold."""
    trial = Trial(numbers=numbers)
    case = Case(
        life=programme.life, category=category, requested_fen=answers.get("amount"), parameters=dict(numbers),
        facts={key: answers[key] for key in programme.facts if key in answers},
    )
    _look_up(trial, programme, case, answers, today, said)
    _work_out(trial, programme, case, answers, numbers, today)
    facts = flow.case_facts(case)
    trial.facts = facts
    trial.conditions = [(row, _holds(row.when, facts, numbers)) for row in programme.eligibility]
    trial.faults += _not_whole(programme, numbers)
    trial.code = next((row.deny for row, holds in trial.conditions if holds), "")
    trial.way = [_passed(case, step, facts) for step in programme.steps()]
    return trial


def _work_out(
    trial: Trial, programme: Programme, case: Case, answers: Mapping[str, Any], numbers: Mapping[str, Any], today: date
) -> None:
    if programme.classify:
        try:
            case.facts |= RULES[programme.classify].classify(answers, numbers, today, found_income=None)
            case.category = str(case.facts.get("category") or "")
        except RuleFault as fault:
            trial.faults.append((fault.where, fault.what, fault.mend))
    elif case.category:
        case.facts["category"] = case.category
    if programme.award:
        try:
            case.facts |= RULES[programme.award].award(answers, numbers, case.category, None, case.facts)
        except RuleFault as fault:
            trial.faults.append((fault.where, fault.what, fault.mend))
    trial.lines = [*case.facts.get("lines", ()), *case.facts.get("award_lines", ())]


def _look_up(
    trial: Trial, programme: Programme, case: Case, answers: Mapping[str, Any], today: date, said: Said
) -> None:
    """The facts of the check. One that looks up what nobody said finds none at all."""
    if not programme.check:
        return
    try:
        case.facts |= CHECKS[programme.check].find(programme.check, answers, trial.numbers, today, said)
    except NotSaid:
        return
    except RuleFault as fault:
        trial.faults.append((fault.where, fault.what, fault.mend))


def _holds(when: Mapping[str, Any], facts: Mapping[str, Any], numbers: Mapping[str, Any]) -> bool | None:
    """Does a condition hold? None: its facts, or a number it compares with, are not there."""
    if any(facts.get(fact) is None for fact in when):
        return None
    try:
        return fits(when, facts, numbers)
    except RuleFault:
        return None


def _not_whole(programme: Programme, numbers: Mapping[str, Any]) -> Iterator[tuple[str, Text, Text]]:
    """The numbers that conditions compare with and that cannot be compared."""
    for _place, reference in awards.compared(programme):
        try:
            references.whole(numbers, reference)
        except RuleFault as fault:
            yield fault.where, fault.what, fault.mend


def _passed(case: Case, step: Step, facts: Mapping[str, Any]) -> Passed:
    holds = step.when is None or _holds(step.when, facts, case.parameters)
    if not holds:
        return Passed(step, False, judged=holds is not None)
    if step.ceilings and step.ceilings not in case.parameters:
        return Passed(step, True, step.role)
    role, level = worklist.who_does(case, step)
    return Passed(step, True, role, level)
