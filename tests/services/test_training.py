"""Training (domain §5.3): a class with seats, never over-booked; attendance, exam, certificate with its expiry."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.registers import entries
from casework.registers.models import Entry
from casework.workflows import alerts
from casework.workflows.campaigns import classes
from casework.workflows.models import CampaignLine, QueuedCommand
from tests import walk
from tests.office import Office
from tests.services import lessons
from tests.services.reading import codes, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_the_office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages and lists live at the moment of the story."""
    monkeypatch.setattr(clock, "now", lambda: request.getfixturevalue("office").now)


def full(office: Office, **changes: Any) -> tuple[Case, list[Case]]:
    """A class of five seats, and the five who have them."""
    campaign = lessons.opened(office, **changes)
    return campaign, [lessons.seated(office, campaign, f"pupil_{n}") for n in range(5)]


def test_from_the_plan_to_certificates_that_run_out(office: Office) -> None:
    campaign, (good, weak, away, gone, failed) = full(office)
    assert office.state(campaign) == "open"
    client = Client()
    client.force_login(office.users["pupil_0"])
    assert "seat_given" in told(office, good, "pupil_0")
    lessons.begin(office, campaign)
    assert (office.state(campaign), office.steps(campaign)) == ("running", ["attendance"])
    lessons.session(office, campaign, "am", away)
    office.do(campaign, "attendance.leave", "trainer", line=str(lessons.line(gone)), opinion="外出务工")
    office.tick()
    assert (office.state(gone), office.fresh(gone).outcome) == ("withdrawn", "DROPPED_OUT")
    lessons.session(office, campaign, "pm")
    with pytest.raises(Refused) as refusal:
        lessons.session(office, campaign, "pm")
    assert "SESSION_TWICE" in codes(refusal)
    lessons.examined(office, campaign, {good: 88, weak: 59, away: 90})
    assert (office.state(good), office.steps(good)) == ("approved", ["certificate"])
    assert [office.fresh(case).outcome for case in (weak, away, failed)] == [
        "EXAM_FAILED", "ATTENDANCE_LOW", "EXAM_FAILED",
    ]
    with pytest.raises(Refused) as refusal:
        office.do(campaign, "summary.pass", "officer", opinion="结业一人")
    assert "LINES_RUNNING" in codes(refusal)
    office.do(good, "certificate.pass", "officer")
    entry = Entry.objects.get(kind="training_certificate", source_case=good)
    today = local_date(office.now)
    assert entry.valid_to == today.replace(year=today.year + 3) - dt.timedelta(days=1)
    assert (entry.data["score"], entry.data["attendance_percent"]) == (88, 100)
    office.do(campaign, "summary.pass", "officer", opinion="结业一人，不合格三人，退班一人")
    assert office.state(campaign) == "closed"
    own = client.get(reverse("my_case", args=[good.public_id])).content.decode()
    assert "技能培训报名" in own
    client.force_login(office.users["pupil_1"])
    assert "考核不合格" in client.get(reverse("my_case", args=[weak.public_id])).content.decode()
    office.now += dt.timedelta(days=365 * 3 - 40)
    alerts.ending_entries(office.now)
    assert "entry_ends" in told(office, good, "pupil_0")
    assert entries.of_person("training_certificate", entry.person_id, today) == entry
    assert entries.of_person("training_certificate", entry.person_id, entry.valid_to + dt.timedelta(days=1)) is None


def test_a_full_class_has_a_waiting_list_which_moves_up_in_order(office: Office) -> None:
    campaign, seated = full(office)
    late, later = lessons.enrolled(office, campaign, "late"), lessons.enrolled(office, campaign, "later")
    with pytest.raises(Refused) as refusal:
        office.do(late, "seat.pass", "officer")
    assert "CLASS_FULL" in codes(refusal)
    client = Client()
    client.force_login(office.users["officer"])
    desk = client.get(reverse("desk_case", args=[late.public_id])).content.decode()
    assert "该班名额已满" in desk and "列入候补" in desk
    office.do(late, "seat.wait", "officer")
    office.do(later, "seat.wait", "officer")
    assert "seat_waiting" in told(office, late, "late")
    client.force_login(office.users["late"])
    assert "已列入候补" in client.get(reverse("my_case", args=[late.public_id])).content.decode()
    office.do(seated[0], "withdraw", "pupil_0")
    third = lessons.enrolled(office, campaign, "third")
    with pytest.raises(Refused) as refusal:
        office.do(third, "seat.pass", "officer")
    assert "OTHERS_WAIT" in codes(refusal)
    office.tick()
    assert (office.steps(late), office.steps(later)) == (["lessons"], ["seat"])
    assert "seat_given" in told(office, late, "late")
    office.do(third, "seat.deny", "officer", code="QUOTA_FULL", opinion="名额已满")
    office.do(campaign, "enrolments.pass", "officer")
    office.tick()
    assert (office.state(later), office.fresh(later).outcome) == ("denied", "QUOTA_FULL")
    assert len(classes.pupils(campaign)) == 5


def test_a_seat_is_not_kept_waiting_while_one_is_left(office: Office) -> None:
    campaign = lessons.opened(office)
    case = lessons.enrolled(office, campaign)
    with pytest.raises(Refused) as refusal:
        office.do(case, "seat.wait", "officer")
    assert "SEAT_LEFT" in codes(refusal)


