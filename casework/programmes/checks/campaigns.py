"""Plans of campaigns: what a gift is worth, and the places of a round (domain §5.2, §5.6, §5.7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look

LEADER = "leader"


def plan_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """goods_value: fen that the goods of one household are worth; the plan is approved with money and goods together
    under the cap of one occasion."""
    return {"goods_value": sum(int(row["quantity"]) * int(row["unit_price"]) for row in answers.get("goods") or ())}


def plan_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Visits end after they begin."""
    if str(answers["visit_to"]) >= str(answers["visit_from"]):
        return []
    return [Fault("visit_to", Text("走访结束日期早于开始日期。", "The visits end before they begin."))]


def round_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Each county and group has one row, and leaders get no more places than the round allows them."""
    found, seen, leaders = [], set(), 0
    for n, row in enumerate(answers.get("quotas") or ()):
        key = (str(row["county"]), row["group"])
        if key in seen:
            words = Text("该县（区）的这一类别已写过名额。", "This group of this county has its places already.")
            found.append(Fault(f"quotas.{n}.group", words))
        seen.add(key)
        leaders += int(row["places"]) if row["group"] == LEADER else 0
    if leaders > int(answers.get("leaders_most") or 0):
        words = Text(
            f"单位负责人名额合计 {leaders} 个，超过上限。", f"Leaders have {leaders} places, more than the limit."
        )
        found.append(Fault("leaders_most", words))
    return found
