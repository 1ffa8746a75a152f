"""The plan by which cases go on under another version: the trial is the real run, two sign, the undo restores (promise
S7). To see it fail: leave out the comparison with the trial in `work._move_some`, or a column in `keeping.TASK`.
"""
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.workflows.migrating import plans, work
from casework.workflows.migrating.mapping import plan_problems
from casework.workflows.migrating.picture import picture
from casework.workflows.models import MigrationPlan, MigrationRow, Task
from tests import walk
from tests.engine.versions import (
    Next,
    carried_out,
    codes,
    content,
    living_at,
    move,
    row_of,
    spread,
    tried,
    undone,
    work_all,
)
from tests.office import Office
from tests.programmes.officers import hire

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S7")]
PLACES = ("unit_check", "review", "approve", "county_notice")


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def refused(act: Callable[[], Any]) -> set[str]:
    """The codes of a refusal."""
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.codes


# Plans and signatures.


def test_two_persons_sign_what_the_trial_showed(office: Office) -> None:
    case = living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new)
    assert refused(lambda: plans.start(plan, office.actor("policy"), office.now)) == {"PLAN_ELSEWHERE"}
    plans.sign(plan, office.actor("policy"), office.now)
    office.hire("policy_again", "policy_officer", "city", office.users["policy"].person)
    for who in ("policy", "policy_again"):
        actor = office.actor(who)
        assert refused(lambda actor=actor: plans.sign(plan, actor, office.now)) == {"SAME_HANDS"}  # type: ignore[misc]
    assert refused(lambda: plans.start(plan, office.actor("policy"), office.now)) == {"PLAN_ELSEWHERE"}
    for who in ("policy_county", "admin", "approver"):
        actor = office.actor(who)
        assert refused(lambda actor=actor: plans.sign(plan, actor, office.now)) <= {  # type: ignore[misc]
            "LEVEL_TOO_LOW", "NOT_POLICY_OFFICER"
        }
    plans.sign(plan, office.actor("policy_2"), office.now)
    assert office.fresh(case).programme == plan.source, "signed is not done"
    again = plans.try_out(plan, office.actor("policy"), office.now)
    assert again.signatures == [], "another trial is signed anew"


def test_each_act_on_a_plan_is_an_event(office: Office) -> None:
    living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    undone(office, move(office, new))
    told = Event.objects.filter(subject_kind="programme", subject_id="living_aid", action__startswith="migration")
    assert list(told.order_by("n").values_list("action", flat=True)) == [
        "migration_plan", "migration_try", "migration_tried", "migration_sign", "migration_sign", "migration_start",
        "migration_done", "migration_undo", "migration_undone",
    ]


def test_a_plan_may_name_its_cases(office: Office) -> None:
    one, other = living_at(office, "review"), living_at(office, "review", "worker_b")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new, (one.number,))
    carried_out(office, plan)
    assert (office.fresh(one).programme, office.fresh(other).programme) == (plan.target, plan.source)


@pytest.mark.parametrize(("steps", "fields", "code"), [
    ({"no_such": "review"}, {}, "NO_SUCH_KEY"), ({"review": "no_such"}, {}, "NO_SUCH_KEY"),
    ({"review": "approve"}, {}, "TWO_ON_ONE"), ({}, {"months": "reason"}, "OTHER_KIND"),
    ({}, {"no_such": "reason"}, "NO_SUCH_KEY"),
])
def test_a_plan_that_cannot_be_is_refused(
    office: Office, steps: dict[str, str], fields: dict[str, str], code: str
) -> None:
    new = Next(content(office))
    new.limits(10, 8)
    target = new.publish(office)
    make = (office.version("living_aid"), target, steps, fields, office.actor("policy"), office.now)
    assert code in refused(lambda: plans.make(*make))
    assert refused(lambda: plans.make(
        office.version("hardship_dossier"), target, {}, {}, office.actor("policy"), office.now
    )) == {"OTHER_PROGRAMME"}


def test_nobody_moves_a_case_by_hand(office: Office) -> None:
    case = living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new)
    for who in ("policy", "officer", "admin", "worker"):
        for action in ("migrate", "migrate_undo"):
            with pytest.raises(Refused) as refusal:
                office.do(case, action, who, plan=plan.pk)
            assert refusal.value.status in (403, 404)
    assert office.fresh(case).event_n == case.event_n


