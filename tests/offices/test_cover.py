"""Substitutes through the page: named by oneself or the chair, dated, never both halves of a separated duty."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse

from casework.access.models import Substitution
from casework.organisations import tree
from casework.organisations.models import Level
from casework.staffing import cover
from tests.office import Office
from tests.offices.desk import Desk, codes, held, last_event, later, told

pytestmark = pytest.mark.django_db


def name(desk: Desk, absent: str, substitute: str, role: str = "", **dates: str) -> HttpResponse:
    """Name somebody from today for a week."""
    office = desk.office
    days = {"valid_from": office.now.date().isoformat(), "valid_to": later(office, days=6).date().isoformat()}
    return desk.send("substitutes", duty=held(office, absent, role).pk, substitute=substitute, **days | dates)


def test_one_names_a_substitute_for_oneself(office: Office) -> None:
    reviewer, deputy = Desk(office, "reviewer"), Desk(office, "supervisor")
    assert deputy.get("substitutes").status_code == 200
    assert name(reviewer, "reviewer", "supervisor").status_code == 302
    assert told(deputy.user) == ["cover_given"]
    assert told(reviewer.user) == ["cover_named"]
    duty = office.actor("supervisor").duties[-1]
    assert (duty.role, duty.for_person) == ("reviewer", reviewer.user.person_id)
    assert last_event("user", deputy.user.pk).action == "substitute"
    office.now = later(office, days=7)
    assert all(duty.role != "reviewer" for duty in office.actor("supervisor").duties)


def test_the_chair_names_one_for_whom_he_leads(office: Office) -> None:
    chair = Desk(office, "approver")
    assert name(chair, "reviewer", "supervisor").status_code == 302
    assert Substitution.objects.get().absent == office.users["reviewer"]
    assert codes(name(chair, "officer", "approver")) == {"FOR_ONESELF"}


@pytest.mark.promise("R2")
def test_others_name_nobody(office: Office) -> None:
    for who, absent in (("reviewer", "officer"), ("approver", "far_reviewer"), ("admin", "officer")):
        assert name(Desk(office, who), absent, "supervisor").status_code == 404
    assert not Substitution.objects.exists()


@pytest.mark.promise("R4")
@pytest.mark.parametrize(("absent", "substitute"), [
    ("reviewer", "approver"), ("approver", "reviewer"), ("finance", "cashier"), ("cashier", "finance"),
    ("clerk", "reviewer"), ("approver", "cashier"), ("city_approver", "reviewer"),
])
def test_nobody_comes_to_hold_both_halves(office: Office, absent: str, substitute: str) -> None:
    answer = name(Desk(office, absent), absent, substitute)
    assert (answer.status_code, codes(answer)) == (409, {"ROLES_APART"})


@pytest.mark.promise("R4")
def test_nor_by_two_substitutions(office: Office) -> None:
    assert name(Desk(office, "reviewer"), "reviewer", "supervisor").status_code == 302
    assert codes(name(Desk(office, "approver"), "approver", "supervisor")) == {"ROLES_APART"}


@pytest.mark.parametrize(("substitute", "dates", "code"), [
    ("far_reviewer", {"valid_to": ""}, "TO_MISSING"), ("nobody at all", {}, "NOT_A_COLLEAGUE"),
    ("supervisor", {"valid_to": "2099-01-01"}, "COVER_TOO_LONG"), ("reviewer", {}, "COVER_SELF"),
    ("supervisor", {"valid_from": "2020-01-01"}, "FROM_PAST"), ("auditor", {}, "ROLES_APART"),
    ("admin", {}, "ROLES_APART"),
])
def test_what_does_not_go_is_told(office: Office, substitute: str, dates: dict[str, str], code: str) -> None:
    answer = name(Desk(office, "reviewer"), "reviewer", substitute, **dates)
    assert code in codes(answer)
    assert substitute in answer.content.decode()


@pytest.mark.promise("R4")
def test_nor_by_a_duty_given_on_top_of_a_substitution(office: Office, admin: Desk) -> None:
    """The order of the two makes no difference."""
    assert name(Desk(office, "reviewer"), "reviewer", "supervisor").status_code == 302
    answer = admin.give("supervisor", "approver", "county")
    assert (answer.status_code, codes(answer)) == (409, {"ROLES_APART"})
    after = later(office, days=7).date().isoformat()
    assert admin.give("supervisor", "approver", "county", valid_from=after).status_code == 302
    assert admin.give("supervisor", "case_officer", "county").status_code == 302
    assert admin.give("supervisor", "approver", "other_county").status_code == 302


def test_a_duty_over_money_that_is_lent_is_told_to_those_who_watch(office: Office) -> None:
    assert name(Desk(office, "finance"), "finance", "officer").status_code == 302
    for who in ("approver", "supervisor", "auditor"):
        assert told(office.users[who]) == ["money_cover"], who
    assert told(office.users["reviewer"]) == []
    assert told(office.users["finance"]) == ["cover_named"]
    assert told(office.users["officer"]) == ["cover_given"]


@pytest.mark.promise("R6")
def test_either_ends_it_at_once(office: Office) -> None:
    for who in ("reviewer", "supervisor", "approver"):
        name(Desk(office, "reviewer"), "reviewer", "supervisor")
        row = Substitution.objects.latest("pk")
        assert Desk(office, "officer").send("substitutes", act="end", substitution=row.pk).status_code == 404
        assert Desk(office, who).send("substitutes", act="end", substitution=row.pk).status_code == 302
        assert all(duty.role != "reviewer" for duty in office.actor("supervisor").duties)
        office.now += dt.timedelta(minutes=1)


def test_a_refused_end_keeps_what_was_typed_open_and_leads_to_its_field(office: Office) -> None:
    reviewer = Desk(office, "reviewer")
    name(reviewer, "reviewer", "supervisor")
    row = Substitution.objects.get()
    answer = reviewer.send("substitutes", act="end", substitution=row.pk, reason="电话13900001234")
    page = answer.content.decode()
    assert (answer.status_code, codes(answer)) == (422, {"PRIVATE_DATA"})
    assert f'href="#f-end-{row.pk}-reason"' in page
    assert re.search(rf'<details class="more" open>.*id="f-end-{row.pk}-reason"[^>]*value="电话13900001234"', page)


def test_colleagues_are_those_there_next_to_it_and_above(office: Office) -> None:
    """Not whoever works somewhere below a neighbour, or far below."""
    office.hire("deep", "unit_chair", "other_union")
    office.orgs["far_town"] = tree.make("乾佑街道工会", Level.TOWN, office.orgs["other_county"], region="611026")
    office.hire("far", "unit_chair", "far_town")
    for who in ("deep", "far"):
        assert codes(name(Desk(office, "finance"), "finance", who)) == {"NOT_A_COLLEAGUE"}, who
    for who in ("far_reviewer", "city_approver", "officer", "town_chair"):
        assert "NOT_A_COLLEAGUE" not in str(cover.found(who, office.orgs["county"], office.now)[1]), who
    assert name(Desk(office, "handler"), "handler", "deep").status_code == 302


def test_twice_for_the_same_days_is_refused(office: Office) -> None:
    name(Desk(office, "reviewer"), "reviewer", "supervisor")
    assert codes(name(Desk(office, "reviewer"), "reviewer", "petitions")) >= {"NOT_A_COLLEAGUE"}
    assert codes(name(Desk(office, "reviewer"), "reviewer", "officer")) == {"COVERED"}
