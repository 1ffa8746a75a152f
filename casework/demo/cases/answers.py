"""Filled-in forms of the workers. Money in fen."""
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from stdnum import luhn

from casework.core.calendar import local_date
from casework.demo.cases.acts import Upload
from casework.demo.cases.means import MEANS
from casework.demo.cases.people import BY_LOGIN, WORKERS
from casework.demo.organisations import by_key
from casework.demo.people import Someone
from casework.people.models import Relation

Form = Callable[[datetime], dict[str, Any]]
SCHOOLS = ("商州区第一小学", "商州区初级中学", "商洛中学", "商洛职业技术学院")
ADULT = 18
PLEDGES = {"sensitive_consent": True, "truth_pledge": True}


def _day(now: datetime, back: int = 0) -> str:
    return (local_date(now) - timedelta(days=back)).isoformat()


def _person(login: str) -> dict[str, Any]:
    worker = BY_LOGIN[login]
    return {
        "union": str(by_key()[worker.union].public_id), "name": worker.me.name, "id_no": worker.me.id_no,
        "phone": worker.me.phone,
    }


def account(login: str) -> dict[str, Any]:
    """A bank card with a right check digit that belongs to nobody."""
    number = f"62220212345{[worker.login for worker in WORKERS].index(login):07d}"
    card = number + luhn.calc_check_digit(number)
    return {"account_name": BY_LOGIN[login].me.name, "card_no": card, "bank": "中国邮政储蓄银行", "branch": "商州支行"}


def dossier(login: str) -> Form:
    """The dossier form, from what the household declares."""
    means, worker = MEANS[login], BY_LOGIN[login]

    def form(now: datetime) -> dict[str, Any]:
        members = [_member(one, work, now) for one, work in zip(worker.family[1:], means.works, strict=True)]
        spent = {
            "member": "self", "kind": means.kind, "amount": means.spent * 100, "reimbursed": means.back * 100,
            "proof": Upload("rigid_proof"),
        }
        alone = means.cause == "single_parent"
        migrant = {"employed_since": _day(now, 900), "migrant_contract": Upload("labour_contract")}
        return _person(login) | account(login) | PLEDGES | (migrant if means.migrant else {}) | {
            "address": "商州区城关街道东背街社区", "marital": "divorced" if alone else "married",
            "is_migrant_worker": means.migrant, "health": means.health, "medical_insurance": "employee",
            "work": means.work, "unit_name": _unit(worker.union), "unit_state": "normal", "members": members,
            "single_parent": alone, "incomes": [{"member": "self", "kind": "wage", "amount": means.wage * 100}],
            "rigid": [spent], "housing": "bought", "area": 70, "homes": 1,
            "vehicle": "none", "business": "none", "private_school": False, "study_abroad": False,
            "cause_main": means.cause, "disaster": means.cause == "accident", "needs": ["living"],
            "statement": means.statement, "general_consent": True, "income_check_authorisation": True,
        }

    return form


def _unit(union: str) -> str:
    """The employer, by the name of its union; somebody who cannot work any more is not asked."""
    return by_key()[union].name.removesuffix("工会")


def _member(one: Someone, work: str, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": one.name, "relation": Relation(one.relation).value, "id_no": one.id_no, "work": work,
        "health": "chronic" if work == "unable" else "good",
    }
    today = local_date(now)
    age = today.year - int(one.born[:4]) - (f"{today:%m%d}" < one.born[4:])
    if age >= ADULT:
        row["authorisation"] = Upload("means_authorisation")
    return row | {"school": SCHOOLS[min(3, max(0, age - 10) // 3)]} if work == "student" else row


def living(login: str, yuan: int, reason: str) -> Form:
    """The form of living aid."""

    def form(now: datetime) -> dict[str, Any]:
        year = local_date(now).year
        return account(login) | PLEDGES | {"year": year, "months": 6, "amount": yuan * 100, "reason": reason}

    return form


def medical(login: str, diagnosis: str, yuan: int, insured: int) -> Form:
    """The form of medical aid: one stay in hospital, ended two months before."""

    def form(now: datetime) -> dict[str, Any]:
        stay = {
            "from": _day(now, 75), "to": _day(now, 61), "settlement_no": f"JS-{_day(now, 61)}-{len(login):02d}",
            "total": yuan * 100, "insured": insured * 100,
        }
        about = {"patient": "self", "diagnosis": diagnosis, "year": local_date(now).year, "treatment": [stay]}
        return account(login) | PLEDGES | about

    return form


def temporary(login: str, event: str, loss: int, reason: str, proof: str) -> Form:
    """The form of temporary aid: something that happened two days before."""

    def form(now: datetime) -> dict[str, Any]:
        told = {
            "event": event, "event_on": _day(now, 2), "event_proof_no": proof, "loss": loss * 100,
            "amount": min(loss, 3000) * 100, "reason": reason, "general_consent": True,
        }
        return _person(login) | account(login) | PLEDGES | told

    return form


def membership(login: str, employer: str, work: str) -> Form:
    """The form of joining a union."""

    def form(now: datetime) -> dict[str, Any]:
        return _person(login) | {
            "employer": employer, "form": work, "join_on": _day(now), "source": "online", "accepts_charter": True,
            "general_consent": True,
        }

    return form


def cards(union: str, *logins: str) -> Form:
    """The roster of a batch of union cards."""

    def form(now: datetime) -> dict[str, Any]:
        people = [BY_LOGIN[login].me for login in logins]
        rows = [{"name": one.name, "id_no": one.id_no, "phone": one.phone, "job": "一线职工"} for one in people]
        return {
            "union": str(by_key()[union].public_id), "contact": "苏小梅", "contact_phone": "0914-2388202",
            "bank": "中国邮政储蓄银行", "rows": rows, "share_consent": True, "truth_pledge": True,
        }

    return form


def call(matter: str, text: str, caller: str = "", phone: str = "") -> Form:
    """What a caller says on the telephone."""

    def form(now: datetime) -> dict[str, Any]:
        told = {"office": str(by_key()["shangzhou"].public_id), "matter": matter, "text": text, "danger": False}
        return told | ({"name": caller, "phone": phone} if caller else {})

    return form


def petition(topic: str, employer: str, text: str) -> Form:
    """A petition through the net, to the county."""

    def form(now: datetime) -> dict[str, Any]:
        place = str(by_key()["shangzhou"].public_id)
        return {
            "channel": "web", "headcount": 1, "office": place, "topic": topic, "employer": employer, "text": text,
        }

    return form


def legal_aid(login: str, matter: str, text: str) -> Form:
    """The form of legal aid: a wrong of two months before."""

    def form(now: datetime) -> dict[str, Any]:
        me = {key: value for key, value in _person(login).items() if key != "union"}
        return me | {
            "office": str(by_key()["shangzhou"].public_id), "poverty": "certificate", "employer": "某示范单位",
            "matter": matter, "event_date": _day(now, 60), "wanted": ["mediation", "arbitration"], "text": text,
            "general_consent": True, "truth_pledge": True,
        }

    return form
