"""One decided case under a draft: what was decided, what would be, and why. Nothing is written.

The rules get what they got then: the sealed answers, the numbers of that day, what the offices found out. A person's
own decision stays: whoever was refused for a reason that no rule gives stays refused, and where an approver gave less
than the rule allows, less is given again, at most the new award.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.cases import answers as case_answers
from casework.cases.models import Case, State
from casework.core.calendar import local_date
from casework.core.crypto import Undecipherable
from casework.programmes import parameters, references
from casework.programmes.eligibility import first_denial, fits
from casework.programmes.loader import programme_of
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.spec import Programme, Step
from casework.workflows import assess, awards, seats

GRANTED = (State.APPROVED, State.SETTLED, State.CLOSED)
# Facts that are told as they changed; lines and words are not.
TOLD = (int, str, bool)


@dataclass(frozen=True, slots=True)
class Outcome:
    """code: the reason that excludes, "" if none. days: sum of the limits on its path. tasks: role of each desk that
    has a step of it."""

    code: str
    granted: bool
    fen: int
    days: int
    tasks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The outcome as its row keeps it."""
        return {
            "code": self.code, "granted": self.granted, "fen": self.fen, "days": self.days, "tasks": list(self.tasks),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """Both outcomes, and why they differ. trouble: code of what kept the draft from being reckoned, "" if nothing."""

    before: Outcome
    after: Outcome
    why: dict[str, list[Any]]
    trouble: str = ""

    @property
    def changed(self) -> bool:
        """Would a decision, an amount or a path be another?"""
        return self.before != self.after or bool(self.trouble)


def compare(
    case: Case, taken: Mapping[str, Step], draft: Programme, numbers: Mapping[str, Any], now: datetime
) -> Compared:
    """A decided case under a draft. taken: the steps it took, by key. numbers: those that replace the numbers of the
    day. The case instance is the caller's no more: its facts are overwritten in memory."""
    source = programme_of(case.programme)
    old_facts, granted = dict(case.facts), case.state in GRANTED
    before = Outcome(
        first_denial(source.eligibility, old_facts, case.parameters), granted, (case.amount_fen or 0) if granted else 0,
        *_path(list(taken.values())),
    )
    try:
        _reckon(case, draft, numbers, now)
        code = first_denial(draft.eligibility, case.facts, case.parameters)
    except parameters.MissingParameter:
        return Compared(before, before, {}, "PARAMETER_MISSING")
    except RuleFault:
        return Compared(before, before, {}, "RULE_FAILED")
    except Undecipherable:
        return Compared(before, before, {}, "ERASED")
    stands = not code and (granted or bool(before.code))
    fen = _amount(case, old_facts, granted) if stands else 0
    steps = _new_path(source, draft, taken, case, stands)
    after = Outcome(code, stands, fen, *_path(steps))
    return Compared(before, after, _why(old_facts, case.facts))


def _reckon(case: Case, draft: Programme, numbers: Mapping[str, Any], now: datetime) -> None:
    """Facts and award by the draft's rules, in memory. Raises RuleFault, also for a number that a condition lacks."""
    full = case_answers.full(case)
    case.facts = {**case.facts, **{key: full[key] for key in draft.facts if key in full}}
    day = local_date(case.accepted_at or now)
    lacking = [key for key in draft.numbers if key not in case.parameters and key not in numbers]
    found = parameters.snapshot(lacking, assess.region_of(case), day) if lacking else {}
    case.parameters = {**case.parameters, **found, **numbers}
    category, overridden = case.category, case.facts.get("overridden")
    if draft.classify:
        income = case.facts.get("means_income_fen")
        case.facts |= RULES[draft.classify].classify(full, case.parameters, day, found_income=income)
        if overridden:  # the reviewer's own decision
            case.facts["category"] = category
        case.category = case.facts["category"]
    if draft.award:
        rule = RULES[draft.award]
        earlier = case.facts.get("earlier") or (awards.earlier_of(case) if rule.asks_earlier else None)
        case.facts |= rule.award(full, case.parameters, case.category, earlier, case.facts)
    for _place, reference in awards.compared(draft):
        references.whole(case.parameters, reference)


def _amount(case: Case, old_facts: Mapping[str, Any], granted: bool) -> int:
    """What would be paid: the new award, less where the approver gave less than the old."""
    award, old = case.facts.get("award_fen"), old_facts.get("award_fen")
    if not isinstance(award, int) or award == old:
        return case.amount_fen or 0 if granted else int(award or 0)
    given = case.amount_fen or 0
    return min(given, award) if granted and isinstance(old, int) and given < old else award


def _path(steps: list[Step]) -> tuple[int, tuple[str, ...]]:
    roles = (role for step in steps for role, _level in seats.desks(step))
    return sum(seats.limit_wd(step) for step in steps), tuple(roles)


def _new_path(source: Programme, draft: Programme, taken: Mapping[str, Step], case: Case, stands: bool) -> list[Step]:
    """The steps the case would take: those it took and the draft still has, and new ones of the standings it went
    through; all of them where it would be granted."""
    known = {step.key for step in source.steps()}
    reached = {step.group for step in taken.values()}
    figures = {"category": case.category, "amount_fen": case.amount_fen, "requested_fen": case.requested_fen}
    facts = {**case.facts, **figures, "via": case.via}
    more = stands and case.state not in GRANTED  # refused then, granted now: it goes the whole way
    return [
        step for step in draft.steps()
        if step.key in taken
        or ((more or (step.key not in known and step.group in reached))
            and (step.when is None or fits(step.when, facts, case.parameters)))
    ]


def _why(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Facts that differ: name → [before, after]."""
    names = sorted({*old, *new})
    return {
        name: [old.get(name), new.get(name)] for name in names
        if old.get(name) != new.get(name) and isinstance(new.get(name, old.get(name)), TOLD)
    }
