"""Dated duties through the pages: given and ended within one's own reach, never for oneself, told, at once."""

import datetime as dt

import pytest

from casework.access.models import RoleAssignment, Substitution
from tests.office import Office
from tests.offices.desk import REASON, Desk, codes, held, last_event, later, told

pytestmark = pytest.mark.django_db


def test_a_duty_is_given_and_works_at_once(office: Office, admin: Desk) -> None:
    office.hire("newcomer", "hotline_agent", "city")
    desk = Desk(office, "newcomer")
    assert desk.get("desk_funds").status_code == 403
    assert admin.give("newcomer", "finance_officer", "county").status_code == 302
    assert desk.get("desk_funds").status_code == 200
    event = last_event("user", desk.user.pk)
    assert (event.action, event.data["role"], event.data["reason"]) == ("assign", "finance_officer", REASON)
    assert told(desk.user) == ["duty_given"]
    page = admin.get("offices_login", desk.user.public_id).content.decode()
    assert "商州区总工会" in page
    assert REASON in page


def test_a_duty_over_money_is_told_to_those_who_watch(office: Office, admin: Desk) -> None:
    office.hire("newcomer", "hotline_agent", "city")
    assert admin.give("newcomer", "finance_officer", "county").status_code == 302
    for name in ("approver", "supervisor", "auditor"):
        assert told(office.users[name]) == ["money_duty"], name
    assert told(office.users["reviewer"]) == []
    assert admin.on_login("newcomer", "reset").status_code == 200
    assert told(office.users["approver"]) == ["money_duty", "money_password"]
    admin.give("newcomer", "reviewer", "county")
    assert told(office.users["approver"]) == ["money_duty", "money_password"], "no right over money"


@pytest.mark.promise("R6")
def test_an_ended_duty_has_ended_at_once(office: Office, admin: Desk) -> None:
    finance = Desk(office, "finance")
    assert finance.get("desk_funds").status_code == 200
    assert admin.end(held(office, "finance")).status_code == 302
    assert finance.get("desk_funds").status_code == 403
    assert last_event("user", finance.user.pk).data["before"] is None
    assert told(finance.user) == ["duty_ended"]


def test_a_duty_ends_with_its_last_day(office: Office, admin: Desk) -> None:
    row, finance = held(office, "finance"), Desk(office, "finance")
    last = later(office, days=3).date()
    assert admin.end(row, last_day=last.isoformat()).status_code == 302
    office.now = dt.datetime.combine(last, dt.time(15, 59), dt.UTC)  # one minute before 24:00 at the office
    assert finance.get("desk_funds").status_code == 200
    office.now += dt.timedelta(minutes=1)
    assert finance.get("desk_funds").status_code == 403


def test_a_duty_of_later_days_does_not_work_yet(office: Office, admin: Desk) -> None:
    start, end = later(office, days=2).date(), later(office, days=4).date()
    admin.give("supervisor", "cashier", "county", valid_from=start.isoformat(), valid_to=end.isoformat())
    desk, morning = Desk(office, "supervisor"), office.now
    assert desk.get("desk_batches").status_code == 403
    for days, wanted in ((2, 200), (4, 200), (5, 403)):
        office.now = morning + dt.timedelta(days=days)
        assert desk.get("desk_batches").status_code == wanted, days


@pytest.mark.parametrize(("role", "place", "dates", "code"), [
    ("reviewer", "union", {}, "ROLE_LEVEL"), ("applicant", "county", {}, "ROLE_LEVEL"),
    ("reviewer", "county", {"valid_from": ""}, "FROM_MISSING"),
    ("reviewer", "county", {"valid_from": "2020-01-01"}, "FROM_PAST"),
    ("reviewer", "county", {"valid_to": "2020-01-01"}, "TO_BEFORE_FROM"),
    ("reviewer", "county", {"valid_to": "tomorrow"}, "DAY"), ("reviewer", "province", {}, "OFFICE"),
    ("case_officer", "county", {}, "DUTY_HELD"), ("admin", "county", {}, "ROLES_APART"),
    ("auditor", "county", {}, "ROLES_APART"),
])
def test_what_does_not_go_is_told(
    office: Office, admin: Desk, role: str, place: str, dates: dict[str, str], code: str
) -> None:
    before = RoleAssignment.objects.count()
    answer = admin.give("officer", role, place, **dates)
    assert code in codes(answer)
    assert answer.status_code in (409, 422)
    assert REASON in answer.content.decode(), "what was typed stays"
    assert RoleAssignment.objects.count() == before


@pytest.mark.promise("I1")
@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "0001-01-01"])
def test_a_day_beyond_all_bounds_is_told(office: Office, admin: Desk, day: str) -> None:
    row = held(office, "finance")
    days = {"valid_from": office.now.date().isoformat(), "valid_to": day, "substitute": "officer"}
    for answer in (
        admin.give("officer", "reviewer", "county", valid_to=day), admin.end(row, last_day=day),
        admin.on_union("union", "close", closes_on=day),
        Desk(office, "finance").send("substitutes", duty=row.pk, **days),
    ):
        assert (answer.status_code, codes(answer)) == (422, {"DAY_FAR"})
        assert day in answer.content.decode(), "what was typed stays"


