"""Filled-in applications for tests: a family in hardship, and its request for living aid."""

from typing import Any

from casework.people import persons
from tests.office import Office, id_number

HOUSEHOLD = ("王秀英", "李小明")


def dossier_answers(
    office: Office,
    who: str = "worker",
    *,
    income: int = 3_000_000,
    rigid: int = 900_000,
    members: int = 1,
    by: str = "",
    **changes: Any,
) -> dict[str, Any]:
    """The dossier form of one worker. income, rigid: fen in twelve months of the whole household; members: people who
    live with him (all retired, so that no wage is imputed); by: who uploads the papers, himself unless said; changes:
    further answers."""
    me = office.users[who].person
    assert me is not None
    by = by or who
    serial = me.pk % 400 + 500
    answers: dict[str, Any] = {
        "union": str(office.orgs["union"].public_id),
        "name": me.name,
        "id_no": persons.plain_for_system(me, "id_no"),
        "phone": "13900001234",
        "address": "商州区城关街道东背街 12 号",
        "marital": "married",
        "is_migrant_worker": False,
        "health": "chronic",
        "medical_insurance": "employee",
        "work": "retired",
        "unit_name": "秦岭纺织厂",
        "members": [
            {
                "name": HOUSEHOLD[n % 2],
                "relation": "spouse",
                "id_no": id_number(serial, "1955010" + str(1 + n)),
                "health": "good",
                "work": "retired",
                "authorisation": [office.upload(by, "means_authorisation")],
            }
            for n in range(members)
        ],
        "incomes": [{"member": "self", "kind": "wage", "amount": income}] if income else [],
        "single_parent": False,
        "zero_employment": False,
        "allowance": False,
        "rigid": [rigid_row(office, by, amount=rigid)] if rigid else [],
        "housing": "bought",
        "homes": 1,
        "vehicle": "none",
        "business": "none",
        "private_school": False,
        "study_abroad": False,
        "cause_main": "low_income",
        "disaster": False,
        "needs": ["living"],
        "statement": "退休金低，长期需要护理，入不敷出。",
        "account_name": changes.get("name", me.name),
        "card_no": "6222021234567890128",
        "bank": "中国工商银行",
        "id_card": [office.upload(by, "id_card")],
        "income_proof": [office.upload(by, "income_proof")],
        "general_consent": True,
        "sensitive_consent": True,
        "income_check_authorisation": True,
        "truth_pledge": True,
    }
    return answers | changes


def rigid_row(office: Office, who: str = "worker", **changes: Any) -> dict[str, Any]:
    """One row of rigid spending with its proof, uploaded by who; changes: further answers."""
    proof = [office.upload(who, "rigid_proof")]
    return {"member": "self", "kind": "care", "amount": 900_000, "reimbursed": 0, "proof": proof} | changes


def living_answers(office: Office, who: str = "worker", *, amount: int = 500_000, **changes: Any) -> dict[str, Any]:
    """The living aid form of one worker. amount: fen asked for."""
    me = office.users[who].person
    assert me is not None
    answers: dict[str, Any] = {
        "year": office.now.year,
        "months": 6,
        "amount": amount,
        "reason": "家庭支出大，生活困难。",
        "account_name": me.name,
        "card_no": "6222021234567890128",
        "bank": "中国工商银行",
        "branch": "商州支行",
        "income_proof": [office.upload(who, "income_proof")],
        "sensitive_consent": True,
        "truth_pledge": True,
    }
    return answers | changes


def temporary_answers(office: Office, who: str = "worker", **changes: Any) -> dict[str, Any]:
    """The temporary aid form of one worker after a fire in his kitchen; changes: further answers."""
    me = office.users[who].person
    assert me is not None
    answers: dict[str, Any] = {
        "union": str(office.orgs["union"].public_id),
        "name": me.name,
        "id_no": persons.plain_for_system(me, "id_no"),
        "phone": "13900001234",
        "event": "fire",
        "event_on": office.now.date().isoformat(),
        "event_proof_no": "商州消认字〔2026〕第 12 号",
        "loss": 800_000,
        "amount": 200_000,
        "reason": "厨房失火，家具烧毁。",
        "account_name": me.name,
        "card_no": "6222021234567890128",
        "bank": "中国工商银行",
        "event_proof": [office.upload(who, "event_proof")],
        "general_consent": True,
        "sensitive_consent": True,
        "truth_pledge": True,
    }
    return answers | changes