# The undo.


def test_an_undo_is_an_event_and_the_case_stands_as_before(office: Office) -> None:
    cases = spread(office, PLACES)
    before = {case.pk: picture(case.pk) for case in cases}
    new = Next(content(office))
    new.rename("review", "examination")
    new.insert(before="approve")
    new.rename_field("card_no", "account_no")
    new.limits(10, 8)
    plan = move(office, new)
    moved = {row.case_id for row in plans.rows_of(plan, "moved")}
    assert len(moved) == 3, "the decided case stays, for its form is another"
    plan = undone(office, plan)
    assert (plan.state, {case.pk: picture(case.pk) for case in cases}) == ("undone", before)
    last = Event.objects.filter(subject_id=str(cases[1].public_id)).latest("n")
    assert (last.action, last.data["programme"]["version"]) == ("migrate_undo", 1)
    assert programme_of(office.fresh(cases[1]).programme).clock.limit_wd == 20
    assert invariants(office.now) == []
    walk.review(office, cases[1])
    assert office.steps(cases[1]) == ["approve"]


def test_a_case_that_was_worked_on_since_stays(office: Office) -> None:
    still, case = living_at(office, "review", "worker_b"), living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = move(office, new)
    walk.review(office, case)
    plan = undone(office, plan)
    assert (row_of(case).state, codes(case), row_of(still).state) == ("stays", ["MOVED_ON_SINCE"], "undone")
    assert (office.fresh(case).programme, office.fresh(still).programme) == (plan.target, plan.source)


def test_work_that_is_done_twice_changes_nothing(office: Office) -> None:
    """Two workers take the same chunk, or a message comes twice."""
    case = living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new)
    for who in ("policy", "policy_2"):
        plan = plans.sign(plan, office.actor(who), office.now)
    plan = plans.start(plan, office.actor("policy"), office.now)
    row = row_of(case)
    work_all(plan, office.now)
    after = picture(case.pk)
    MigrationRow.objects.filter(pk=row.pk).update(state="tried")
    MigrationPlan.objects.filter(pk=plan.pk).update(state="running")
    work_all(plan, office.now)
    assert (picture(case.pk), Event.objects.filter(action="migrate").count()) == (after, 1)


# Any pair of versions.

STEPS = st.sampled_from(["unit_check", "review", "approve", "county_notice", "pay", "rate"])
FIELDS = st.sampled_from(["months", "reason", "loss", "card_no", "bank", "amount", "year"])
days = st.integers(1, 30)
edits = st.one_of(
    st.tuples(st.just("rename"), STEPS, st.sampled_from(["step_a", "step_b"])),
    st.tuples(st.just("insert"), STEPS),
    st.tuples(st.just("remove"), STEPS),
    st.builds(lambda key, n: ("change", key, {"limit": f"{n}wd"}), STEPS, days),
    st.builds(lambda key, by: ("change", key, {"by": by}), st.sampled_from(["review", "approve"]),
              st.sampled_from(["case_officer@county", "approver@city", "reviewer@county"])),
    st.tuples(st.just("limits"), days, days),
    st.tuples(st.just("rename_field"), FIELDS, st.sampled_from(["field_a", "field_b"])),
    st.tuples(st.just("remove_field"), FIELDS),
    st.just(("add_field",)),
)


def changed(first: dict[str, Any], changes: list[tuple[Any, ...]]) -> Next:
    """The next version after the first, with these changes."""
    new = Next(first)
    for name, *given_ in changes:
        if name == "change":
            new.change(given_[0], **given_[1])
        elif name != "add_field" or not any(item.get("key") == "why_now" for rows in new.items() for item in rows):
            getattr(new, name)(*given_)
    new.steps = {old: key for old, key in new.steps.items() if new.group_of(key)}
    return new


@pytest.fixture
def crowd(office: Office) -> tuple[Office, list[Case]]:
    """A case at every place, one of them with its notice hanging."""
    cases = spread(office, [*PLACES, "county_notice"])
    walk.enter_phase(office, cases[-1], "county_notice", "posted")
    return office, cases


