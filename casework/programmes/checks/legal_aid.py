"""Legal aid (domain §5.4): who is entitled, and how long one may still ask for arbitration."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Look, day_of, years_after

FACTS = ("entitled", "days_left", "urgent")
LIMITATION_YEARS = 1
URGENT_DAYS = 7
# What a migrant worker may ask for without a test of means.
UNTESTED = ("wages", "injury")


def days_left(answers: Mapping[str, Any], day: date) -> int:
    """Calendar days until the time to ask for arbitration runs out; below zero once it has."""
    return (years_after(day_of(answers["event_date"]), LIMITATION_YEARS) - day).days


def is_urgent(answers: Mapping[str, Any], day: date) -> bool:
    """Does the time run out within a week? Then the papers come later."""
    return 0 <= days_left(answers, day) <= URGENT_DAYS


def legal_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """The reason why no means are examined fits the worker and the matter; papers are there unless it is urgent."""
    found = []
    exempt = answers.get("migrant") and answers.get("matter") in UNTESTED
    if answers.get("poverty") == "migrant_exempt" and not exempt:
        words = Text(
            "免予审查仅适用于请求支付工资或工伤待遇的农民工。",
            "Only migrant workers who ask for wages or work-injury pay are exempt.",
        )
        found.append(Fault("poverty", words))
    if is_urgent(answers, day):
        return found
    if answers.get("poverty") == "certificate" and not answers.get("poverty_proof"):
        found.append(Fault("poverty_proof", Text("请上传经济困难证明。", "Upload the certificate of hardship.")))
    if not answers.get("evidence"):
        found.append(Fault("evidence", Text("请上传证据材料。", "Upload the evidence.")))
    return found


def legal_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """entitled: poor by dossier or certificate, clearly wronged, or a migrant worker asking for wages or work-injury
    pay. days_left, urgent: of the time to ask for arbitration."""
    poverty = answers.get("poverty")
    in_dossier = poverty == "dossier" and look.standing("hardship_dossier", _himself(answers)) > 0
    poor = poverty == "certificate" or in_dossier
    entitled = poor or poverty == "migrant_exempt" or bool(answers.get("wronged"))
    return {"entitled": entitled, "days_left": days_left(answers, day), "urgent": is_urgent(answers, day)}


def _himself(answers: Mapping[str, Any]) -> list[str]:
    return [str(answers["id_no"])] if answers.get("id_no") else []