@pytest.mark.promise("R7")
def test_two_logins_of_one_person_are_no_way_round(office: Office, admin: Desk) -> None:
    """The administrator of a county shall not decide cases under another login."""
    office.hire("county_admin", "admin", "county")
    office.hire("second", "hotline_agent", "city", person=office.users["county_admin"].person)
    assert codes(admin.give("second", "reviewer", "county")) == {"ROLES_APART"}


@pytest.mark.promise("R4")
def test_nobody_gives_or_ends_rights_of_his_own(office: Office, admin: Desk) -> None:
    office.hire("second", "hotline_agent", "city", person=admin.user.person)
    for name in ("admin", "second"):
        assert codes(admin.give(name, "policy_officer", "city")) == {"FOR_ONESELF"}
        answer = admin.end(held(office, name))
        assert (answer.status_code, codes(answer)) == (403, {"FOR_ONESELF"})


@pytest.mark.promise("R2")
def test_a_duty_elsewhere_is_not_there(office: Office, admin: Desk) -> None:
    office.hire("county_admin", "admin", "county")
    office.hire("officer", "supervisor", "city")
    desk = Desk(office, "county_admin")
    assert desk.end(held(office, "officer", "supervisor")).status_code == 404
    assert codes(desk.give("officer", "reviewer", "other_county")) == {"OFFICE"}
    assert desk.on_login("officer", "end", duty="99999").status_code == 404


def test_a_later_end_than_the_present_one_is_refused_and_the_present_one_told(office: Office, admin: Desk) -> None:
    row, last = held(office, "finance"), later(office, days=3).date()
    for _click in range(2):
        assert admin.end(row, last_day=last.isoformat()).status_code == 302
    answer = admin.end(row, last_day=later(office, days=9).date().isoformat())
    assert (answer.status_code, codes(answer)) == (409, {"ENDS_EARLIER"})
    assert f"{last:%Y}" in str(answer.context["problems"][0].message)
    end = RoleAssignment.objects.get(pk=row.pk).valid_to
    assert admin.end(row, last_day=(last - dt.timedelta(days=1)).isoformat()).status_code == 302
    assert RoleAssignment.objects.get(pk=row.pk).valid_to == end - dt.timedelta(days=1)


def test_the_duty_that_covers_the_login_stands_in_the_event(office: Office) -> None:
    office.hire("two_admin", "admin", "other_county")
    office.hire("two_admin", "admin", "county")
    assert Desk(office, "two_admin").on_login("officer", "reset").status_code == 200
    assert last_event("user", office.users["officer"].pk).actor["organisation"] == str(office.orgs["county"].pk)


@pytest.mark.promise("R2")
def test_the_duties_of_other_offices_and_their_reasons_are_not_told(office: Office, admin: Desk) -> None:
    office.hire("county_admin", "admin", "county")
    assert admin.give("officer", "reviewer", "other_county", reason="借调柞水").status_code == 302
    assert admin.give("officer", "trainer", "county", reason="兼任培训").status_code == 302
    for absent, place in (("far_reviewer", "other_county"), ("agent", "county")):
        office.hire(absent, "reviewer" if place == "other_county" else "hotline_agent", place)
        Substitution.objects.create(
            absent=office.users[absent], substitute=office.users["officer"], role=held(office, absent).role,
            organisation=office.orgs[place], valid_from=office.now, valid_to=later(office, days=9),
        )
    desk, user = Desk(office, "county_admin"), office.users["officer"]
    page = desk.get("offices_login", user.public_id).content.decode()
    for words in ("兼任培训", "商州区总工会", "职员agent"):
        assert words in page
    for words in ("借调柞水", "柞水县总工会", "职员far_reviewer"):
        assert words not in page
    assert "柞水县总工会" not in desk.get("offices_staff").content.decode()
    whole = admin.get("offices_login", user.public_id).content.decode()
    assert "借调柞水" in whole
    assert "职员far_reviewer" in whole
    assert "柞水县总工会" in admin.get("offices_staff").content.decode()


def test_the_end_of_a_substitution_is_told_where_it_was_held(office: Office, admin: Desk) -> None:
    week = {"valid_from": office.now.date().isoformat(), "valid_to": later(office, days=6).date().isoformat()}
    reviewer = Desk(office, "reviewer")
    reviewer.send("substitutes", duty=held(office, "reviewer").pk, substitute="supervisor", **week)
    reviewer.send("substitutes", act="end", substitution=Substitution.objects.get().pk, reason="提前返岗")
    assert "提前返岗" in admin.get("offices_login", office.users["supervisor"].public_id).content.decode()


def test_a_second_click_ends_nothing_twice(office: Office, admin: Desk) -> None:
    row = held(office, "finance")
    admin.end(row)
    first = RoleAssignment.objects.get(pk=row.pk).valid_to
    office.now += dt.timedelta(hours=1)
    admin.end(row)
    assert RoleAssignment.objects.get(pk=row.pk).valid_to == first
