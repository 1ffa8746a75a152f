"""A running case keeps the form, route, limits, rights and numbers it was accepted under (promise S6).

Open cases stand at every step of living aid; then each part of the programme and every regional number is changed and
published, and the cases are walked to their end. To see it fail: let `programme_of` read the newest version of the key
instead of the row of the case, or let `after_means_check` take the numbers of today instead of those of the case.
"""
import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import add_working_days, local_date
from casework.core.problems import Refused
from casework.programmes import versions
from casework.programmes.loader import CATALOGUE, build, content_of, programme_of
from casework.programmes.models import Parameter, ProgrammeVersion
from casework.programmes.rules import RULES
from casework.workflows.models import Task
from tests.filled import living_answers
from tests.office import Office
from tests.papers.conftest import STAMP
from tests.walk import DOSSIER, LIVING, accept, dossier, dossier_case, go, living_case

CASES = {"S": 4, "L": 120}
PLACES = ("unit_check", "review", "approve", "county_notice")
Content = dict[str, Any]


def change_form(content: Content) -> None:
    """A question goes, another comes."""
    items = content["form"]["pages"][0]["groups"][0]["items"]
    items[:] = [item for item in items if item["key"] != "reason"]
    items.append({"key": "why_now", "kind": "text", "required": True, "title": {"zh": "为何此时", "en": "Why now"}})


def change_route(content: Content) -> None:
    """The notice goes, a check by the town comes before the review."""
    route = content["programme"]["route"]["accepted"]
    del route["county_notice"]
    check = {"kind": "check", "by": "organiser@town", "limit": "3wd", "title": {"zh": "镇工会审核", "en": "Town check"}}
    content["programme"]["route"]["accepted"] = {"town_check": check, **route}


def change_rights(content: Content) -> None:
    """Others review and approve."""
    content["programme"]["route"]["accepted"]["review"]["by"] = "case_officer@county"
    content["programme"]["route"]["accepted"]["approve"]["by"] = "approver@city"


def change_limits(content: Content) -> None:
    """All limits are shorter."""
    content["programme"]["total"] = {"limit": "4wd", "promise": "3wd", "supplement": "2wd"}
    for group in content["programme"]["route"].values():
        for step in group.values():
            step["limit"] = "1wd"


def change_rule(content: Content) -> None:
    """No rule, and a condition that denies everybody."""
    content["programme"]["award"] = ""
    content["programme"]["eligibility"] = [{"when": {"category": "deep"}, "deny": "NO_DOSSIER"}]


CHANGES: tuple[Callable[[Content], None], ...] = (change_form, change_route, change_rights, change_limits, change_rule)


def publish(monkeypatch: pytest.MonkeyPatch, now: dt.datetime, *changes: Callable[[Content], None]) -> ProgrammeVersion:
    """Publish living aid with these changes, in force from today."""
    content = copy.deepcopy(content_of(CATALOGUE / "living_aid"))
    for change in changes:
        change(content)
    build(content)
    monkeypatch.setattr(versions, "content_of", lambda _folder: content)
    return versions.publish("living_aid", now, now.date(), STAMP)


def change_numbers(office: Office) -> None:
    """Every regional number of every region is another one from today on."""
    today = office.now.date()
    for key in ("subsistence_line", "minimum_wage", "living_aid"):
        value: Any = {"deep_multiple": 1, "relative_multiple": 1, "accidental_percent": 1, "accidental_cap_fen": 1}
        for region in ("", "610000", "611000", "611002"):
            Parameter.objects.create(
                key=key, region=region, effective_from=today, value=value if key == "living_aid" else 1_00
            )


def kept(case: Case) -> dict[str, Any]:
    """What must not move."""
    case = Case.objects.get(pk=case.pk)
    tasks = Task.objects.filter(case=case).order_by("id")
    return {
        "version": case.programme_id, "programme": programme_of(case.programme), "numbers": case.parameters,
        "facts": case.facts, "category": case.category, "due": (case.due_on, case.promised_on, case.provisional),
        "tasks": [(task.step, task.due_at, task.amber_at, task.limit_wd) for task in tasks],
    }


def replayed(case: Case) -> int:
    """The award, worked out again from what the case itself keeps."""
    case = Case.objects.get(pk=case.pk)
    rule = RULES[programme_of(case.programme).award]
    return int(rule.award(case_answers.full(case), case.parameters, case.category, None)["award_fen"])


@pytest.fixture
def office(db: None, moment: dt.datetime) -> Office:
    """The federation."""
    return Office(moment)


