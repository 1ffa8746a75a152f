"""Running cases go on under another version: the trial is the real run, the undo restores (promise S7).

To see it fail: leave out the comparison with the trial in `work._move_some`, or a column in `keeping.TASK`.
"""
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.programmes.loader import programme_of
from casework.programmes.models import Parameter
from casework.workflows.migrating import plans
from casework.workflows.migrating.picture import picture
from casework.workflows.models import Decision, MigrationPlan, MigrationRow, Task, Timer
from tests import walk
from tests.engine.versions import Next, carried_out, tried, undone, work_all
from tests.office import Office
from tests.programmes.officers import hire

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S7")]
PLACES = ("unit_check", "review", "approve", "county_notice")
LACKING = ["subsistence_line", "living_aid", "no_such_number"]


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


def content(office: Office, key: str = "living_aid") -> dict[str, Any]:
    """The content of the version in force."""
    found: dict[str, Any] = json.loads(office.version(key).content["text"])
    return found


def living_at(office: Office, place: str, who: str = "worker") -> Case:
    """A case of living aid at a step."""
    walk.dossier(office, who, members=0, income=1_500_000)
    return walk.go(office, walk.living_case(office, who, amount=700_000), walk.LIVING, until=place)


def spread(office: Office, places: Sequence[str]) -> list[Case]:
    """Cases of as many workers, one at each of the places. Their dossiers are made in the same weeks."""
    start = end = office.now
    for n in range(len(places)):
        office.now = start
        walk.dossier(office, f"worker_{n}", members=0, income=1_500_000)
        end = max(end, office.now)
    office.now = end
    made = [walk.living_case(office, f"worker_{n}", amount=700_000) for n in range(len(places))]
    return [walk.go(office, case, walk.LIVING, until=place) for case, place in zip(made, places, strict=True)]


def move(office: Office, new: Next, key: str = "living_aid") -> MigrationPlan:
    """The whole way of a plan."""
    return carried_out(office, tried(office, office.version(key), new))


def row_of(case: Case) -> MigrationRow:
    """The case's row of the last plan."""
    return MigrationRow.objects.filter(case=case).latest("id")


def codes(case: Case) -> list[str]:
    """Why the case could not go."""
    return [problem["code"] for problem in row_of(case).problems]


def refused(act: Callable[[], Any]) -> set[str]:
    """The codes of a refusal."""
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.codes


# The move.


def test_a_case_goes_on_by_the_new_route_limits_and_rights(office: Office) -> None:
    case = living_at(office, "review")
    due = office.task(case, "review").due_at
    new = Next(content(office))
    new.rename("review", "examination")
    new.change("examination", by="case_officer@county", limit="5wd")
    new.limits(10, 8)
    plan = move(office, new)
    case = office.fresh(case)
    task = office.task(case, "examination")
    assert (plan.state, row_of(case).state) == ("done", "moved")
    assert (case.programme, case.key) == (plan.target, "living_aid")
    assert (task.role, task.limit_wd, task.opened_at) == ("case_officer", 5, office_opened(case))
    assert task.due_at is not None and due is not None and task.due_at < due
    assert list(Timer.objects.filter(case=case, state="set").values_list("action", "due_at")) == [
        ("examination.overdue", task.due_at)
    ]
    with pytest.raises(Refused):  # the old right is none any more
        office.do(case, "examination.pass", "reviewer", opinion="符合条件")
    office.do(case, "examination.pass", "officer", opinion="符合条件")
    assert office.steps(case) == ["approve"]
    assert invariants(office.now) == []


def office_opened(case: Case) -> dt.datetime:
    """When the open task was opened: a move takes nobody's time away."""
    return Task.objects.get(case=case, state="open").opened_at


def test_the_move_is_one_event_that_names_plan_versions_and_signers(office: Office) -> None:
    case = living_at(office, "review")
    before = case.event_n
    new = Next(content(office))
    new.limits(10, 8)
    plan = move(office, new)
    (event,) = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id), n__gt=before)
    assert (event.action, event.actor["system"], event.actor["via"]) == ("migrate", "system", "batch")
    told = event.data["migration"]
    assert (told["plan"], told["from"], told["to"]) == (str(plan.public_id), 1, 2)
    assert told["signed"] == [office.users["policy"].pk, office.users["policy_2"].pk]
    assert event.data["programme"]["content_hash"] == plan.target.content_hash
    assert set(event.data["after"]) >= {"due_on", "promised_on"}


