"""Regional numbers: proposed by one person, put in force by another, only added, each act an event."""
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.audit.models import Event
from casework.core.problems import Refused
from casework.demo.tables import TABLES
from casework.programmes import numbers
from casework.programmes.models import DraftRevision, NumberDraft, Parameter
from casework.programmes.parameters import value
from tests.office import Office
from tests.programmes.officers import hire, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def propose(
    office: Office, who: str = "policy", key: str = "subsistence_line", region: str = "611002", fen: Any = 75_000,
    days: int = 30, source: str = "商民发〔2026〕8号",
) -> NumberDraft:
    """A number from a day on."""
    day = office.now.date() + dt.timedelta(days=days)
    return numbers.propose(key, region, fen, day, source, office.actor(who), office.now)


def refused(act: Callable[[], Any], code: str, status: int) -> None:
    """The act is refused with this code and nothing else."""
    with pytest.raises(Refused) as refusal:
        act()
    assert (refusal.value.codes, refusal.value.status) == ({code}, status)


def test_a_number_is_in_force_from_its_day_once_a_second_person_said_so(office: Office) -> None:
    draft = propose(office)
    day = draft.effective_from
    assert value("subsistence_line", "611002", day) == 72_000, "proposed is not in force"
    row = numbers.approve(draft, office.actor("policy_2"), office.now)
    assert value("subsistence_line", "611002", day - dt.timedelta(days=1)) == 72_000
    assert value("subsistence_line", "611002", day) == 75_000
    assert (row.source, numbers.get(draft.public_id).parameter, numbers.waiting()) == ("商民发〔2026〕8号", row, [])
    events = Event.objects.filter(subject_kind="setting", subject_id="number:subsistence_line").order_by("n")
    assert [(event.action, event.actor["name"]) for event in events] == [
        ("number_propose", "职员policy"), ("number_approve", "职员policy_2"),
    ]
    assert events[1].data["value"] == 75_000 and events[1].data["region"] == "611002"


def test_nobody_puts_his_own_number_in_force(office: Office) -> None:
    draft = propose(office)
    office.hire("policy_again", "policy_officer", "city", office.users["policy"].person)
    for who in ("policy", "policy_again"):
        refused(partial(numbers.approve, draft, office.actor(who), office.now), "SAME_HANDS", 403)
    assert Parameter.objects.filter(effective_from=draft.effective_from).count() == 0


@pytest.mark.parametrize(("who", "region", "allowed"), [
    ("policy", "", True), ("policy", "611000", True), ("policy", "611002", True), ("policy", "610000", True),
    ("policy", "440000", False),
    ("policy_county", "611002", True), ("policy_county", "611000", False), ("policy_county", "611026", False),
    ("policy_county", "", False), ("policy_far", "611002", False), ("policy_far", "611026", True),
])
def test_a_number_is_of_the_officers_own_region(office: Office, who: str, region: str, allowed: bool) -> None:
    if allowed:
        assert propose(office, who, region=region).state == "draft"
    else:
        refused(lambda: propose(office, who, region=region), "REGION_NOT_YOURS", 403)


@pytest.mark.parametrize("who", ["admin", "auditor", "finance", "approver"])
def test_nobody_else_enters_numbers(office: Office, who: str) -> None:
    refused(lambda: propose(office, who), "NOT_POLICY_OFFICER", 403)
    draft = propose(office)
    refused(lambda: numbers.approve(draft, office.actor(who), office.now), "NOT_POLICY_OFFICER", 403)
    refused(lambda: numbers.drop(draft, office.actor(who), office.now), "NOT_POLICY_OFFICER", 403)


@pytest.mark.parametrize(("wrong", "code"), [
    ({"fen": 0.5}, "NUMBER_VALUE"), ({"fen": float("nan")}, "NUMBER_VALUE"), ({"fen": 2**53}, "NUMBER_VALUE"),
    ({"fen": {}}, "NUMBER_VALUE"), ({"fen": {"a": {"b": 1.5}}}, "NUMBER_VALUE"), ({"fen": ["\x00"]}, "NUMBER_VALUE"),
    ({"key": "a b"}, "NUMBER_KEY"), ({"key": ""}, "NUMBER_KEY"), ({"source": " "}, "SOURCE_MISSING"),
    ({"days": -1}, "EFFECTIVE_IN_THE_PAST"), ({"source": "电话 13900001234"}, "PRIVATE_DATA"),
])
def test_what_is_no_number_is_refused(office: Office, wrong: dict[str, Any], code: str) -> None:
    refused(lambda: propose(office, **wrong), code, 422)


PLAN = dict(TABLES)["mutual_plan_critical"]
assert isinstance(PLAN, dict)


@pytest.mark.parametrize("wrong", [
    {"reduced_days": None}, {"late_years": None}, {"least_level": "二"}, {"wait_days": None}, {"plan": None},
    {"reduced_percent": None}, {"reduced_percent": 101}, {"reduced_percent": "50%"},
    {"diseases": None}, {"diseases": []}, {"diseases": ["C", None]}, {"diseases": ["C", ""]}, {"diseases": "C"},
])
def test_a_plan_with_an_emptied_or_unfit_cell_is_refused(office: Office, wrong: dict[str, Any]) -> None:
    (key,) = wrong
    with pytest.raises(Refused) as refusal:
        propose(office, key="mutual_plan_critical", fen={**PLAN, **wrong})
    (problem,) = refusal.value.problems
    assert problem.code == "NUMBER_TABLE" and problem.place.startswith(f"value.{key}")


def test_a_whole_plan_is_proposed(office: Office) -> None:
    assert propose(office, key="mutual_plan_critical", fen={**PLAN, "reduced_percent": "33.3"}).state == "draft"
    refused(lambda: propose(office, key="mutual_plan", fen={"late_years": None}), "NUMBER_TABLE", 422)
    assert propose(office, key="mutual_plan", fen={"plan": "hospital", "excluded_causes": []}).state == "draft"


def test_a_day_has_one_number(office: Office) -> None:
    draft = propose(office)
    refused(lambda: propose(office, "policy_2", fen=76_000), "NUMBER_UNDER_WAY", 409)
    numbers.approve(draft, office.actor("policy_2"), office.now)
    refused(lambda: propose(office, fen=76_000), "NUMBER_ENTERED", 422)
    refused(lambda: numbers.approve(draft, office.actor("policy_2"), office.now), "DRAFT_ELSEWHERE", 409)


def test_a_dropped_number_makes_room(office: Office) -> None:
    numbers.drop(propose(office), office.actor("policy"), office.now)
    assert propose(office, fen=76_000).value == 76_000


def test_a_proposal_whose_day_has_passed_is_not_put_in_force(office: Office) -> None:
    draft = propose(office, days=1)
    office.now += dt.timedelta(days=3)
    refused(lambda: numbers.approve(draft, office.actor("policy_2"), office.now), "EFFECTIVE_IN_THE_PAST", 409)


# Only added. To see it fail: DROP TRIGGER number_no_update (SQLite), number_only_added (PostgreSQL).


@pytest.mark.parametrize("table", [Parameter._meta.db_table, DraftRevision._meta.db_table])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_numbers_and_revisions_are_only_added(office: Office, table: str, verb: str) -> None:
    written(office)
    only_added = pytest.raises(DatabaseError, match="only added")
    with only_added, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))
