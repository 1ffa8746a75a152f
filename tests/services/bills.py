"""Filled-in claims and bills for the stories of medical aid and of the mutual plan."""

import datetime as dt
from typing import Any

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.cases.models import Case
from casework.mutualaid import cover
from casework.people import persons
from casework.registers.models import Entry
from tests import walk
from tests.office import Office

CARD = "6222021234567890128"


def account(office: Office, who: str) -> dict[str, Any]:
    """The payee account of a worker."""
    person = office.users[who].person
    assert person is not None
    return {"account_name": person.name, "card_no": CARD, "bank": "中国工商银行", "branch": "商州支行"}


def treatment(own: int, number: str = "JS-2026-001", **changes: Any) -> dict[str, Any]:
    """A stay that left so much to the household, in fen."""
    stay = {"from": "2026-09-01", "to": "2026-09-12", "settlement_no": number}
    return {**stay, "total": own + 500_000, "insured": 500_000, **changes}


def medical(office: Office, who: str = "worker", own: int = 1_500_000, **changes: Any) -> Case:
    """An application for medical aid, handed in. own: fen left after all payers."""
    rows = [treatment(own)]
    answers = {
        "patient": "self", "diagnosis": "慢性肾病", "year": 2026, "treatment": rows,
        "settlement": [office.upload(who, "settlement")], "diagnosis_paper": [office.upload(who, "diagnosis")],
        "sensitive_consent": True, "truth_pledge": True,
    }  # fmt: skip
    return office.apply(who, "medical_aid", answers | account(office, who) | changes)


def insure(office: Office, first: str, last: str, who: str = "worker", **more: Any) -> Entry:
    """A worker's cover of a plan, the hospital's unless told, both days inclusive."""
    walk.member(office, who)
    person = office.users[who].person
    assert person is not None
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return cover.give(person, office.orgs["union"], *days, stamp_of(SYSTEM, None, "command"), office.now, **more)


def claim(office: Office, own: int = 720_000, number: str = "JS-2026-101", who: str = "worker", **changes: Any) -> Case:
    """A hospital claim, handed in. own: fen the insured bore himself within the list."""
    walk.member(office, who)
    me = office.users[who].person
    assert me is not None
    answers = {
        "claimant": "same", "union": str(office.orgs["union"].public_id),
        "name": me.name, "phone": "13900001234",
        "id_no": persons.plain_for_system(me, "id_no"), "admitted": "2026-10-20", "discharged": "2026-10-28",
        "hospital": "商洛市中心医院", "hospital_level": "3", "cause": "illness", "diagnosis": "肺炎",
        "settlement_no": number, "total": own + 900_000, "insured_paid": 700_000, "catastrophic": 0, "other": 100_000,
        "outside_list": 100_000, "id_card": [office.upload(who, "id_card")],
        "settlement": [office.upload(who, "settlement")], "discharge": [office.upload(who, "discharge")],
        "sensitive_consent": True, "truth_pledge": True,
    }  # fmt: skip
    return office.apply(who, "mutual_claim_hospital", answers | account(office, who) | changes)


def accepted(office: Office, case: Case) -> Case:
    """The claim as it comes to the case officer."""
    office.do(case, "unit_check.pass", "chair", opinion="情况属实")
    office.do(case, "accept.pass", "clerk")
    return office.fresh(case)


def approved(office: Office, case: Case, by: str = "approver") -> Case:
    """Calculated, reviewed where it must be, and approved with what the rule found."""
    office.do(case, "calculate.pass", "officer")
    if office.steps(case) == ["review"]:
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    office.do(case, "approve.pass", by, amount=office.fresh(case).facts["award_fen"])
    return office.fresh(case)


def granted(office: Office, own: int, number: str, by: str = "approver", **changes: Any) -> Case:
    """A claim from the form to the payment desk."""
    return approved(office, accepted(office, claim(office, own, number, **changes)), by)


def medical_in_march(office: Office, who: str) -> dict[str, Any]:
    """What must fit together in an application for medical aid filed in March 2026; the rest is anything."""
    days = {"from": "2026-01-05", "to": "2026-01-12"}
    return {"patient": "self", "year": 2026, "treatment": [treatment(300_000, **days)]}


def claim_in_march(office: Office, who: str) -> dict[str, Any]:
    """What must fit together in a hospital claim filed in March 2026; the rest is anything."""
    bill = {"total": 1_720_000, "insured_paid": 1_000_000, "catastrophic": 0, "other": 0, "outside_list": 0}
    stay = {"admitted": "2026-02-01", "discharged": "2026-02-05", "hospital_level": "3", "cause": "illness"}
    return {"claimant": "same", **stay, **bill}


def insured_since_2025(office: Office, who: str) -> None:
    """Cover without a gap over two years."""
    for year in (2025, 2026):
        insure(office, f"{year}-01-01", f"{year}-12-31", who)


def himself_a_student(office: Office, who: str) -> dict[str, Any]:
    """A worker who studies himself: he is of his own household."""
    person = office.users[who].person
    assert person is not None
    return {"student_id_no": persons.plain_for_system(person, "id_no"), "schooling": "public", "new_student": False}


def critical(office: Office, diagnosed_on: str, who: str = "worker", **changes: Any) -> Case:
    """A claim after the diagnosis of a critical illness, handed in."""
    walk.member(office, who)
    me = office.users[who].person
    assert me is not None
    answers = {
        "union": str(office.orgs["union"].public_id), "name": me.name, "phone": "13900001234",
        "id_no": persons.plain_for_system(me, "id_no"), "diagnosed_on": diagnosed_on, "disease_code": "C34.1",
        "diagnosis": "右肺上叶恶性肿瘤", "pathology_no": "BL-2026-001", "first_ever": True,
        "hospital": "商洛市中心医院", "hospital_level": "3", "sensitive_consent": True, "truth_pledge": True,
        **{paper: [office.upload(who, paper)] for paper in ("id_card", "pathology", "medical_record")},
    }  # fmt: skip
    return office.apply(who, "mutual_claim_critical", answers | account(office, who) | changes)


def diagnosed_in_february(office: Office, who: str) -> dict[str, Any]:
    """What must fit together in a critical claim filed in March 2026; the rest is anything."""
    return {"diagnosed_on": "2026-02-01", "disease_code": "C34.1", "first_ever": True, "hospital_level": "3"}


def critical_since_2025(office: Office, who: str) -> None:
    """Cover of the critical plan without a gap over two years, two shares."""
    for year in (2025, 2026):
        insure(office, f"{year}-01-01", f"{year}-12-31", who, plan=cover.CRITICAL, shares=2)
