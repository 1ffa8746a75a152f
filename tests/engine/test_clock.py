"""What stops the clock of a case, and by how many working days: notices, holds, and both at once (domain §4.2)."""

import datetime as dt
from typing import Any

import pytest

from casework.cases.models import Case
from casework.core.calendar import working_days_between
from casework.oversight.invariants import invariants
from tests import walk
from tests.engine import made
from tests.engine.made import step
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("T1")]

NOTICE = step("notice", "publicity_officer@county", days="5wd", limit="8wd")
MEANS = step("means_check", "case_officer@county", pause="20wd")
LATER = {"approved": {"look": step("check", "unit_chair@grassroots")}}


def accepted(office: Office, **steps: dict[str, Any]) -> Case:
    """A case that is accepted; these are its steps then."""
    walk.member(office)
    route = {"submitted": {"accept": step("accept", "unit_handler@grassroots")}, "accepted": steps, **LATER}
    version = made.publish(made.programme(route), office.now)
    case = made.hand_in(office, version, "worker", union=str(office.orgs["union"].public_id))
    office.do(case, "accept.pass", "handler")
    return office.fresh(case)


def post(office: Office, case: Case) -> None:
    office.do(case, "notice.post", "publicity", **walk.POST)


def ring(office: Office, case: Case, late: int = 0) -> None:
    """The last day of the notice is over; the worker comes so many days late."""
    office.now = case.notices.latest("id").ends_at + dt.timedelta(days=late)
    office.tick()


def moved(office: Office, before: Case) -> int:
    """Working days that the limit and the promised date of the case moved by, both the same."""
    after = office.fresh(before)
    assert before.due_on and before.promised_on and after.due_on and after.promised_on
    days = {
        working_days_between(before.due_on, after.due_on), working_days_between(before.promised_on, after.promised_on),
        after.paused_wd - before.paused_wd,
    }
    assert invariants(office.now) == [], "and the events tell it"
    return days.pop() if len(days) == 1 else -1


@pytest.mark.parametrize("late", [0, 4])
@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-28", "2026-09-30", "2026-02-11", "2026-04-30"])
def test_the_days_of_a_notice_do_not_count(office: Office, day: str, late: int) -> None:
    """Its five working days, over weekends, holidays and make-up days, posted on a day off too; whenever the timer
    runs."""
    case = accepted(office.at(day), notice=NOTICE)
    post(office, case)
    assert moved(office, case) == 0, "what will be is not told before it was"
    ring(office, case, late)
    assert moved(office, case) == 5


def test_the_step_that_hangs_the_notice_has_its_own_limit_and_that_runs(office: Office) -> None:
    case = accepted(office, notice=NOTICE)
    due = office.task(case, "notice").due_at
    post(office, case)
    ring(office, case)
    task = office.task(case, "notice")
    assert (task.due_at, task.paused_wd) == (due, 0)


def test_an_objection_stops_the_notice_and_the_clock_of_the_case_with_it(office: Office) -> None:
    """Two days hung, five days of examination, three days left: ten."""
    case = accepted(office, notice=NOTICE)
    post(office, case)
    office.at("2026-11-25").do(case, "notice.object", "publicity", text="邻居反映家中有车")
    office.at("2026-12-02").do(case, "notice.dismiss", "publicity", reply="经查不实")
    ring(office, case)
    assert office.now == dt.datetime(2026, 12, 7, 16, tzinfo=dt.UTC)
    assert moved(office, case) == 10
    assert office.task(case, "notice").paused_wd == 5, "the step's own limit moves by the stop alone"


def test_a_changed_list_hangs_for_its_full_days_again(office: Office) -> None:
    """Two days hung, five days of examination, five new days: twelve."""
    case = accepted(office, notice=NOTICE)
    post(office, case)
    office.at("2026-11-25").do(case, "notice.object", "publicity", text="邻居反映家中有车")
    office.at("2026-12-02").do(case, "notice.change_list", "publicity", reply="名单更正")
    ring(office, case)
    assert office.now == dt.datetime(2026, 12, 9, 16, tzinfo=dt.UTC)
    assert moved(office, case) == 12


def test_a_notice_that_ends_the_case_moves_nothing(office: Office) -> None:
    case = accepted(office, notice=NOTICE)
    post(office, case)
    office.at("2026-11-25").do(case, "notice.object", "publicity", text="邻居反映家中有车")
    office.at("2026-12-02").do(case, "notice.uphold", "publicity", reply="经查属实")
    assert (office.state(case), moved(office, case)) == ("denied", 0)


@pytest.mark.parametrize(
    ("sent", "answered", "total"),
    [
        ("2026-11-23", "2026-11-27", 5),  # within the notice
        ("2026-11-25", "2026-12-04", 9),  # begun in it, ended after it
        ("2026-12-02", "2026-12-04", 7),  # after it: two days of its own
    ],
)
def test_no_day_counts_twice_when_two_pauses_meet(office: Office, sent: str, answered: str, total: int) -> None:
    """A notice from 23 to 30 November beside a means check."""
    case = accepted(office, notice=NOTICE, means={**MEANS, "with": "notice"})
    post(office, case)

    def go_to(day: str) -> None:
        if office.at(day).now >= case.notices.get().ends_at:
            office.tick()

    go_to(sent)
    office.do(case, "means.send", "officer", office="区民政局")
    go_to(answered)
    office.do(case, "means.result", "officer", result="consistent", opinion="与申报一致")
    ring(office, case)
    assert moved(office, case) == total


@pytest.mark.parametrize("late", [0, 3])
def test_a_pause_lasts_its_longest_at_most_whenever_the_timer_runs(office: Office, late: int) -> None:
    case = accepted(office, means=MEANS)
    office.do(case, "means.send", "officer", office="区民政局")
    until = case.holds.get().max_until
    assert until is not None
    office.now = until + dt.timedelta(days=late)
    office.tick()
    assert moved(office, case) == 20
    assert office.task(case, "means").paused_wd == 20
