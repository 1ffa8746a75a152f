"""More time to supplement: once for each notice, with a reason the applicant reads (domain §4.2)."""
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.programmes.loader import build
from casework.workflows import moves
from casework.workflows.models import Hold, Timer
from tests import walk
from tests.desk.pages import text_of
from tests.engine import made
from tests.engine.made import step
from tests.office import Office

pytestmark = pytest.mark.django_db
WHY = "申请人住院，一时无法取得材料"
OWN = {"item": "income_proof", "problem": "EXPIRED", "wanted": "最近一个月的收入证明", "own_step": True}


@pytest.fixture
def asked(office: Office) -> Case:
    """An application whose papers are missing."""
    walk.dossier(office)
    case = walk.living_case(office)
    missing = [{"item": "income_proof", "problem": "UNCLEAR", "wanted": "清晰的收入证明"}]
    office.do(case, "unit_check.one_time_notice", "handler", items=missing)
    return office.fresh(case)


def last(hold: Hold) -> dt.date:
    hold.refresh_from_db()
    assert hold.max_until is not None
    return local_date(hold.max_until - dt.timedelta(seconds=1))


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refused.value.problems}


def page(office: Office, case: Case) -> str:
    client = Client()
    client.force_login(office.users["worker"])
    return text_of(client.get(reverse("my_case", args=[case.public_id])))


def test_the_time_ends_later_for_the_applicant_and_for_the_timer(office: Office, asked: Case) -> None:
    hold = asked.holds.get()
    before = last(hold)
    office.do(asked, "unit_check.more_time", "handler", days=10, opinion=WHY)
    after = last(hold)
    assert after == add_working_days(before, 10)
    timer = Timer.objects.get(case=asked, action="lapse", state="set")
    assert timer.due_at == hold.max_until
    told = Message.objects.get(case=asked, template="more_time", channel="inapp")
    assert told.params["hand_in_by"] == after.isoformat()
    assert WHY in page(office, asked)
    office.now = dt.datetime.combine(before + dt.timedelta(days=2), dt.time(4), dt.UTC)
    office.tick()
    assert office.state(asked) == "supplement", "the first end has passed, and nothing lapsed"
    office.do(asked, "supplement", "worker", income_proof=[office.upload("worker", "income_proof", 9)])
    case = office.fresh(asked)
    assert case.state == "submitted"
    assert office.task(case, "unit_check").paused_wd > 15
    walk.accept(office, case)
    assert invariants(office.now) == []


def test_at_the_end_of_the_longer_time_it_lapses(office: Office, asked: Case) -> None:
    office.do(asked, "unit_check.more_time", "handler", days=1, opinion=WHY)
    office.now = Timer.objects.get(case=asked, action="lapse", state="set").due_at
    office.tick()
    assert office.state(asked) == "withdrawn"


def test_it_is_given_once_for_a_notice_with_a_reason_and_within_its_bound(office: Office, asked: Case) -> None:
    with pytest.raises(Refused) as found:
        office.do(asked, "unit_check.more_time", "handler", days=16, opinion=WHY)
    assert {problem.place for problem in found.value.problems} == {"days"}
    with pytest.raises(Refused) as found:
        office.do(asked, "unit_check.more_time", "handler", days=3)
    assert {problem.place for problem in found.value.problems} == {"opinion"}
    office.do(asked, "unit_check.more_time", "handler", days=3, opinion=WHY)
    with pytest.raises(Refused) as found:
        office.do(asked, "unit_check.more_time", "handler", days=3, opinion=WHY)
    assert codes(found) == {"EXTENDED_ONCE"}


def test_no_time_is_given_that_has_passed(office: Office, asked: Case) -> None:
    end = asked.holds.get().max_until
    assert end is not None
    office.now = end
    with pytest.raises(Refused) as found:
        office.do(asked, "unit_check.more_time", "handler", days=3, opinion=WHY)
    assert codes(found) == {"LIMIT_PASSED"}


def test_a_paper_asked_for_after_acceptance_too(office: Office) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING, "review")
    offered = {move.action for move in moves.available(case, office.actor("reviewer"), office.now)}
    assert "review.more_time" not in offered, "nothing was asked for"
    office.do(case, "review.ask_papers", "reviewer", items=[OWN])
    hold = case.holds.get(ended_at=None)
    before = last(hold)
    office.do(case, "review.more_time", "reviewer", days=5, opinion=WHY)
    assert last(hold) == add_working_days(before, 5)
    assert Timer.objects.get(case=case, action="review.unanswered", state="set").due_at == hold.max_until
    office.now += dt.timedelta(days=30)
    office.tick()
    case = office.fresh(case)
    assert (case.state, case.paused_wd) == ("accepted", 20)
    walk.review(office, case)
    assert invariants(office.now) == []


def test_how_much_is_the_services_matter() -> None:
    route = {"submitted": {"one": step("accept", "window_clerk@county")}}
    total = {"limit": "20wd", "promise": "15wd"}
    for more, days in (({}, 15), ({"supplement": "8wd"}, 8), ({"longer": "3wd"}, 3)):
        assert build(made.programme(route, total=total | more)).clock.longer_wd == days
