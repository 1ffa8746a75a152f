"""Dossiers, bills of medical aid, and students of tuition aid (domain §4.6, §4.7, §5.2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look, day_of, fen, years_after

LABOUR_YEARS = 1  # of a migrant worker, on the day he applies
# Everybody who bears a part of a bill besides the patient (domain §5.7).
PAYERS = ("insured", "catastrophic", "civil_aid", "mutual", "commercial", "donated")


def dossier_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """The main cause is no minor one as well; nobody gets back more than he spent; a migrant worker's labour relation
    has lasted a year (domain §4.7, §5.7)."""
    found = []
    since = answers.get("employed_since")
    if since and years_after(day_of(since), LABOUR_YEARS) > day:
        words = Text("农民工与单位的劳动关系须满一年。", "A migrant worker's labour relation must have lasted a year.")
        found.append(Fault("employed_since", words))
    if answers.get("cause_main") in (answers.get("cause_minor") or ()):
        words = Text("主要原因不必再选为次要原因。", "The main cause is not chosen again as a further one.")
        found.append(Fault("cause_minor", words))
    for n, row in enumerate(answers.get("rigid") or ()):
        if fen(row, "reimbursed") > fen(row, "amount"):
            words = Text("已报销的金额大于总额。", "More was reimbursed than was spent.")
            found.append(Fault(f"rigid.{n}.reimbursed", words))
    return found


def medical_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Each stay ends after it began and within the last 12 months; others do not pay more than the bill."""
    found = []
    for n, row in enumerate(answers.get("treatment") or ()):
        first, last = day_of(row["from"]), day_of(row["to"])
        if last < first:
            found.append(Fault(f"treatment.{n}.to", Text("结束日期早于开始日期。", "The end lies before the start.")))
        elif years_after(last, 1) < day:
            words = Text("只计近 12 个月内的费用。", "Only costs of the last 12 months count.")
            found.append(Fault(f"treatment.{n}.to", words))
        if fen(row, *PAYERS) > fen(row, "total"):
            words = Text(
                "各方支付之和大于总费用，请核对结算单。", "Others paid more than the total: check the settlement sheet."
            )
            found.append(Fault(f"treatment.{n}.total", words))
    return found


def medical_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """in_household: the patient is of the dossier's household. own_cost_fen: left after all payers (domain §4.6)."""
    rows = answers.get("treatment") or ()
    own = sum(fen(row, "total") - fen(row, *PAYERS) for row in rows)
    return {
        "in_household": answers.get("patient") == "self" or look.lives_with(str(answers.get("patient_id_no") or "")),
        "own_cost_fen": max(0, own),
    }


def student_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """A new student is admitted in the year the school year begins."""
    start = int(str(answers["school_year"])[:4])
    if answers.get("new_student") and start != day.year:
        words = Text("新生只能申请本年秋季开始的学年。", "A new student applies for this year's autumn.")
        return [Fault("school_year", words)]
    return []


def student_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """in_household: the student is of the dossier's household. outside_aid_fen: recorded aid of others for the same
    school year (domain §4.6 no. 4)."""
    return {
        "in_household": look.lives_with(str(answers["student_id_no"])),
        "outside_aid_fen": sum(fen(row, "amount") for row in answers.get("outside_aid") or ()),
    }
