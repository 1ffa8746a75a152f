"""What a case is worth by its rule, and everything needed to prove it again (domain §4.9: repeats to the fen).

An award keeps in the facts of the case: its figure, lines and sentence; the rule; the inputs by reference (programme
version and hash, rows of the regional numbers, digests of the answers, category); and what the same person was granted
earlier in the year, frozen, so that nobody needs another case to work it out again. Nothing in it is personal.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case, CaseParty, State
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.people.models import Person
from casework.people.persons import id_hash
from casework.programmes import parameters, references
from casework.programmes.checks import CHECKS
from casework.programmes.parameters import MissingParameter
from casework.programmes.rules import RULES, Rule, RuleFault
from casework.programmes.rules.rule import check_number
from casework.programmes.spec import Programme
from casework.workflows import effects
from casework.workflows.failing import RuleFailed
from casework.workflows.turn import Turn

GRANTED = Q(state__in=(State.APPROVED, State.SETTLED, State.CLOSED)) | Q(
    state=State.ACCEPTED, amount_fen__isnull=False
)
# The relation of a party for whom another claims.
INSURED = "insured"
# Kept with the case, not told in events: long, and worked out from what is told.
UNTOLD = ("lines", "award_lines", "award_says")
MOST_EARLIER = 500


def rules_of(turn: Turn) -> list[Rule]:
    """The rules of the programme: of the category and of the award."""
    return [RULES[name] for name in (turn.programme.classify, turn.programme.award) if name]


def numbers_of(turn: Turn, region: str, day: date) -> dict[str, Any]:
    """The numbers of a day whose tables are all sound, to be frozen into the case. A number that was missing or could
    not be applied on that day is replaced by what was entered to mend it since: nobody ever decided by the faulty one.

    Raises MissingParameter, RuleFailed."""
    try:
        return _sound(turn, region, day)
    except (MissingParameter, RuleFailed):
        if day >= turn.today:
            raise
        return _sound(turn, region, turn.today)


def _sound(turn: Turn, region: str, day: date) -> dict[str, Any]:
    numbers = parameters.snapshot(turn.programme.numbers, region, day)
    for rule in rules_of(turn):
        try:
            rule.check(numbers)
        except RuleFault as fault:
            raise RuleFailed(rule.name, fault) from fault
    check = turn.programme.check
    try:
        for key in CHECKS[check].numbers if check else ():
            check_number(key, numbers.get(key))
    except RuleFault as fault:
        raise RuleFailed(check, fault) from fault
    for place, reference in compared(turn.programme):
        try:
            references.whole(numbers, reference)
        except RuleFault as fault:
            raise RuleFailed(place, fault) from fault
    return numbers


def compared(programme: Programme) -> list[tuple[str, str]]:
    """The regional numbers that conditions of a programme compare with: (step, or "eligibility"; reference)."""
    conditions = [(step.key, step.when) for step in programme.steps()]
    conditions += [("eligibility", row.when) for row in programme.eligibility]
    return [(place, reference) for place, when in conditions for _fact, _test, reference in references.named(when)]


def classified(
    turn: Turn, answers: Mapping[str, Any], numbers: Mapping[str, Any], found_income: int | None
) -> dict[str, Any]:
    """The facts of the household by the programme's rule, as of the day of acceptance. Raises RuleFailed."""
    rule, day = RULES[turn.programme.classify], local_date(turn.case.accepted_at or turn.now)
    try:
        return rule.classify(answers, numbers, day, found_income=found_income)
    except RuleFault as fault:
        raise RuleFailed(rule.name, fault) from fault


def reckon(turn: Turn, answers: Mapping[str, Any], numbers: Mapping[str, Any]) -> None:
    """Work the award out and keep it with its inputs. Raises RuleFailed."""
    case = turn.case
    if turn.programme.award:
        rule = RULES[turn.programme.award]
        earlier = earlier_of(case, _counted(case, answers)) if rule.asks_earlier else None
        try:
            found = rule.award(answers, numbers, case.category, earlier, case.facts)
        except RuleFault as fault:
            raise RuleFailed(rule.name, fault) from fault
        kept = {"award_rule": rule.name, "award_inputs": _inputs(turn, rule, numbers)}
        case.facts = {**case.facts, **found, **kept} | ({"earlier": earlier} if rule.asks_earlier else {})
    turn.facts["facts"] = {key: value for key, value in case.facts.items() if key not in UNTOLD}
    if case.accepted_at is not None:
        turn.then(effects.mend_trouble)


