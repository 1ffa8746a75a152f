"""Claims on mutual-aid cover (domain §5.1): insured, after the wait, in time, and for a cause that counts?"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from casework.core.text import Text
from casework.programmes.checks.base import Fault, Held, Look, day_of, fen, years_after

REGISTER = "cover"
# Claimants who are not the insured (domain §5.7).
OTHERS = ("heir", "guardian")
PAID = ("insured_paid", "catastrophic", "other", "outside_list")
LOOKED = ("insured", "cover_ended", "waiting", "cover_from", "cover_to", "policy_year")
FACTS = (*LOOKED, "late", "told_late", "cause_excluded", "level_too_low")
CRITICAL_LOOKED = (*LOOKED, "reduced", "shares")
CRITICAL_FACTS = (*CRITICAL_LOOKED, "plan", "late", "disease_unlisted", "not_first", "level_too_low")
# Where the plan's numbers do not say otherwise (domain §5.1 [G], [P]).
WAIT_DAYS, RENEWAL_GAP_DAYS, LATE_YEARS, FILE_DAYS, LEAST_LEVEL = 30, 30, 2, 60, 2


def hospital_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Discharge not before admission; the parts of the bill are not more than the whole (domain §5.1)."""
    found = []
    if answers.get("claimant") in OTHERS and answers.get("insured_id_no") == answers.get("id_no"):
        words = Text("申请人就是被保障人，请改选“被保障人本人”。", "The claimant is the insured: choose “the insured”.")
        found.append(Fault("insured_id_no", words))
    if day_of(answers["discharged"]) < day_of(answers["admitted"]):
        found.append(Fault("discharged", Text("出院日期早于入院日期。", "The discharge lies before the admission.")))
    if fen(answers, *PAID) > fen(answers, "total"):
        found.append(
            Fault(
                "total",
                Text(
                    "总费用小于各项报销与目录外费用之和，请核对结算单。",
                    "The total is less than what was paid and what lies outside the list: check the settlement sheet.",
                ),
            )
        )
    return found


def hospital_facts(
    answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look
) -> dict[str, Any]:
    """Facts that the eligibility table turns into codes: insured, cover_ended, waiting, late, cause_excluded,
    level_too_low; and the period of the cover by which a year's claims are added up."""
    plan: Mapping[str, Any] = numbers["mutual_plan"]
    covers = of_plan(look.held(REGISTER, str(answers.get("insured_id_no") or "")), str(plan.get("plan", "hospital")))
    admitted, discharged = day_of(answers["admitted"]), day_of(answers["discharged"])
    cover = covering(covers, admitted)
    facts: dict[str, Any] = {
        "insured": cover is not None,
        "cover_ended": cover is None and any(one.last is not None and one.last < admitted for one in covers),
        "waiting": cover is not None and answers["cause"] != "accident" and waits(covers, cover, admitted, plan),
        "late": day > years_after(discharged, int(plan.get("late_years", LATE_YEARS))),
        "told_late": day > discharged + timedelta(days=int(plan.get("file_days", FILE_DAYS))),
        "cause_excluded": answers["cause"] in plan.get("excluded_causes", ()) or bool(answers.get("exclusions")),
        "level_too_low": int(answers["hospital_level"]) < int(plan.get("least_level", LEAST_LEVEL)),
    }
    if cover is not None:
        last = cover.last.isoformat() if cover.last else ""
        facts |= {"cover_from": cover.first.isoformat(), "cover_to": last, "policy_year": cover.first.year}
    return facts


def critical_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """Facts of a claim after a first diagnosis: insured, cover_ended; waiting in the first days of a first cover,
    reduced in those after them; the shares held; late, disease_unlisted, not_first, level_too_low."""
    plan: Mapping[str, Any] = numbers["mutual_plan_critical"]
    covers = of_plan(look.held(REGISTER), str(plan["plan"]))
    diagnosed, code = day_of(answers["diagnosed_on"]), str(answers["disease_code"]).upper()
    cover = covering(covers, diagnosed)
    waiting = cover is not None and waits(covers, cover, diagnosed, plan)
    facts: dict[str, Any] = {
        "plan": str(plan["plan"]), "insured": cover is not None,
        "cover_ended": cover is None and any(one.last is not None and one.last < diagnosed for one in covers),
        "waiting": waiting,
        "reduced": cover is not None and not waiting
        and waits(covers, cover, diagnosed, {**plan, "wait_days": plan["reduced_days"]}),
        "shares": int(cover.data.get("shares") or 1) if cover is not None else 0,
        "late": day > years_after(diagnosed, int(plan["late_years"])),
        "disease_unlisted": not code.startswith(tuple(plan["diseases"])),
        "not_first": not answers.get("first_ever"),
        "level_too_low": int(answers["hospital_level"]) < int(plan["least_level"]),
    }
    if cover is not None:
        last = cover.last.isoformat() if cover.last else ""
        facts |= {"cover_from": cover.first.isoformat(), "cover_to": last, "policy_year": cover.first.year}
    return facts


def of_plan(entries: Sequence[Held], plan: str) -> list[Held]:
    """Covers of one plan, the oldest first."""
    return sorted((one for one in entries if one.data.get("plan") == plan), key=lambda one: one.first)


def covering(covers: Sequence[Held], on: date) -> Held | None:
    """The cover in which a day lies, the newest if several do."""
    return next((one for one in reversed(covers) if one.first <= on and (one.last is None or on <= one.last)), None)


def waits(covers: Sequence[Held], cover: Held, on: date, plan: Mapping[str, Any]) -> bool:
    """Does a day lie in the waiting period? The first day of the cover is day 1; with a wait of 30 days, day 31 is the
    first that counts. A cover that follows the one before within the renewal gap has no wait."""
    gap = timedelta(days=int(plan.get("renewal_gap_days", RENEWAL_GAP_DAYS)))
    for before, after in pairwise(covers):
        if after == cover and before.last is not None and cover.first <= before.last + gap:
            return False
    return (on - cover.first).days < int(plan.get("wait_days", WAIT_DAYS))