def test_enrolments_end_with_their_last_day_and_with_the_list(office: Office) -> None:
    campaign = lessons.opened(office)
    answers = lessons.form(office, campaign)
    last = dt.date.fromisoformat(office.fresh(campaign).facts["enrol_until"])
    office.at(last.isoformat())
    assert [value for value, _words in classes.open_classes()] == [str(campaign.public_id)]
    office.at((last + dt.timedelta(days=1)).isoformat())
    assert classes.open_classes() == []
    with pytest.raises(Refused) as refusal:
        office.apply("worker", "training_enrolment", answers)
    assert {problem.place for problem in refusal.value.problems} == {"training"}


def test_one_enrols_once_and_only_in_the_own_county(office: Office) -> None:
    campaign = lessons.opened(office)
    case = lessons.enrolled(office, campaign)
    with pytest.raises(Refused) as refusal:
        lessons.enrolled(office, campaign)
    assert "ENROLLED_ALREADY" in codes(refusal)
    office.do(case, "withdraw", "worker")
    lessons.enrolled(office, campaign)
    with pytest.raises(Refused) as refusal:
        elsewhere = {"office": str(office.orgs["other_county"].public_id)}
        office.apply("other", "training_enrolment", lessons.form(office, campaign, "other") | elsewhere)
    assert "OTHER_COUNTY" in codes(refusal)


def test_the_form_tells_the_seats_that_are_left(office: Office) -> None:
    campaign = lessons.opened(office)
    lessons.seated(office, campaign, "pupil_0")
    walk.member(office)
    client = Client()
    client.force_login(office.users["worker"])
    page = client.post(reverse("apply_start", args=["training_enrolment"]), follow=True).content.decode()
    assert f"中蜂养殖技术培训班（{campaign.number}） 余 4 个名额" in page


def test_an_empty_class_is_not_begun_and_a_plan_that_does_not_fit_is_not_handed_in(office: Office) -> None:
    campaign = lessons.opened(office)
    with pytest.raises(Refused) as refusal:
        office.do(campaign, "enrolments.pass", "officer")
    assert "CLASS_EMPTY" in codes(refusal)
    lessons.enrolled(office, campaign)
    with pytest.raises(Refused) as refusal:
        office.do(campaign, "enrolments.pass", "officer")
    assert "ENROLMENTS_RUNNING" in codes(refusal)
    for changes, place in (
        ({"enrol_until": lessons.plan(office, "officer")["begins"]}, "enrol_until"), ({"seats": 4}, "seats"),
        ({"ends": local_date(office.now).isoformat()}, "ends"), ({"hours": 401}, "hours"),
    ):
        with pytest.raises(Refused) as refusal:
            lessons.planned(office, **changes)
        assert place in {problem.place for problem in refusal.value.problems}


def test_a_plan_is_refused_with_its_reason(office: Office) -> None:
    campaign = lessons.planned(office)
    office.do(campaign, "approve_plan.deny", "approver", code="NOT_ELIGIBLE", opinion="师资不足")
    assert (office.state(campaign), office.fresh(campaign).outcome) == ("denied", "NOT_ELIGIBLE")


def test_sessions_lie_within_the_class_and_the_desk_shows_its_list(office: Office) -> None:
    campaign, seated = full(office)
    lessons.begin(office, campaign)
    with pytest.raises(Refused) as refusal:
        office.do(campaign, "attendance.pass", "trainer")
    assert "NO_SESSION" in codes(refusal)
    with pytest.raises(Refused) as refusal:
        lessons.session(office, campaign, on=(local_date(office.now) - dt.timedelta(days=1)).isoformat())
    assert "SESSION_DAY" in codes(refusal)
    client = Client()
    client.force_login(office.users["trainer"])
    desk = client.get(reverse("desk_case", args=[campaign.public_id])).content.decode()
    assert desk.count('data-label="姓名"') == 5 and "缺勤人员" in desk and "余 0 个名额" in desk
    lessons.session(office, campaign, "am", seated[0])
    desk = client.get(reverse("desk_case", args=[campaign.public_id])).content.decode()
    assert "100 %" in desk and "0 %</td>" in desk and desk.count("已录取") == 5


def test_who_may_not_see_and_who_may_not_decide(office: Office) -> None:
    campaign = lessons.opened(office)
    case = lessons.seated(office, campaign)
    walk.member(office, "other_worker")
    office.hire("far_trainer", "trainer", "other_county")
    for who in ("far_reviewer", "other_worker", "far_trainer"):
        client = Client()
        client.force_login(office.users[who])
        for row in (campaign, case):
            for name in ("my_case", "desk_case"):
                assert client.get(reverse(name, args=[row.public_id])).status_code in (403, 404)
        with pytest.raises(Refused) as refusal:
            office.do(campaign, "enrolments.pass", who)
        assert refusal.value.status == 404
    with pytest.raises(Refused) as refusal:
        office.do(campaign, "enrolments.pass", "reviewer")
    assert refusal.value.status == 403
    assert QueuedCommand.objects.filter(state="refused").count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_once_for_the_last_seat(office: Office) -> None:
    campaign = lessons.opened(office)
    for n in range(4):
        lessons.seated(office, campaign, f"pupil_{n}")
    cases = [lessons.enrolled(office, campaign, "one"), lessons.enrolled(office, campaign, "two")]
    gate, results = threading.Barrier(2), list[str]()

    def seat(case: Case) -> None:
        try:
            gate.wait()
            office.do(case, "seat.pass", "officer")
            results.append("seated")
        except Refused as refusal:
            results.append(refusal.problems[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=seat, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["CLASS_FULL", "seated"]
    assert CampaignLine.objects.filter(campaign=campaign, place=classes.SEAT).count() == 5
    assert invariants(office.now) == []
