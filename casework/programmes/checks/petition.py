"""Petitions (domain §5.4): a joint matter names its representatives; what was not registered the same day is noted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look, day_of

FACTS = ("joint", "late_days")


def petition_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Several people speak through at least one of them, and through no more than they are."""
    people, named = int(answers.get("headcount") or 1), len(answers.get("representatives") or ())
    if people > 1 and not named:
        words = Text("多人共同反映的，请填写推选的代表。", "Name the representatives of a joint matter.")
        return [Fault("representatives", words)]
    if named > people:
        return [Fault("headcount", Text("代表人数多于涉及人数。", "There are more representatives than people."))]
    return []


def petition_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """joint: several people; late_days: calendar days between receipt and registration, 0 as it has to be."""
    received = answers.get("received_on")
    late = (day - day_of(received)).days if received else 0
    return {"joint": int(answers.get("headcount") or 1) > 1, "late_days": max(0, late)}
