"""Illness: the mutual claims (domain §5.1) and medical aid (domain §5.2)."""

from collections.abc import Mapping
from typing import Any

from casework.core.money import half_up
from casework.core.text import Text
from casework.programmes.rules.awards import Award, Earlier, award_by
from casework.programmes.rules.formulas import Base
from casework.programmes.rules.lines import line, share
from casework.programmes.rules.outcome import at_most, outcome
from casework.programmes.rules.tables import percent, table

Answers = Mapping[str, Any]
Numbers = Mapping[str, Any]
# Who paid before the worker did, in the order of settlement (domain §4.6 no. 5).
PAYERS = ("insured", "catastrophic", "civil_aid", "mutual", "commercial", "donated")
SELF_PAID = Text("本次目录内自付费用", "Own cost within the list, this time")
LUMP_SUM = Text("按所持份数的互助金", "Lump sum of the shares held")
OWN_COST = Text("各项报销后个人负担费用", "Own cost after all payments")


def mutual_claim_hospital(
    answers: Answers, numbers: Numbers, category: str, *, earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """What the mutual plan pays for a stay in hospital: its table over the own cost within the list, added up over the
    policy year."""
    base = self_in_list(answers)
    found = award_by(numbers["mutual_hospital"], Base(fen=base), Earlier.of(earlier), "mutual_hospital")
    return outcome(Award(found.fen, [line(SELF_PAID, base), *found.lines], found.limit), SELF_PAID, base)


def mutual_claim_critical(
    answers: Answers, numbers: Numbers, category: str, *, found: Mapping[str, Any]
) -> dict[str, Any]:
    """The lump sum of the shares held for a first diagnosis, or its reduced part in the days after the wait (domain
    §5.1). found: shares and reduced, of the check."""
    award = award_by(numbers["mutual_critical"], Base(shares=int(found.get("shares") or 1)), where="mutual_critical")
    if found.get("reduced"):
        key = "mutual_plan_critical"
        reduced = percent(table(numbers[key], key), "reduced_percent", key)
        part, told = half_up(award.fen * reduced), share(reduced)
        words = Text(f"等待期后减额期内，按 {told} % 给付", f"In the days after the wait, {told} %")
        return outcome(Award(part, [*award.lines, line(words, part)]), LUMP_SUM, award.fen)
    return outcome(award, LUMP_SUM, award.fen)


def self_in_list(answers: Answers) -> int:
    """What the insured paid himself within the list, in fen: total − insurance − catastrophic cover − other payers −
    what lies outside the list; never below zero."""
    paid = sum(_fen(answers, key) for key in ("insured_paid", "catastrophic", "other", "outside_list"))
    return max(0, _fen(answers, "total") - paid)


def medical_aid(answers: Answers, numbers: Numbers, category: str, *, earlier: Mapping[str, Any]) -> dict[str, Any]:
    """The union's part of the cost a household has left, by category of hardship; with everybody else's payments never
    more than the real cost (domain §4.6 no. 5). The number is one table, or a table for each category."""
    own = own_cost(answers)
    tables = table(numbers["medical_aid"], "medical_aid")
    where = "medical_aid" if "kind" in tables else f"medical_aid.{category}"
    if category in ("", "none"):
        return outcome(Award(0, [line(OWN_COST, own)], "none"), OWN_COST, own)
    found = award_by(tables if "kind" in tables else tables.get(category), Base(fen=own), Earlier.of(earlier), where)
    found = Award(found.fen, [line(OWN_COST, own), *found.lines], found.limit)
    rest = max(0, own - sum(_fen(row, "amount") for row in answers.get("other_aid") or []))
    return outcome(at_most(found, rest, Text("其他帮扶后的剩余费用", "Left after other aid"), "rest"), OWN_COST, own)


def own_cost(answers: Answers) -> int:
    """What the household itself bore of all treatments, in fen; a row on which the payers gave more counts nothing."""
    rows = answers.get("treatment") or []
    return sum(max(0, _fen(row, "total") - sum(_fen(row, payer) for payer in PAYERS)) for row in rows)


def _fen(answers: Answers, key: str) -> int:
    return int(answers.get(key) or 0)
