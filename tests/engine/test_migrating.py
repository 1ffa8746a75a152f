"""Running cases go on under another version: what becomes of each of them, and who cannot go (promise S7)."""
import datetime as dt
from collections.abc import Callable

import pytest

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.oversight.invariants import invariants
from casework.programmes.models import Parameter
from casework.workflows.migrating import plans
from casework.workflows.migrating.picture import picture
from casework.workflows.models import Decision, MigrationRow, Task, Timer
from tests import walk
from tests.engine.versions import Next, carried_out, codes, content, living_at, move, row_of, tried
from tests.office import Office
from tests.programmes.officers import hire

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S7")]
LACKING = ["subsistence_line", "living_aid", "no_such_number"]


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """The federation with its policy officers."""
    return hire(Office(moment))


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
