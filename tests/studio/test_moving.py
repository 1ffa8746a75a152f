"""Running cases are moved through the pages: planned, tried out case by case, signed by two, started, undone."""
import json
import re

import pytest

from casework.cases.models import Case
from casework.workflows.migrating import plans
from casework.workflows.models import MigrationPlan
from tests import walk
from tests.engine.versions import Next, work_all
from tests.office import Office
from tests.studio.conftest import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S7")]
NEW = "/studio/services/living_aid/move/"


@pytest.fixture(autouse=True)
def _now(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.core.clock.now", lambda: office.now)


@pytest.fixture
def cases(office: Office) -> list[Case]:
    """Two running cases, one at the review and one at the notice, and a second version whose review is called
    otherwise, is another officer's, and which has no notice."""
    made = []
    for who, until in (("worker", "review"), ("other_worker", "county_notice")):
        walk.dossier(office, who, members=0, income=1_500_000)
        made.append(walk.go(office, walk.living_case(office, who, amount=700_000), walk.LIVING, until=until))
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.rename("review", "examination")
    new.change("examination", by="case_officer@county", limit="5wd")
    new.remove("county_notice")
    new.publish(office)
    return made


def worked_off(office: Office) -> MigrationPlan:
    return work_all(MigrationPlan.objects.get(), office.now)


def test_a_plan_goes_its_whole_way_through_the_pages(
    office: Office, policy: Desk, second: Desk, cases: list[Case]
) -> None:
    assert NEW in policy.get("/studio/services/living_aid/")
    form = policy.get(NEW)
    assert 'name="step.review"' in form and "县（区）总工会审核" in form and "公示" in form
    plan = policy.post(NEW, **{"from": "1", "to": "2", "step.review": "examination", "note": "市工发〔2026〕9号"})
    assert MigrationPlan.objects.get().steps == {"review": "examination"}
    assert "生活救助" in policy.get("/studio/plans/") and plan in policy.get("/studio/plans/")
    policy.post(f"{plan}step/", act="try")
    worked_off(office)
    page = policy.get(plan)
    assert cases[0].number in page and cases[1].number in page
    assert re.search(r'id="plan-tried">1<', page) and re.search(r'id="plan-refused">1<', page)
    assert "没有对应" in page, "why the second case stays is told"
    assert cases[1].number not in policy.get(f"{plan}?state=tried")
    policy.post(f"{plan}step/", act="sign")
    assert 'id="problems"' in policy.post(f"{plan}step/", 403, act="sign"), "one person does not sign twice"
    assert 'id="problems"' in policy.post(f"{plan}step/", 409, act="start"), "nor start on one signature"
    second.post(f"{plan}step/", act="sign")
    second.post(f"{plan}step/", act="start")
    worked_off(office)
    assert [office.fresh(case).programme.version for case in cases] == [2, 1]
    assert office.steps(cases[0]) == ["examination"] and 'id="plan-moved">1<' in policy.get(plan)
    policy.post(f"{plan}step/", act="undo")
    worked_off(office)
    assert office.fresh(cases[0]).programme.version == 1 and office.steps(cases[0]) == ["review"]
    assert "已撤回" in policy.get(plan) or 'id="plan-undone">1<' in policy.get(plan)


def test_a_plan_that_cannot_be_is_told_on_its_form(policy: Desk, cases: list[Case]) -> None:
    page = policy.post(NEW, 422, **{"from": "1", "to": "2", "numbers": "LA999999-9"})
    assert "LA999999-9" in page and 'id="problems"' in page
    policy.post(NEW, 422, **{"from": "1", "to": "1"})
    policy.get("/studio/services/no_such/move/", 404)
    assert not MigrationPlan.objects.exists()


def test_many_cases_are_told_one_page_after_the_other(
    office: Office, policy: Desk, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.studio.moving.PAGE", 1)
    plan = policy.post(NEW, **{"from": "1", "to": "2", "step.review": "examination"})
    policy.post(f"{plan}step/", act="try")
    worked_off(office)
    first = policy.get(plan)
    after = re.findall(r'href="\?after=(\d+)"', first)
    assert cases[0].number in first and cases[1].number not in first and len(after) == 1
    assert cases[1].number in policy.get(f"{plan}?after={after[0]}")
    assert cases[0].number in policy.get(f"{plan}?after=x")


def test_an_auditor_reads_plans_and_a_county_moves_nothing(office: Office, policy: Desk, cases: list[Case]) -> None:
    plan = policy.post(NEW, **{"from": "1", "to": "2"})
    auditor = Desk(office, "auditor")
    assert plan in auditor.get("/studio/plans/")
    assert 'name="act"' not in auditor.get(plan)
    auditor.post(f"{plan}step/", 403, act="try")
    office.hire("policy_county", "policy_officer", "county")
    county = Desk(office, "policy_county")
    county.post(f"{plan}step/", 403, act="try")
    county.post(NEW, 403, **{"from": "1", "to": "2"})
    policy.post(f"{plan}step/", 404, act="explode")
    policy.post(f"{plan}step/", act="drop")
    assert plans.get(MigrationPlan.objects.get().public_id).state == "dropped"