def _inputs(turn: Turn, rule: Rule, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """What the award was worked out from, by reference."""
    case, version = turn.case, turn.case.programme
    rows = numbers.get("_from", {})
    held = turn.facts.get("answers") or case.facts.get("award_inputs", {}).get("answers")
    return {
        "programme": {"key": version.key, "version": version.version, "content_hash": version.content_hash},
        "numbers": {key: rows[key] for key in rule.numbers if key in rows},
        "answers": held or case_answers.digests(case), "category": case.category,
    }


def work_out_again(turn: Turn) -> None:
    """After the category was changed. Raises RuleFailed."""
    reckon(turn, case_answers.full(turn.case), turn.case.parameters)


def year_of(case: Case) -> int:
    """The year a case counts for: the policy year its facts name, the year of the aid, or that of its submission."""
    year = case.facts.get("policy_year") or case.year
    return int(year or local_date(case.submitted_at or case.created_at).year)


def _counted(case: Case, answers: Mapping[str, Any]) -> int | None:
    """The person a case counts for as its answers name him: the insured, else the applicant."""
    id_no = str(answers.get("insured_id_no") or "")
    if not id_no:
        return case.applicant_id
    return Person.objects.filter(id_hash=id_hash(id_no)).values_list("pk", flat=True).first()


def counted(case: Case) -> int:
    """The person a case counts for, once its parties are known."""
    insured = case.parties.filter(relation=INSURED).values_list("person_id", flat=True).first()
    return insured or case.applicant_id


def earlier_of(case: Case, person: int | None = None) -> dict[str, Any]:
    """What a person was granted before in other cases of the same service, whoever claimed it: this year's bases and
    payments, those of all years, and the cases of this year by number, in fen. person: whom the case counts for."""
    person = person or counted(case)
    claimed = CaseParty.objects.filter(relation=INSURED)
    by_others = list(claimed.filter(person=person).values_list("case", flat=True))
    own = Q(applicant_id=person) & ~Exists(claimed.filter(case=OuterRef("pk")))
    rows = Case.objects.filter(GRANTED, Q(pk__in=by_others) | own, key=case.key).exclude(pk=case.pk)
    granted = list(rows.defer("parameters").order_by("pk")[:MOST_EARLIER])
    same = [other for other in granted if year_of(other) == year_of(case)]
    return {
        "year": year_of(case), "base_fen": sum(int(other.facts.get("award_base_fen") or 0) for other in same),
        "paid_fen": sum(other.amount_fen or 0 for other in same),
        "life_paid_fen": sum(other.amount_fen or 0 for other in granted), "cases": [other.number for other in same],
    }


def moved(turn: Turn) -> bool:
    """Was something granted to the same person since the award was worked out?"""
    award = turn.programme.award
    if not award or not RULES[award].asks_earlier or turn.case.accepted_at is None:
        return False
    return earlier_of(turn.case) != turn.case.facts.get("earlier")


def refresh(turn: Turn) -> None:
    """A step before the approval works with what was granted by now. Raises RuleFailed."""
    if turn.case.state == State.ACCEPTED and turn.case.amount_fen is None and moved(turn):
        work_out_again(turn)


def outdated(turn: Turn) -> list[Problem]:
    """Another case of the same person was granted since the amount was worked out. The person's row is locked, so that
    of two approvals at once the second sees the first."""
    if turn.programme.award and RULES[turn.programme.award].asks_earlier:
        Person.objects.select_for_update(no_key=True).filter(pk=counted(turn.case)).values_list("pk").get()
    if not moved(turn):
        return []
    message = _("Another case of this person was granted since the amount was worked out.")
    return [Problem("EARLIER_CHANGED", message, mend=_("Return it to an earlier step, which works it out anew."))]
