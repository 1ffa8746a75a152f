"""Vacancies and seekers, step by step, for the stories and the walker."""

import datetime as dt
from typing import Any

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.people import persons
from casework.registers.models import Entry
from casework.workflows import vacancies
from tests import walk
from tests.office import Office

USCC = "91610825MA0000031R"


def hr(office: Office, who: str = "hr") -> str:
    """Somebody who recruits for an employer: a login without any duty."""
    walk.member(office, who)
    return who


def vacancy(office: Office, who: str, **changes: Any) -> dict[str, Any]:
    """The answers of an employer."""
    last = local_date(office.now) + dt.timedelta(days=60)
    return {
        "office": str(office.orgs["county"].public_id), "employer": "商州区腾飞服装有限公司", "uscc": USCC,
        "contact": "周人事", "contact_phone": "13900005555", "post": "缝纫工", "occupation": "production",
        "headcount": 2, "wage_min": 300_000, "wage_max": 450_000, "place": "商州区高新园区", "insurance": True,
        "lodging": True, "valid_to": last.isoformat(), "requirements": "熟练使用平车，长白班，包食宿。",
        "licence": [office.upload(who, "licence")], "notice": [office.upload(who, "notice")], "no_fee": True,
        "truth_pledge": True,
    } | changes


def registered(office: Office, who: str = "hr", **changes: Any) -> Case:
    """A vacancy handed in."""
    hr(office, who)
    return office.apply(who, "employer_vacancy", vacancy(office, who, **changes))


def published(office: Office, who: str = "hr", **changes: Any) -> Case:
    """A vacancy in the public list."""
    case = registered(office, who, **changes)
    office.do(case, "accept.pass", "clerk")
    office.do(case, "review.pass", "reviewer")
    office.do(case, "approve.pass", "approver")
    office.do(case, "publish.pass", "officer")
    return case


def entry_of(case: Case) -> Entry:
    """The register entry of a vacancy."""
    return Entry.objects.get(kind=vacancies.REGISTER, source_case=case)


def seeker(office: Office, who: str = "worker", **changes: Any) -> dict[str, Any]:
    """The answers of somebody who looks for work."""
    walk.member(office, who)
    person = office.users[who].person
    assert person is not None
    return {
        "name": person.name, "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900001234",
        "office": str(office.orgs["county"].public_id), "education": "senior", "wanted": ["production", "service"],
        "wage_min": 280_000, "available_from": local_date(office.now).isoformat(), "general_consent": True,
    } | changes


def asked(office: Office, who: str = "worker", **changes: Any) -> Case:
    """A seeker registered."""
    return office.apply(who, "job_assistance", seeker(office, who, **changes))


def matching(office: Office, who: str = "worker", **changes: Any) -> Case:
    """A seeker whom the officer matches with vacancies."""
    case = asked(office, who, **changes)
    office.do(case, "accept.pass", "clerk")
    return case


def referred(office: Office, case: Case, to: Case) -> int:
    """Referred to a vacancy; the number of the referral."""
    office.do(case, "match.refer", "officer", vacancy=str(entry_of(to).pk))
    return case.referrals.latest("id").pk


def contract(office: Office, **changes: Any) -> dict[str, Any]:
    """A contract of a year from today."""
    first = local_date(office.now)
    return {
        "starts": first.isoformat(), "ends": (first + dt.timedelta(days=364)).isoformat(), "wage": 320_000,
        "insured": True,
    } | changes


def placed(office: Office, case: Case, to: Case, **changes: Any) -> None:
    """Hired after a referral."""
    number = referred(office, case, to)
    office.do(case, "match.hired", "officer", referral=str(number), **contract(office, **changes))


# For the walker of all routes


def one_vacancy(office: Office, who: str) -> None:
    """A vacancy of somebody else that is open for the seeker."""
    published(office)
    published(office, post="包装工")