def test_what_happened_keeps_its_meaning_under_the_new_names(office: Office) -> None:
    case = living_at(office, "approve")
    new = Next(content(office))
    new.rename("review", "examination")
    move(office, new)
    assert list(Decision.objects.filter(case=case, duty="review").values_list("step", flat=True)) == ["examination"]
    # The approval is not held up by a review that has another name now.
    walk.approve(office, case)
    LIVING = {"county_notice": walk.LIVING["county_notice"]}
    case = walk.go(office, case, LIVING)
    assert (case.state, office.steps(case)) == ("approved", ["pay"])


@pytest.mark.parametrize("place", ["review", "approve", "county_notice"])
def test_a_new_step_is_made_up_for_before_the_open_one(office: Office, place: str) -> None:
    case = living_at(office, place)
    new = Next(content(office))
    new.insert(before="review")
    new.insert(before="review", key="second_look", by="case_officer@county")
    move(office, new)
    assert office.steps(case) == ["town_look"]
    office.do(case, "town_look.pass", "organiser")
    assert office.steps(case) == ["second_look"]
    office.do(case, "second_look.pass", "officer")
    assert office.steps(case) == [place]
    way = list(walk.LIVING)
    case = walk.go(office, case, {step: walk.LIVING[step] for step in way[way.index(place) :]})
    assert (case.state, invariants(office.now)) == ("approved", [])


def test_a_new_step_after_the_open_one_comes_in_its_turn(office: Office) -> None:
    case = living_at(office, "review")
    new = Next(content(office))
    new.insert(before="approve")
    move(office, new)
    walk.review(office, case)
    assert office.steps(case) == ["town_look"]


def test_a_step_that_was_to_come_is_left_out(office: Office) -> None:
    case = living_at(office, "review")
    new = Next(content(office))
    new.remove("county_notice")
    move(office, new)
    walk.review(office, case)
    walk.approve(office, case)
    assert (office.state(case), office.steps(case)) == ("approved", ["pay"])


def test_a_notice_that_hangs_goes_on_under_its_new_name(office: Office) -> None:
    case = living_at(office, "county_notice")
    walk.enter_phase(office, case, "county_notice", "posted")
    new = Next(content(office))
    new.rename("county_notice", "posting")
    move(office, new)
    office.now = case.notices.latest("id").ends_at
    office.tick()
    assert (office.task(case, "posting").phase, office.state(case)) == ("ended", "accepted")


def test_a_supplement_under_way_goes_on_and_its_clock_still_rests(office: Office) -> None:
    case = walk.dossier_case(office)
    walk.enter_phase(office, case, "unit_check", "waiting")
    new = Next(content(office, "hardship_dossier"))
    new.change("unit_check", limit="2wd")
    move(office, new, "hardship_dossier")
    assert office.state(case) == "supplement"
    assert sorted(Timer.objects.filter(case=case, state="set").values_list("action", flat=True)) == ["lapse"]


def test_numbers_and_award_are_worked_out_by_the_new_rule_for_the_day_of_acceptance(office: Office) -> None:
    case = living_at(office, "review")
    Parameter.objects.create(
        key="living_aid", region="611002", effective_from=local_date(office.now) + dt.timedelta(days=1),
        value={"deep_multiple": 1, "relative_multiple": 1, "accidental_percent": 1, "accidental_cap_fen": 1},
    )
    before, new = case.parameters, Next(content(office))
    new.content["programme"]["numbers"] = ["subsistence_line", "living_aid", "minimum_wage"]
    move(office, new)
    after = office.fresh(case)
    assert after.parameters["living_aid"] == before["living_aid"], "the day of acceptance counts, not today"
    assert after.parameters["minimum_wage"] and after.facts["award_fen"] == case.facts["award_fen"]