def open_cases(office: Office, number: int) -> list[tuple[str, Case]]:
    """Cases of as many workers, in turn at each step. The dossiers are made side by side, all in the same weeks."""
    workers = [f"worker_{n}" for n in range(number)]
    start = end = office.now
    for who in workers:
        office.now = start
        dossier(office, who, members=0, income=1_500_000)
        end = max(end, office.now)
    office.now = end
    found = []
    for n, who in enumerate(workers):
        place = PLACES[n % len(PLACES)]
        case = living_case(office, who, amount=700_000 + n)
        found.append((place, go(office, case, LIVING, until=place)))
    return found


@pytest.mark.promise("S6")
@pytest.mark.django_db
def test_a_running_case_keeps_its_version(office: Office, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_cases(office, CASES[size])
    before = {case.pk: kept(case) for _place, case in opened}
    awards = {case.pk: replayed(case) for place, case in opened if place != "unit_check"}
    assert set(awards.values()) <= {700_000 + n for n in range(CASES[size])} | {720_000}
    for change in CHANGES:
        publish(monkeypatch, office.now, change)
    newest = publish(monkeypatch, office.now, *CHANGES)
    assert newest.version == len(CHANGES) + 2
    change_numbers(office)

    assert [case.pk for _place, case in opened if kept(case) != before[case.pk]] == []
    assert {pk: replayed(case) for _place, case in opened if (pk := case.pk) in awards} == awards

    for place, case in opened:
        if place == "review":
            with pytest.raises(Refused):  # the new right is no right on an old case
                office.do(case, "review.pass", "officer", opinion="符合条件")
        if place == "unit_check":
            accept(office, case)
        now, way = office.now, list(LIVING)
        for step in way[way.index("review" if place == "unit_check" else place) :]:
            assert office.steps(case) == [step]
            LIVING[step](office, case)
        office.now = now
        done = office.fresh(case)
        assert (done.state, office.steps(case)) == ("approved", ["pay"])
        assert done.programme_id == before[case.pk]["version"]
        if place != "unit_check":
            assert done.amount_fen == awards[case.pk] == replayed(case)
            assert done.parameters == before[case.pk]["numbers"]
        for event in Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)):
            assert newest.content_hash not in str(event.data)


@pytest.mark.promise("S6")
@pytest.mark.django_db
def test_numbers_are_frozen_at_acceptance_not_before(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case handed in under the old version keeps its form and route; the numbers are those of the day it was
    accepted."""
    [(_place, case)] = open_cases(office, 1)
    assert office.fresh(case).parameters == {}
    publish(monkeypatch, office.now, *CHANGES)
    change_numbers(office)
    accept(office, case)
    accepted = office.fresh(case)
    assert accepted.parameters["subsistence_line"] == 1_00
    assert (accepted.facts["award_fen"], replayed(case)) == (1_00, 1_00)
    assert accepted.due_on is not None and accepted.due_on > office.now.date() + dt.timedelta(days=20)
    assert office.steps(case) == ["review"]


@pytest.mark.promise("S6")
@pytest.mark.django_db
def test_what_the_means_check_found_is_judged_by_the_numbers_of_the_acceptance(office: Office) -> None:
    """Income a head becomes 750.00: relative hardship by the line of 720.00, far above by the new one of 1.00."""
    case = go(office, dossier_case(office, members=0, income=1_500_000), DOSSIER, until="means_check")
    assert office.fresh(case).category == "deep"
    change_numbers(office)
    office.do(case, "means_check.send", "officer", office="区民政局")
    office.do(case, "means_check.result", "officer", result="differs", income=1_800_000, opinion="以核对为准")
    found = office.fresh(case)
    assert (found.facts["pc_fen"], found.facts["line_fen"], found.category) == (750_00, 720_00, "relative")


@pytest.mark.promise("S6")
@pytest.mark.django_db
def test_a_new_case_comes_under_the_new_version(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests above do not pass because nothing was published."""
    dossier(office, "worker", members=0, income=1_500_000)
    newest = publish(monkeypatch, office.now, change_form, change_route, change_rights, change_limits)
    assert versions.current("living_aid", office.now.date()) == newest
    office.versions["living_aid"] = newest
    answers = living_answers(office, "worker")
    with pytest.raises(Refused) as caught:
        office.apply("worker", "living_aid", answers)
    assert "why_now" in {problem.place for problem in caught.value.problems}
    del answers["reason"]
    case = office.apply("worker", "living_aid", answers | {"why_now": "妻子住院"})
    accept(office, case)
    assert office.steps(case) == ["town_check"]
    assert office.fresh(case).due_on == add_working_days(local_date(office.now), 4)
    office.do(case, "town_check.pass", "organiser")
    with pytest.raises(Refused):
        office.do(case, "review.pass", "reviewer", opinion="符合条件")
    office.do(case, "review.pass", "officer", opinion="符合条件")
    assert office.task(case, "approve").limit_wd == 1
