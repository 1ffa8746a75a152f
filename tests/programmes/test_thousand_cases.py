"""A thousand open cases stay under their version while every part of the programme is changed and published by the way
of drafts, and every regional number (promise S6).

To see it fail: let `drafts.publish_draft` also point the running cases at the new version.
"""
import copy
import datetime as dt
import itertools
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.programmes import drafts, numbers
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.workflows import moves
from casework.workflows.models import Task, Timer
from tests.engine.versions import Next, spread
from tests.office import Office
from tests.programmes.officers import hire, publish

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S6")]
MANY = {"S": 1_000, "L": 10_000}
PLACES = ("unit_check", "review", "approve", "county_notice")
_serial = itertools.count(1)

# Each part of a programme: form, route, rights, limits, rule, conditions, papers, letters' words.
PARTS: dict[str, Callable[[Next], Any]] = {
    "form": lambda new: (new.remove_field("loss"), new.add_field("why_now")),
    "route": lambda new: (new.remove("county_notice"), new.insert(before="review")),
    "rights": lambda new: new.change("review", by="case_officer@county"),
    "limits": lambda new: new.limits(4, 3),
    "rule": lambda new: new.content["programme"].update(how_much={"zh": "按新标准", "en": "By the new standard"}),
    "conditions": lambda new: new.content["programme"]["eligibility"].append(
        {"when": {"category": {"in": ["deep"]}}, "deny": "NO_DOSSIER"}
    ),
    "papers": lambda new: new.content["programme"]["papers"]["income_proof"].update(valid_months=3),
    "words": lambda new: new.content["programme"]["title"].update(zh="生活困难救助"),
}


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def multiply(cases: list[Case], number: int) -> None:
    """As many more cases like these, with their open tasks and timers: rows alone, since nobody works on them."""
    many = [again(case, number=f"多 {next(_serial)}") for _n in range(number // len(cases)) for case in cases]
    Case.objects.bulk_create(many)
    stored = dict(Case.objects.filter(number__startswith="多 ").values_list("number", "pk"))
    tasks = {case.pk: Task.objects.get(case=case, state="open") for case in cases}
    timers = {case.pk: list(Timer.objects.filter(case=case, state="set")) for case in cases}
    pairs = [(stored[copied.number], cases[n % len(cases)].pk) for n, copied in enumerate(many)]
    Task.objects.bulk_create(again(tasks[first], case_id=pk) for pk, first in pairs)
    Timer.objects.bulk_create(again(timer, case_id=pk, task=None) for pk, first in pairs for timer in timers[first])


def again(row: models.Model, **changes: Any) -> Any:
    """Another row with the same columns."""
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made.pk, made._state.adding = None, True
    if hasattr(made, "public_id"):
        made.public_id = uuid.uuid4()
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that says how the open cases go on."""
    return {
        "cases": list(Case.objects.order_by("pk").values()),
        "tasks": list(Task.objects.order_by("pk").values()),
        "timers": list(Timer.objects.order_by("pk").values()),
    }


def in_force(office: Office, change: Callable[[Next], Any]) -> ProgrammeVersion:
    """One change, written, checked, approved and published by two people."""
    actor = office.actor("policy")
    draft = drafts.begin("living_aid", actor, office.now)
    new = Next(json.loads(draft.content))
    change(new)
    return publish(office, drafts.save(draft, new.content, draft.revision, actor, office.now))


def new_numbers(office: Office) -> None:
    """Every number of the programme is another from today on, for the county and all around it."""
    table = {"deep_multiple": 1, "relative_multiple": 1, "accidental_percent": 1, "accidental_cap_fen": 1}
    today = local_date(office.now)
    for key, value in (("subsistence_line", 100), ("living_aid", table)):
        for region in ("610000", "611000", "611002"):
            draft = numbers.propose(key, region, value, today, "试", office.actor("policy"), office.now)
            numbers.approve(draft, office.actor("policy_2"), office.now)


def test_none_of_a_thousand_open_cases_moves(office: Office, size: str) -> None:
    cases = spread(office, PLACES)
    multiply(cases, MANY[size])
    before, built = rows(), programme_of(office.version("living_aid"))
    assert len(before["cases"]) >= MANY[size] and len(before["timers"]) >= MANY[size]
    for change in PARTS.values():
        newest = in_force(office, change)
    new_numbers(office)
    assert newest.version == len(PARTS) + 1 and programme_of(newest) != built
    after = rows()
    for name, kept in before.items():
        assert [row["id"] for row, now in zip(kept, after[name], strict=True) if row != now] == [], name
    versions = {case.programme_id for case in Case.objects.filter(key="living_aid").only("programme_id")}
    assert versions == {office.version("living_aid").pk}
    assert programme_of(ProgrammeVersion.objects.get(pk=versions.pop())) == built
    with pytest.raises(Refused):  # the new right is no right on an old case
        office.do(cases[1], "review.pass", "officer", opinion="符合条件")
    offered = {move.action for move in moves.available(office.fresh(cases[1]), office.actor("reviewer"), office.now)}
    assert "review.pass" in offered
