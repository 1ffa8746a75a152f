"""Named rules: plain, tested functions that a programme refers to by name.

A rule that is to give other figures gets a new name; the old one stays as it is, for the versions that name it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from casework.programmes.rules.amounts import living_aid, temporary_aid, tuition_aid
from casework.programmes.rules.campaigns import condolence_line, home_reward
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.income import classify, classify_first
from casework.programmes.rules.medical import medical_aid, mutual_claim_critical, mutual_claim_hospital
from casework.programmes.rules.rule import Rule

__all__ = ["RULES", "Rule", "RuleFault"]

_LINE = "subsistence_line"
RULES: Mapping[str, Rule] = MappingProxyType({
    rule.name: rule
    for rule in (
        Rule("hardship_category", classify_first, "classify", (_LINE, "minimum_wage")),
        Rule("hardship_category_2", classify, "classify", (_LINE, "minimum_wage")),
        Rule("living_aid", living_aid, "award", (_LINE, "living_aid")),
        Rule("medical_aid", medical_aid, "award", ("medical_aid",), asks_earlier=True),
        Rule("tuition_aid", tuition_aid, "award", ("tuition_aid",), may_read=(_LINE,)),
        Rule("temporary_aid", temporary_aid, "award", ("temporary_aid",), asks_earlier=True, may_read=(_LINE,)),
        Rule("condolence_line", condolence_line, "award", ("condolence",)),
        Rule("home_reward", home_reward, "award", ("standard_home",)),
        Rule(
            "mutual_claim_critical", mutual_claim_critical, "award", ("mutual_critical", "mutual_plan_critical"),
            asks_facts=("shares", "reduced"),
        ),
        Rule("mutual_claim_hospital", mutual_claim_hospital, "award", ("mutual_hospital",), asks_earlier=True),
    )
})
