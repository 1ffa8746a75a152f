"""A programme tried on sample answers: every rule that fired, every condition looked at, the way a case would take.

Nothing is written. The same rules, conditions and levels are asked as for a real case."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from casework.cases.models import Case
from casework.core.text import Text
from casework.programmes.eligibility import fits
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.spec import Eligibility, Programme, Step
from casework.workflows import flow, worklist


@dataclass(frozen=True, slots=True)
class Passed:
    """A step of the way: who would do it, and whether the facts ask for it."""

    step: Step
    asked: bool
    role: str = ""
    level: str = ""


@dataclass(slots=True)
class Trial:
    """facts: what the rules worked out. lines: how, each {zh, en, value, unit}. conditions: (row, does it hold). code:
    the reason of the first that holds, "" if none. way: the steps in their order. faults: what could not be worked
    out."""

    facts: dict[str, Any] = field(default_factory=dict)
    lines: list[Mapping[str, Any]] = field(default_factory=list)
    conditions: list[tuple[Eligibility, bool]] = field(default_factory=list)
    code: str = ""
    way: list[Passed] = field(default_factory=list)
    faults: list[tuple[str, Text, Text]] = field(default_factory=list)


def try_out(
    programme: Programme, answers: Mapping[str, Any], numbers: Mapping[str, Any], today: date, category: str = ""
) -> Trial:
    """What would come of these answers. numbers: the regional numbers of the day. category: of the dossier the case
    would rest on; a rule that finds the category itself goes before it."""
    trial = Trial()
    case = Case(
        life=programme.life, category=category, requested_fen=answers.get("amount"), parameters=dict(numbers),
        facts={key: answers[key] for key in programme.facts if key in answers},
    )
    _work_out(trial, programme, case, answers, numbers, today)
    facts = flow.case_facts(case)
    trial.facts = facts
    trial.conditions = [(row, fits(row.when, facts)) for row in programme.eligibility]
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
            case.facts |= RULES[programme.award].award(answers, numbers, case.category, None)
        except RuleFault as fault:
            trial.faults.append((fault.where, fault.what, fault.mend))
    trial.lines = [*case.facts.get("lines", ()), *case.facts.get("award_lines", ())]


def _passed(case: Case, step: Step, facts: Mapping[str, Any]) -> Passed:
    if step.when is not None and not fits(step.when, facts):
        return Passed(step, False)
    if step.ceilings and step.ceilings not in case.parameters:
        return Passed(step, True, step.role)
    role, level = worklist.who_does(case, step)
    return Passed(step, True, role, level)