def test_answers_go_to_their_new_keys_and_the_old_revision_stays(office: Office) -> None:
    case = living_at(office, "review")
    old = case_answers.full(case)
    new = Next(content(office))
    new.rename_field("card_no", "account_no")
    new.remove_field("reason")
    new.add_field("why_now")
    move(office, new)
    case = office.fresh(case)
    answers = case_answers.full(case)
    assert answers["account_no"] == old["card_no"] and "card_no" not in answers and "reason" not in answers
    assert case_answers.shown(case)["account_no"] != old["card_no"], "sensitive under the new key, too"
    told = Event.objects.filter(subject_id=str(case.public_id), action="migrate").get().data["migration"]
    assert (told["left_behind"], told["missing"]) == (["reason"], ["why_now"])
    assert case.answers.count() == 2 and invariants(office.now) == []


# Who cannot go, and is named.


@pytest.mark.parametrize(("place", "change", "code"), [
    ("review", lambda new: new.remove("review"), "NO_COUNTERPART"),
    ("review", lambda new: new.change("review", kind="check"), "OTHER_STEP"),
    ("county_notice", lambda new: new.content["programme"].update(award=""), "DECIDED"),
    ("county_notice", lambda new: new.remove_field("loss"), "DECIDED"),
    ("approve", lambda new: new.content["programme"].update(numbers=LACKING), "PARAMETER_MISSING"),
    ("review", lambda new: new.insert(before="unit_check", kind="review", by="reviewer@county"), "PASSED_OVER"),
])
def test_who_cannot_go_is_named_and_stays_as_it_was(
    office: Office, place: str, change: Callable[[Next], None], code: str
) -> None:
    case = living_at(office, place)
    before, new = picture(case.pk), Next(content(office))
    change(new)
    plan = tried(office, office.version("living_aid"), new)
    assert (codes(case), plans.counts(plan)) == ([code], {"refused": 1})
    plan = carried_out(office, plan)
    assert (plan.state, picture(case.pk), office.fresh(case).event_n) == ("done", before, case.event_n)
    assert row_of(case).problems[0]["zh"] != row_of(case).problems[0]["en"]


def test_nothing_is_made_up_for_in_the_middle_of_a_notice(office: Office) -> None:
    case = living_at(office, "county_notice")
    walk.enter_phase(office, case, "county_notice", "posted")
    new = Next(content(office))
    new.insert(before="approve")
    tried(office, office.version("living_aid"), new)
    assert codes(case) == ["IN_THE_MIDDLE"]


def test_whoever_moved_on_since_the_trial_stays(office: Office) -> None:
    still, case = living_at(office, "review", "worker_b"), living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new)
    walk.review(office, case)
    plan = carried_out(office, plan)
    assert (codes(case), row_of(still).state) == (["MOVED_ON_SINCE"], "moved")
    assert office.fresh(case).programme == plan.source


def test_what_would_come_out_otherwise_than_in_the_trial_is_not_done(office: Office) -> None:
    """The chair of a task loses his role between trial and run: the desk would be another."""
    case = living_at(office, "review")
    new = Next(content(office))
    new.limits(10, 8)
    plan = tried(office, office.version("living_aid"), new)
    MigrationRow.objects.filter(plan=plan).update(after={**row_of(case).after, "category": "none"})
    carried_out(office, plan)
    assert (codes(case), office.fresh(case).programme) == (["DIFFERS_FROM_TRIAL"], office.version("living_aid"))
    assert office.fresh(case).event_n == case.event_n


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


def changed(office: Office, changes: list[tuple[Any, ...]]) -> Next:
    """The next version with these changes."""
    new = Next(content(office))
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


@settings(max_examples=settings.default.max_examples // 4)  # 15 pairs, 500 at full size, with five cases each
@given(changes=st.lists(edits, min_size=1, max_size=6))
def test_trial_and_run_are_one_and_the_undo_restores(
    crowd: tuple[Office, list[Case]], changes: list[tuple[Any, ...]]
) -> None:
    office, cases = crowd
    with transaction.atomic():
        _there_and_back(office, cases, changed(office, changes))
        transaction.set_rollback(True)


def _there_and_back(office: Office, cases: list[Case], new: Next) -> None:
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
