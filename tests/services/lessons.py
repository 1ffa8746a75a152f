"""Training classes and enrolments, step by step, for the stories and the walker."""

import datetime as dt
import itertools
from typing import Any

from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.people import persons
from casework.workflows.campaigns import classes
from casework.workflows.models import CampaignLine
from tests import walk
from tests.office import Office
from tests.services import jobs


def teach(office: Office) -> None:
    """Somebody who teaches for the county."""
    if "trainer" not in office.users:
        office.hire("trainer", "trainer", "county")


def plan(office: Office, who: str, **changes: Any) -> dict[str, Any]:
    """The answers of a plan: enrolments for ten days, then a week of lessons."""
    until = local_date(office.now) + dt.timedelta(days=10)
    begins = add_working_days(until, 5)
    return {
        "course": "中蜂养殖技术培训班", "occupation": "bee_keeping", "level": "basic", "trainer": "商州区养蜂协会",
        "trainer_uscc": jobs.USCC, "place": "城关街道", "enrol_until": until.isoformat(), "begins": begins.isoformat(),
        "ends": (begins + dt.timedelta(days=6)).isoformat(), "hours": 24, "seats": 5, "budget": 2_000_000,
        "plan": [office.upload(who, "plan")], "licence": [office.upload(who, "licence")],
    } | changes


def planned(office: Office, who: str = "officer", **changes: Any) -> Case:
    """A class handed in."""
    return office.apply(who, "training_class", plan(office, who, **changes))


def opened(office: Office, **changes: Any) -> Case:
    """A class that takes enrolments."""
    teach(office)
    campaign = planned(office, **changes)
    office.do(campaign, "approve_plan.pass", "approver")
    return campaign


def form(office: Office, campaign: Case, who: str = "worker", **changes: Any) -> dict[str, Any]:
    """The answers of an enrolment."""
    walk.member(office, who)
    person = office.users[who].person
    assert person is not None
    return {
        "office": str(office.orgs["county"].public_id), "training": str(campaign.public_id), "name": person.name,
        "id_no": persons.plain_for_system(person, "id_no"), "phone": "13900001234", "education": "senior",
        "employed": "migrant", "general_consent": True,
    } | changes


def enrolled(office: Office, campaign: Case, who: str = "worker", **changes: Any) -> Case:
    """An enrolment that waits for its seat."""
    case = office.apply(who, "training_enrolment", form(office, campaign, who, **changes))
    office.do(case, "accept.pass", "clerk")
    return case


def seated(office: Office, campaign: Case, who: str = "worker") -> Case:
    """An enrolment with a seat."""
    case = enrolled(office, campaign, who)
    office.do(case, "seat.pass", "officer")
    return case


def line(case: Case) -> int:
    """The number of an enrolment on the list of its class."""
    return CampaignLine.objects.get(case=case).pk


def begin(office: Office, campaign: Case) -> None:
    """The list is closed and the first day of the class has come."""
    office.do(campaign, "enrolments.pass", "officer")
    day = office.fresh(campaign).facts["begins"]
    office.tick()
    office.at(day)


def session(office: Office, campaign: Case, half: str = "am", *absent: Case, on: str = "") -> None:
    """One session with its signed sheet."""
    office.do(
        campaign, "attendance.session", "trainer", held_on=on or local_date(office.now).isoformat(), half=half,
        absent=[str(line(case)) for case in absent], sheet=[office.upload("trainer", "sheet")],
    )


def examined(office: Office, campaign: Case, marks: dict[Case, int]) -> None:
    """All sessions are held, the marks recorded and told to each enrolment."""
    office.do(campaign, "attendance.pass", "trainer")
    office.do(
        campaign, "exam.pass", "trainer", held_on=local_date(office.now).isoformat(),
        papers=[office.upload("trainer", "papers")], **{f"line_{line(case)}": mark for case, mark in marks.items()},
    )
    office.tick()


# For the walker of all routes

HALVES = itertools.cycle(("am", "pm"))


def one_enrolment(office: Office, filer: str, answers: dict[str, Any]) -> Case:
    """An enrolment filed by the walker's login, in a class with seats or in one that is full."""
    campaign = opened(office)
    if answers.get("full"):
        for n in range(5):
            seated(office, campaign, f"pupil_{n}")
    return office.apply(filer, "training_enrolment", form(office, campaign, filer))


def two_seated(office: Office, campaign: Case) -> None:
    """Two people of the class that is being walked."""
    for who in ("pupil_1", "pupil_2"):
        seated(office, campaign, who)


def one_leaves(office: Office, case: Case) -> None:
    """Somebody with a seat in the class of this enrolment gives it back, if it is full."""
    seats = CampaignLine.objects.filter(campaign__lines__case=case, place=classes.SEAT).exclude(case__state="withdrawn")
    first = seats.select_related("case__filed_by").order_by("id").first()
    if first is not None and first.case is not None:
        office.do(first.case, "withdraw", first.case.filed_by.username)


def first_day(office: Office, campaign: Case) -> None:
    """The class begins."""
    day = office.fresh(campaign).facts["begins"]
    if local_date(office.now).isoformat() < day:
        office.at(day)
