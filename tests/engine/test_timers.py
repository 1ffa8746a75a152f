"""Timers: judged by the due moment, never lost to a passing trouble, one broken case stops no other (promise T3)."""

import datetime as dt
from typing import Any

import pytest

from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.organisations.models import Organisation
from casework.programmes.models import Parameter
from casework.registers import dossiers
from casework.workflows import alerts, door, timers
from casework.workflows.models import QueuedCommand, Timer
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def late(office: Office, case: Any) -> None:
    """The limit of the completeness check passed, and no worker ran."""
    due = office.task(case, "unit_check").due_at
    assert due is not None
    office.now = due + dt.timedelta(days=2)


@pytest.mark.promise("T3")
def test_after_the_limit_nobody_asks_for_papers_even_before_the_timer_ran(office: Office) -> None:
    case = walk.dossier_case(office)
    late(office, case)
    for action, answers in (
        ("one_time_notice", {"items": walk.ITEMS}),
        ("not_accept", {"code": "NOT_MEMBER", "opinion": "不是会员"}),
    ):
        with pytest.raises(Refused) as refusal:
            office.do(case, f"unit_check.{action}", "handler", **answers)
        assert codes(refusal) == {"LIMIT_PASSED"}
    office.do(case, "unit_check.pass", "handler")
    assert office.fresh(case).accepted_at == case.submitted_at


@pytest.mark.promise("T3")
def test_a_supplement_after_its_limit_is_late_even_before_the_timer_ran(office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=walk.ITEMS)
    until = case.holds.get().max_until
    assert until is not None
    office.now = until + dt.timedelta(hours=1)
    with pytest.raises(Refused) as refusal:
        office.do(case, "supplement", "worker", id_card=[office.upload("worker", "id_card")])
    assert codes(refusal) == {"LIMIT_PASSED"}
    office.tick()
    assert office.fresh(case).outcome == "LAPSED"


@pytest.mark.promise("T3")
def test_silence_does_not_accept_while_the_clock_stands_still(office: Office) -> None:
    case = walk.dossier_case(office)
    office.do(case, "unit_check.one_time_notice", "handler", items=walk.ITEMS)
    due = office.task(case, "unit_check").due_at
    assert due is not None
    office.now = due + dt.timedelta(days=1)
    office.tick()
    assert office.state(case) == "supplement"


@pytest.mark.promise("T3")
def test_a_timer_whose_case_is_busy_fires_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = walk.dossier_case(office)
    late(office, case)

    def busy(*_args: object) -> None:
        raise Refused([door.BUSY], 409)

    with monkeypatch.context() as patch:
        patch.setattr(timers, "perform", busy)
        office.tick()
    assert office.state(case) == "submitted"
    office.tick()
    assert office.state(case) == "accepted"
    assert Timer.objects.get(case=case, action="unit_check.silence").state == "fired"


def test_a_queued_command_whose_case_is_busy_runs_later(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = walk.dossier_case(office)
    row = QueuedCommand.objects.create(case=case, action="unit_check.silence", key="q1", due_at=office.now)

    def busy(*_args: object) -> None:
        raise Refused([door.BUSY], 409)

    with monkeypatch.context() as patch:
        patch.setattr(timers, "perform", busy)
        office.tick()
    row.refresh_from_db()
    assert row.state == "due"
    office.tick()
    row.refresh_from_db()
    assert row.state == "done"


@pytest.mark.promise("T3")
def test_silence_accepts_once_the_missing_number_is_entered(office: Office) -> None:
    case = walk.dossier_case(office)
    Organisation.objects.filter(pk=office.orgs["county"].pk).update(region="440300")  # no number is entered for it
    late(office, case)
    office.tick()
    assert office.state(case) == "submitted"
    start = office.now.date() - dt.timedelta(days=365)
    for key, value in (("subsistence_line", 72_000), ("minimum_wage", 195_000)):
        Parameter.objects.create(key=key, region="440000", effective_from=start, value=value)
    office.now += dt.timedelta(hours=2)
    office.tick()
    assert (office.state(case), office.fresh(case).accepted_at) == ("accepted", case.submitted_at)


@pytest.mark.promise("T3")
def test_one_broken_case_does_not_stop_the_timers_of_others(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, whole = walk.dossier_case(office), walk.dossier_case(office, "worker_b")
    real = timers.perform

    def perform(command: Any, now: dt.datetime) -> Any:
        if command.case == broken.pk:
            raise RuntimeError("a fault of the engine")
        return real(command, now)

    late(office, broken)
    monkeypatch.setattr(timers, "perform", perform)
    office.tick()
    assert (office.state(broken), office.state(whole)) == ("submitted", "accepted")
    assert Timer.objects.get(case=broken, action="unit_check.silence").state == "set"


def test_the_yearly_alert_reaches_every_dossier(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossiers, "CHUNK", 1, raising=False)
    walk.dossier(office)
    walk.dossier(office, "worker_b")
    office.at("2028-01-03")
    assert [alerts.unverified_dossiers(office.now) for _n in range(2)] == [2, 0]
    told = Message.objects.filter(template="dossier_verify_due", recipient=office.users["officer"])
    assert told.values("event").distinct().count() == 2
