"""Joining a union, and rosters of union cards (domain §5.5)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look

COVERED = ("of_dossiers", "of_insured", "of_members")


def joining_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """transfer: the membership moves here from another union."""
    return {"transfer": bool(answers.get("transfer"))}


def roster_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Nobody stands twice in a roster; an ID card that has run out opens no account."""
    found, seen = [], set()
    for n, row in enumerate(answers.get("rows") or ()):
        if row["id_no"] in seen:
            words = Text("此人在名册中重复。", "This person stands in the roster twice.")
            found.append(Fault(f"rows.{n}.id_no", words))
        seen.add(row["id_no"])
        valid = row.get("id_valid_to")
        if valid and date.fromisoformat(valid) < day:
            found.append(Fault(f"rows.{n}.id_valid_to", Text("身份证已过期。", "This ID card has run out.")))
    return found


def roster_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """How many cards, and the coverage: of the roster, those of households with a dossier, those insured in mutual
    aid, and members. The first batch goes to the first two (domain §5.5)."""
    people = [str(row["id_no"]) for row in answers.get("rows") or ()]
    return {
        "cards": len(people),
        "of_dossiers": look.standing("hardship_dossier", people),
        "of_insured": look.standing("cover", people),
        "of_members": look.standing("membership", people),
    }
