"""An expert opinion in a route: its time does not count, its longest time is kept, and it decides nothing by itself."""
import datetime as dt
import json

import pytest

from casework.cases.models import Case
from casework.core.calendar import local_date, working_days_between
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.workflows import lint_ways
from casework.workflows.clocks import last_day
from casework.workflows.models import Timer
from tests import walk
from tests.engine.versions import Next
from tests.engine.walker import walk_all
from tests.office import Office

pytestmark = pytest.mark.django_db
OPINION = {"answer": "objects", "opinion": "缺少第二位医师的诊断"}


@pytest.fixture
def staffed(office: Office) -> Office:
    """Living aid with an assessor before the review."""
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.insert("review", kind="expert", by="assessor@county", key="opinion")
    new.change("opinion", pause="10wd")
    office.versions["living_aid"] = new.publish(office)
    office.hire("assessor", "assessor", "county")
    return office


@pytest.fixture
def case(staffed: Office) -> Case:
    walk.dossier(staffed)
    found = walk.living_case(staffed)
    walk.accept(staffed, found)
    assert staffed.steps(found) == ["opinion"]
    return staffed.fresh(found)


def test_the_time_of_the_expert_does_not_count(staffed: Office, case: Case) -> None:
    asked, hold = staffed.now, case.holds.get(reason="expert", ended_at__isnull=True)
    assert working_days_between(local_date(asked), last_day(hold.max_until)) == 10
    staffed.now += dt.timedelta(days=6)
    staffed.do(case, "opinion.pass", "assessor", **OPINION)
    after = staffed.fresh(case)
    assert after.paused_wd == working_days_between(local_date(asked), local_date(staffed.now)) > 0
    assert after.due_on > case.due_on
    assert after.facts["expert_supports"] is False
    assert staffed.steps(case) == ["review"], "the opinion refuses nobody"
    assert invariants(staffed.now) == []


def test_the_longest_pause_is_kept_and_the_step_then_grows_late(staffed: Office, case: Case) -> None:
    timer = Timer.objects.get(case=case, action="opinion.late", state="set")
    staffed.now = timer.due_at
    staffed.tick()
    assert not case.holds.filter(ended_at__isnull=True).exists()
    assert staffed.fresh(case).paused_wd == 10
    assert list(Timer.objects.filter(case=case, state="set").values_list("action", flat=True)) == ["opinion.overdue"]
    staffed.do(case, "opinion.pass", "assessor", **OPINION)
    assert staffed.fresh(case).paused_wd == 10
    assert invariants(staffed.now) == []


def test_an_opinion_has_grounds_and_is_the_assessors(staffed: Office, case: Case) -> None:
    with pytest.raises(Refused, match="NEEDED"):
        staffed.do(case, "opinion.pass", "assessor", answer="supports", opinion="")
    with pytest.raises(Refused, match="NOT_YOUR_STEP"):
        staffed.do(case, "opinion.pass", "reviewer", **OPINION)


def test_its_route_is_clean_and_every_path_of_it_is_walked(staffed: Office) -> None:
    assert list(lint_ways.findings(programme_of(staffed.version("living_aid")), "")) == []
    walks = walk_all(staffed, "living_aid")
    assert "opinion" in set().union(*(walker.steps for walker in walks))
    assert not {way for walker in walks for way in walker.missed() if way.startswith("opinion.")}
