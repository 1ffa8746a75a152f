"""Promises T2 and T3: a clock that jumps breaks nothing and is told; a timer fires once, in order, by its own moment.

Guards taken away to see these go red: the order_by of timers.fire_due (turned round), the tolerance of audit.skew
(below zero). Two beats stay harmless even without the claim of the timer row: the case has moved, and the door refuses.
"""

import contextlib
import datetime as dt
import io
import json
import random

import pytest
from django.core.management import call_command

from casework.audit.models import Event
from casework.audit.skew import steps_back
from casework.cases.models import Case
from casework.notifications.models import Message
from casework.oversight import timeline
from casework.oversight.invariants import invariants
from casework.workflows import timers
from casework.workflows.models import Timer
from tests import walk
from tests.faults.world import at_once
from tests.office import Office

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def office(db: None, moment: dt.datetime) -> Office:
    """A federation on an ordinary Monday morning."""
    return Office(moment)


def chain(case: Case) -> list[Event]:
    return list(Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("n"))


@pytest.mark.promise("T2")
@pytest.mark.parametrize("seed", range(6))
def test_a_clock_that_jumps_an_hour_breaks_nothing_and_order_is_by_number(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    case = walk.dossier_case(office)
    jumped = 0
    for step, move in walk.DOSSIER.items():
        if step == "unit_notice":
            break
        jump = chance.choice([-HOUR, HOUR, dt.timedelta(0)])
        office.now += jump
        jumped += jump == -HOUR
        move(office, case)
    events = chain(case)
    assert [event.n for event in events] == list(range(1, len(events) + 1))
    assert invariants(office.now) == []
    told = list(steps_back("case", str(case.public_id)))
    assert len(told) == jumped and all("set back" in str(step) for step in told)
    assert sum(line.set_back for line in timeline.lines(office.fresh(case))) == jumped


@pytest.mark.promise("T2")
def test_a_wrong_clock_is_a_note_of_the_verification_and_no_finding(office: Office) -> None:
    case = walk.dossier_case(office)
    office.now += HOUR  # the web server's clock is ahead
    walk.accept(office, case)
    office.now -= HOUR  # and is set right
    walk.record_visit(office, case)
    out = io.StringIO()
    with contextlib.suppress(SystemExit):  # nothing is sealed here; what counts is that no event is a finding
        call_command("audit_verify", "--json", "--log-only", stdout=out)
    report = json.loads(out.getvalue())
    assert len(report["notes"]) == 1 and f"{case.public_id} #3" in report["notes"][0]
    assert not [finding for finding in report["findings"] if "event" in finding["code"]]


@pytest.mark.promise("T2")
def test_honest_chains_have_no_notes(office: Office) -> None:
    walk.dossier(office)
    assert list(steps_back()) == []


def waiting(office: Office, count: int) -> list[Case]:
    """Applications on the union's desk, a day after each other, so that their limits end on different days."""
    cases = []
    for n in range(count):
        cases.append(walk.dossier_case(office, f"worker_{n}" if n else "worker"))
        office.now += dt.timedelta(days=1)
    return cases


@pytest.mark.promise("T3")
def test_after_three_days_of_standstill_each_timer_fires_once_in_order_of_its_moment(office: Office) -> None:
    cases = waiting(office, 5)
    set_timers = list(Timer.objects.filter(state="set").order_by("due_at", "id"))
    office.now = set_timers[-1].due_at + dt.timedelta(days=3)
    while timers.fire_due(office.now, limit=2):
        pass
    fired = list(Timer.objects.filter(pk__in=[timer.pk for timer in set_timers]).values_list("state", flat=True))
    assert set(fired) == {"fired"}
    told = list(Event.objects.filter(action="unit_check.silence").order_by("pk").values_list("subject_id", flat=True))
    by_moment = [str(timer.case.public_id) for timer in set_timers]
    assert told == by_moment and len(told) == len(cases)
    for case in cases:
        fresh = office.fresh(case)
        assert fresh.accepted_at == case.submitted_at, "judged by the due moment, not by the moment of the beat"
    assert timers.fire_due(office.now) == 0 and invariants(office.now) == []


@pytest.mark.promise("T3")
def test_two_beats_at_once_fire_each_timer_once(transactional_db: None, moment: dt.datetime) -> None:
    office = Office(moment)
    cases = waiting(office, 6)
    late = max(Timer.objects.filter(state="set").values_list("due_at", flat=True)) + HOUR
    answers = at_once(*[lambda: timers.fire_due(late) for _beat in range(3)])
    assert not [answer for answer in answers if isinstance(answer, BaseException)], answers
    timers.fire_due(late + 2 * timers.LATER)  # what was busy comes again
    for case in cases:
        assert [event.action for event in chain(case)].count("unit_check.silence") == 1
        assert Message.objects.filter(case=case, template="accepted", channel="inapp").count() == 1
    assert invariants(late) == []
