"""Named checks: what must fit together in the answers, and facts worked out from them and from the registers.

A programme names one under `check`; its eligibility table turns the facts into reason codes.
"""

from collections.abc import Mapping
from types import MappingProxyType

from casework.programmes.checks import campaigns, cover, hardship, legal_aid, petition, union, work
from casework.programmes.checks.base import Check, Fault, Held, Look, no_facts

__all__ = ["CHECKS", "Check", "Fault", "Held", "Look"]

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "hospital_claim": Check(
            cover.hospital_facts, cover.FACTS, cover.hospital_faults, ("mutual_plan",), looked=cover.LOOKED
        ),
        "dossier": Check(no_facts, (), hardship.dossier_faults),
        "critical_claim": Check(
            cover.critical_facts, cover.CRITICAL_FACTS, numbers=("mutual_plan_critical",), looked=cover.CRITICAL_LOOKED
        ),
        "medical_bills": Check(
            hardship.medical_facts, ("in_household", "own_cost_fen"), hardship.medical_faults, looked=("in_household",)
        ),
        "student": Check(
            hardship.student_facts, ("in_household", "outside_aid_fen"), hardship.student_faults,
            looked=("in_household",),
        ),
        "condolence_plan": Check(campaigns.plan_facts, ("goods_value",), campaigns.plan_faults),
        "selection_round": Check(no_facts, (), campaigns.round_faults),
        "petition": Check(petition.petition_facts, petition.FACTS, petition.petition_faults),
        "vacancy": Check(work.vacancy_facts, ("below_minimum",), work.vacancy_faults, ("minimum_wage",)),
        "training_class": Check(no_facts, (), work.class_faults),
        "job_seeker": Check(work.seeker_facts, ("hard",), work.seeker_faults),
        "legal_aid": Check(legal_aid.legal_facts, legal_aid.FACTS, legal_aid.legal_faults, looked=("entitled",)),
        "joining": Check(union.joining_facts, ("transfer",)),
        "card_roster": Check(
            union.roster_facts, ("cards", *union.COVERED), union.roster_faults, looked=union.COVERED
        ),
    }
)
