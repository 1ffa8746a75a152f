"""Decisions for many cases at once: the same checks, events and rows as one by one; each with its own result."""

import dataclasses
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.programmes.loader import programme_of
from casework.workflows import door_many, reading
from casework.workflows.commands import Command
from casework.workflows.door_many import perform_many
from casework.workflows.models import Decision, Task, Timer
from tests import walk
from tests.engine import made
from tests.office import Office

pytestmark = pytest.mark.django_db
ROUTE: dict[str, Any] = {
    "submitted": {"accept": made.step("accept", "unit_handler@grassroots")},
    "accepted": {
        "first": made.step("check", "organiser@town"), "review": made.step("review", "reviewer@county"),
        "approve": made.step("approve", "approver@county"),
    },
}


@pytest.fixture
def cases(office: Office) -> list[Case]:
    """Five accepted cases of different people."""
    version = made.publish(made.programme(ROUTE), office.now)
    found = []
    for n in range(5):
        walk.member(office, f"member-{n}")
        case = made.hand_in(office, version, f"member-{n}", union=str(office.orgs["union"].public_id))
        office.do(case, "accept.pass", "handler")
        found.append(case)
    return found


def wishes(office: Office, cases: list[Case], action: str, who: str, **answers: Any) -> list[Command]:
    """One command a case, from what is seen now."""
    actor = office.actor(who)
    return [
        Command(case.pk, action, actor, office.fresh(case).event_n, f"bulk-{action}-{case.pk}", answers)
        for case in cases
    ]


def told(case: Case) -> dict[str, Any]:
    """What a case has become, but for ids and moments of its own."""
    event = Event.objects.filter(subject_id=str(case.public_id)).latest("n")
    data = {key: value for key, value in event.data.items() if key not in ("imprints", "decisions")}  # they hold ids
    return {
        "event": (event.n, event.action, event.actor, data),
        "state": str(Case.objects.get(pk=case.pk).state),
        "tasks": list(Task.objects.filter(case=case).order_by("id").values_list("step", "state", "outcome", "round")),
        "timers": sorted(Timer.objects.filter(case=case).values_list("action", "state", "round", "due_at")),
        "decisions": list(Decision.objects.filter(case=case).order_by("id").values_list("step", "decision", "opinion")),
    }


@pytest.mark.promise("R4")
def test_together_is_as_one_by_one(office: Office, cases: list[Case]) -> None:
    for action, who in (("first.pass", "organiser"), ("review.pass", "reviewer")):
        alone, *others = cases
        office.do(alone, action, who, key=f"alone-{action}", opinion="同意")
        results = list(perform_many(wishes(office, others, action, who, opinion="同意"), office.now))
        assert [type(result) for result in results] == [Event] * 4
        assert [told(case) for case in others] == [told(alone)] * 4
    chains = Event.objects.filter(subject_kind="case").values_list("subject_id", flat=True)
    assert set(Counter(chains).values()) == {4}


@pytest.mark.promise("R5")
def test_a_refused_case_stops_no_other(office: Office, cases: list[Case]) -> None:
    commands = wishes(office, cases, "first.pass", "organiser")
    commands[0] = dataclasses.replace(commands[0], seen=0)
    commands[1] = dataclasses.replace(commands[1], action="first.take")
    commands[2] = dataclasses.replace(commands[2], actor=office.actor("reviewer"))
    commands[3] = dataclasses.replace(commands[3], answers={"opinion": "见 610000198001010010"})
    results = list(perform_many(commands, office.now))
    codes = [sorted(result.codes) if isinstance(result, Refused) else result.action for result in results]
    assert codes == [["MOVED_ON"], ["ONE_BY_ONE"], ["NOT_YOUR_STEP"], ["PRIVATE_DATA"], "first.pass"]
    assert [office.steps(case) for case in cases] == [["first"]] * 4 + [["review"]]


@pytest.mark.promise("R5")
@pytest.mark.django_db(transaction=True)
def test_a_relative_is_refused_and_the_attempt_told(office: Office, cases: list[Case]) -> None:
    case = office.fresh(cases[0])
    Case.objects.filter(pk=case.pk).update(applicant=office.users["organiser"].person)
    results = list(perform_many(wishes(office, cases, "first.pass", "organiser"), office.now))
    assert isinstance(results[0], Refused)
    assert "RECUSED" in results[0].codes
    attempts = Event.objects.filter(subject_kind="access", action="refused_attempt")
    assert list(attempts.values_list("subject_id", flat=True)) == [str(case.public_id)]
    assert [type(result) for result in results[1:]] == [Event] * 4


def test_an_outsider_learns_nothing(office: Office, cases: list[Case]) -> None:
    office.hire("far", "reviewer", "other_county")
    commands = wishes(office, cases[:1], "review.pass", "far")
    commands.append(dataclasses.replace(commands[0], case=10**9, key="nobody"))
    results = list(perform_many(commands, office.now))
    assert [(r.status, list(r.codes)) for r in results if isinstance(r, Refused)] == [(404, ["NOT_FOUND"])] * 2


@pytest.mark.promise("S2")
def test_sent_again_it_is_the_first_event(office: Office, cases: list[Case]) -> None:
    commands = wishes(office, cases, "first.pass", "organiser")
    first = list(perform_many(commands, office.now))
    again = list(perform_many(commands, office.now))
    assert [getattr(event, "pk", None) for event in again] == [getattr(event, "pk", None) for event in first]
    assert Decision.objects.filter(step="first").count() == 5


def test_what_the_database_refuses_is_done_one_by_one(office: Office, cases: list[Case]) -> None:
    commands = wishes(office, cases, "first.pass", "organiser")
    commands[1] = dataclasses.replace(commands[1], key=commands[0].key)  # one key for two cases
    results = list(perform_many(commands, office.now))
    assert [type(result) for result in results] == [Event, Refused, Event, Event, Event]
    assert office.steps(cases[1]) == ["first"]


def test_statements_grow_by_chunks_not_by_cases(office: Office, cases: list[Case]) -> None:
    with CaptureQueriesContext(connection) as seen:
        results = list(perform_many(wishes(office, cases, "first.pass", "organiser"), office.now))
    assert [type(result) for result in results] == [Event] * 5
    own = 1 + 10  # reading the actor and what each case shows belongs to the page
    assert len(seen) - own <= (18 if connection.vendor == "postgresql" else 35), [q["sql"][:90] for q in seen]


def test_a_case_named_twice_is_decided_once(office: Office, cases: list[Case]) -> None:
    one, *_rest = wishes(office, cases, "first.pass", "organiser")
    results = list(perform_many([one, dataclasses.replace(one, key="again")], office.now))
    assert [type(result) for result in results] == [Event, Refused]


@pytest.mark.promise("R5")
def test_known_of_many_is_what_each_would_be_told(office: Office) -> None:
    found = [walk.dossier(office, who) for who in ("worker", "worker_2")]
    found.append(walk.living_case(office))
    actor = office.actor("reviewer")
    with transaction.atomic():
        rows = [office.fresh(case) for case in found]
        of = reading.known_of_many(rows, [(actor, "k")])
        for case in rows:
            one, many = reading.known(case, actor, "k"), of(case, actor, "k")
            assert dataclasses.replace(many, holders=tuple(sorted(many.holders))) == dataclasses.replace(
                one, holders=tuple(sorted(one.holders))
            )
            assert one.concerned and one.head[0] == case.event_n


def test_what_may_be_decided_together(office: Office) -> None:
    version = made.publish(made.programme(ROUTE), office.now)
    assert set(door_many.allowed(programme_of(version))) == {"first.pass", "review.pass"}