PAIRS = {"S": 500, "L": 5_000}


def test_of_any_pair_the_trial_is_the_run_and_the_undo_restores(
    crowd: tuple[Office, list[Case]], size: str
) -> None:
    """500 pairs of versions, each for a case at a drawn place that goes there and back before the next pair comes. The
    work on the plan is the real one; the officers' acts, of which the test below has all, are left out. Seen red with
    a column left out of what is kept for the undo."""
    office, cases = crowd
    source, first = office.version("living_aid"), content(office)
    before = {case.pk: picture(case.pk) for case in cases}
    ends: Counter[str] = Counter()

    @settings(max_examples=PAIRS[size])
    @given(changes=st.lists(edits, min_size=1, max_size=6), case=st.sampled_from(cases))
    def pair(changes: list[tuple[Any, ...]], case: Case) -> None:
        with transaction.atomic():  # a pair that fails leaves nothing behind
            plan = planned(office, source, case, changed(first, changes))
            ends[there_and_back(plan, case, before[case.pk], office.now)] += 1

    pair()
    assert ends["undone"] > PAIRS[size] // 3 and ends["refused"] > PAIRS[size] // 20
    assert invariants(office.now) == []


def planned(office: Office, source: ProgrammeVersion, case: Case, new: Next) -> MigrationPlan:
    """A plan for one case whose trial has begun."""
    target = new.publish(office)
    assert plan_problems(source, target, new.steps, new.fields) == []
    return MigrationPlan.objects.create(
        source=source, target=target, steps=new.steps, fields=new.fields, numbers=[case.number], state="trying",
        author=office.users["policy"], created_at=office.now,
    )


def there_and_back(plan: MigrationPlan, case: Case, before: dict[str, Any], now: dt.datetime) -> str:
    """Trial, run and undo of the one case. Returns where its row stands in the end."""
    promised = worked(plan, "trying", now)
    assert promised.before == json.loads(json.dumps(before))
    if promised.state == "refused":
        assert promised.problems and picture(case.pk) == before, "a trial changes nothing"
        return "refused"
    assert worked(plan, "running", now).state == "moved"
    assert json.loads(json.dumps(picture(case.pk))) == promised.after
    assert worked(plan, "undoing", now).state == "undone"
    assert picture(case.pk) == before
    return "undone"


def worked(plan: MigrationPlan, state: str, now: dt.datetime) -> MigrationRow:
    """The row of the one case after the worker did what stands to be done."""
    plan.state = state
    plan.save(update_fields=["state"])
    assert not work.work_off(plan, now)
    return plan.rows.get()


@settings(max_examples=settings.default.max_examples // 12)  # 5 pairs, 166 at full size
@given(changes=st.lists(edits, min_size=1, max_size=6))
def test_the_whole_way_of_a_plan_with_cases_at_every_place(
    crowd: tuple[Office, list[Case]], changes: list[tuple[Any, ...]]
) -> None:
    office, cases = crowd
    with transaction.atomic():
        _whole_way(office, cases, changed(content(office), changes))
        transaction.set_rollback(True)


def _whole_way(office: Office, cases: list[Case], new: Next) -> None:
    ids = [case.pk for case in cases]
    before = {pk: picture(pk) for pk in ids}
    plan = tried(office, office.version("living_aid"), new)
    assert {pk: picture(pk) for pk in ids} == before, "a trial changes nothing"
    promised = {row.case_id: row for row in plan.rows.all()}
    assert set(promised) == set(ids)
    plan = carried_out(office, plan)
    for row in plan.rows.all():
        wanted = promised[row.case_id].after if promised[row.case_id].state == "tried" else before[row.case_id]
        assert row.state == {"tried": "moved", "refused": "refused"}[promised[row.case_id].state]
        assert json.loads(json.dumps(picture(row.case_id))) == json.loads(json.dumps(wanted))
    assert invariants(office.now) == []
    for task in Task.objects.filter(case__in=ids, state="open").select_related("case__programme"):
        step = programme_of(task.case.programme).step(task.step)
        assert (task.kind, task.group, task.limit_wd) == (step.kind, step.group, step.limit_wd)
    undone(office, plan)
    assert {pk: picture(pk) for pk in ids} == before
    assert invariants(office.now) == []
