"""Dates counted before the holiday list of their year was out are counted again when it is (promise T1)."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core import calendar
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.workflows import clocks, timers, worklist
from casework.workflows.models import Timer
from tests import walk
from tests.conftest import SHANGHAI
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("T1")]
# Domain §4.2: start, working days, last day.
VECTORS = (
    ("2026-02-11", 5, "2026-02-25"), ("2026-09-18", 5, "2026-09-24"), ("2026-04-30", 3, "2026-05-08"),
    ("2026-09-30", 5, "2026-10-13"), ("2026-11-23", 15, "2026-12-14"),
)


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The lists of 2026 and 2027 are not out; calling this brings the one of 2026."""
    packaged = calendar._packaged
    monkeypatch.setattr(calendar, "_packaged", lambda year: None if year >= 2026 else packaged(year))
    source = calendar._DATA
    monkeypatch.setattr(calendar, "_DATA", tmp_path)
    calendar._year.cache_clear()

    def bring() -> None:
        (tmp_path / "2026.toml").write_bytes((source / "2026.toml").read_bytes())
        calendar._year.cache_clear()

    yield bring
    monkeypatch.undo()
    calendar._year.cache_clear()


def at_the_end_of(day: str) -> dt.datetime:
    """24:00 of a day at the office."""
    return dt.datetime.combine(dt.date.fromisoformat(day) + dt.timedelta(days=1), dt.time.min, SHANGHAI)


def counted(day: str, wd: int) -> tuple[Office, Case]:
    """A case whose first limit has so many working days from this day."""
    office = Office(dt.datetime.fromisoformat(f"{day}T10:00:00+08:00").astimezone(dt.UTC))
    case = walk.dossier_case(office)
    task = office.task(case, "unit_check")
    task.limit_wd = wd
    clocks.set_task_due(task)
    task.save()
    worklist.renew_timers(task, task_step(case))
    return office, case


def task_step(case: Case) -> Any:
    return programme_of(case.programme).step("unit_check")


@pytest.mark.parametrize(("day", "wd", "last"), VECTORS)
def test_a_provisional_limit_is_counted_again(publish: Callable[[], None], day: str, wd: int, last: str) -> None:
    office, case = counted(day, wd)
    before = office.task(case, "unit_check")
    assert before.provisional
    assert timers.recount(office.now) == 0, "the list is not out"
    publish()
    assert timers.recount(office.now) == 1
    task = office.task(case, "unit_check")
    assert (task.due_at, task.provisional) == (at_the_end_of(last), False)
    assert Timer.objects.get(task=task, state="set").due_at == task.due_at
    event = Event.objects.filter(subject_id=str(case.public_id)).latest("n")
    assert (event.action, event.actor["system"]) == ("recount", "system")
    assert [row["step"] for row in event.data["limits"]] == ["unit_check"]
    assert timers.recount(office.now) == 0, "once is enough"
    assert invariants(office.now) == []


def test_the_applicant_is_told_when_the_promise_moves(publish: Callable[[], None]) -> None:
    office = Office(dt.datetime(2026, 9, 16, 2, tzinfo=dt.UTC))
    case = walk.dossier_case(office)
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    before = office.fresh(case)
    assert before.provisional
    publish()
    timers.recount(office.now)
    after = office.fresh(case)
    assert not after.provisional
    # Twenty working days from 16 September: without the feasts to 14 October; with them, and two make-up days, later.
    assert (before.promised_on, after.promised_on) == (dt.date(2026, 10, 14), dt.date(2026, 10, 20))
    told = Message.objects.get(case=case, template="promise_moved", channel="inapp")
    assert (told.params["before_on"], told.params["promised_on"]) == ("2026-10-14", "2026-10-20")
    changed = Event.objects.filter(subject_id=str(case.public_id), action="recount").get().data
    assert "promised_on" in str(changed)


def test_nobody_is_told_when_the_promise_stays(publish: Callable[[], None]) -> None:
    office = Office(dt.datetime(2026, 11, 2, 2, tzinfo=dt.UTC))
    case = walk.dossier_case(office)
    office.do(case, "unit_check.pass", "handler", opinion="材料齐全")
    before = office.fresh(case).promised_on
    publish()
    assert timers.recount(office.now) == 1
    assert (office.fresh(case).promised_on, office.fresh(case).provisional) == (before, False)
    assert not Message.objects.filter(template="promise_moved").exists()


def test_the_timers_of_a_paused_case_stay_silent(publish: Callable[[], None]) -> None:
    office = Office(dt.datetime(2026, 2, 11, 2, tzinfo=dt.UTC))
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=walk.ITEMS)
    waiting = set(Timer.objects.filter(case=case, state="set").values_list("action", flat=True))
    publish()
    timers.recount(office.now)
    assert set(Timer.objects.filter(case=case, state="set").values_list("action", flat=True)) == waiting
