"""What a route may say: conditions, steps beside each other, levels by amount; and what a service may say of who, when
and how often."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.cases.models import Case, ClaimedKey
from casework.core.problems import Refused
from casework.programmes.loader import build
from casework.programmes.models import Parameter
from casework.programmes.reading import ProgrammeFault
from casework.registers.models import Entry
from casework.workflows import moves
from casework.workflows.models import Task
from tests import walk
from tests.engine import made
from tests.engine.made import step
from tests.office import Office

pytestmark = pytest.mark.django_db

AT_WINDOW: dict[str, Any] = {"life": "enquiry", "start": ["window_clerk@county"], "anonymous": True}
ACCEPT = step("accept", "window_clerk@county")
CHECK = step("check", "window_clerk@county")
SECOND = step("check", "case_officer@county")
LOOK = step("check", "unit_chair@grassroots")


@pytest.fixture
def clerk(office: Office) -> Office:
    """The office with a window clerk, a city approver and the provincial one, and a worker who applies."""
    office.hire("clerk", "window_clerk", "county")
    office.hire("city_approver", "approver", "city")
    office.hire("province_approver", "province_approver", "province")
    walk.member(office)
    return office


def union(office: Office) -> str:
    return str(office.orgs["union"].public_id)


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def go(office: Office, route: dict[str, Any], **more: Any) -> Case:
    answers = more.pop("answers", {})
    version = made.publish(made.programme(route, **more), office.now)
    return made.hand_in(office, version, "worker", union=union(office), **answers)


def test_a_step_whose_condition_does_not_hold_is_passed_over(clerk: Office) -> None:
    route = {"submitted": {"one": CHECK, "extra": {**SECOND, "when": {"urgent": {"is_true": "true"}}}, "last": LOOK}}
    calm = go(clerk, route, facts=["urgent"], answers={"urgent": False})
    clerk.do(calm, "one.pass", "clerk")
    assert clerk.steps(calm) == ["last"]
    pressing = go(clerk, route, facts=["urgent"], answers={"urgent": True})
    clerk.do(pressing, "one.pass", "clerk")
    assert clerk.steps(pressing) == ["extra"]


def test_a_standing_whose_steps_are_all_passed_over_is_gone_through(clerk: Office) -> None:
    never = {**SECOND, "when": {"urgent": {"is_true": True}}}
    case = go(clerk, {"submitted": {"one": CHECK}, "accepted": {"two": never}, "approved": {"three": LOOK}})
    clerk.do(case, "one.pass", "clerk")
    assert (clerk.state(case), clerk.steps(case)) == ("approved", ["three"])


@pytest.mark.parametrize("order", [("one", "beside"), ("beside", "one")])
def test_steps_beside_each_other_open_together_and_the_case_waits_for_both(
    clerk: Office, order: tuple[str, str]
) -> None:
    route = {"submitted": {"one": CHECK, "beside": {**SECOND, "with": "one"}, "last": LOOK}}
    case = go(clerk, route)
    assert clerk.steps(case) == ["one", "beside"]
    who = {"one": "clerk", "beside": "officer"}
    clerk.do(case, f"{order[0]}.pass", who[order[0]])
    assert clerk.steps(case) == [order[1]]
    clerk.do(case, f"{order[1]}.pass", who[order[1]])
    assert clerk.steps(case) == ["last"]


def test_a_return_from_one_of_two_steps_holds_the_case_until_it_is_back(clerk: Office) -> None:
    route = {"submitted": {"first": LOOK, "one": CHECK, "beside": {**SECOND, "with": "one"}, "last": CHECK}}
    case = go(clerk, route)
    clerk.do(case, "first.pass", "chair")
    clerk.do(case, "one.return", "clerk", to="first", opinion="请补充说明")
    clerk.do(case, "beside.pass", "officer")
    assert clerk.steps(case) == ["first"]
    clerk.do(case, "first.pass", "chair")
    assert clerk.steps(case) == ["one"]
    clerk.do(case, "one.pass", "clerk")
    assert clerk.steps(case) == ["last"]


def test_a_step_is_not_returned_to_the_one_beside_it(clerk: Office) -> None:
    case = go(clerk, {"submitted": {"one": CHECK, "beside": {**SECOND, "with": "one"}}})
    shown = {move.action: move for move in moves.available(case, clerk.actor("officer"), clerk.now)}
    assert [problem.code for problem in shown["beside.return"].problems] == ["NO_EARLIER_STEP"]
    with pytest.raises(Refused) as refusal:
        clerk.do(case, "beside.return", "officer", to="one", opinion="不行")
    assert codes(refusal) == {"NO_EARLIER_STEP"}


@pytest.mark.parametrize(
    ("yuan", "role", "level"),
    [
        (20_000, "approver", "county"),
        (20_001, "approver", "city"),
        (50_000, "approver", "city"),
        (50_001, "province_approver", "province"),
    ],
)
def test_the_amount_decides_at_which_level_a_case_is_approved(
    clerk: Office, yuan: int, role: str, level: str
) -> None:
    ceilings = {"county": 2_000_000, "city": 5_000_000, "province": None}
    Parameter.objects.create(key="trial_levels", region="", effective_from="2020-01-01", value=ceilings)
    route = {
        "submitted": {"accept": ACCEPT},
        "accepted": {"approve": step("approve", "approver", at="by_amount", ceilings="trial_levels")},
    }
    case = go(clerk, route, numbers=["trial_levels"], answers={"amount": f"{yuan}"})
    clerk.do(case, "accept.pass", "clerk")
    task = Task.objects.select_related("organisation").get(case=case, state="open")
    assert (task.role, task.level, task.organisation.level) == (role, level, level)
    who = {"county": "approver", "city": "city_approver", "province": "province_approver"}
    for other in set(who.values()) - {who[level]}:
        with pytest.raises(Refused) as refusal:
            clerk.do(case, "approve.pass", other)
        assert codes(refusal) == {"NOT_YOUR_STEP"}
    clerk.do(case, "approve.pass", who[level])
    assert clerk.state(case) == "closed"


def test_an_application_outside_its_days_is_told_when_it_is_taken(clerk: Office) -> None:
    window = {"from": "07-01", "to": "08-31"}
    version = made.publish(made.programme({"submitted": {"one": CHECK}}, open=window), clerk.now)
    with pytest.raises(Refused) as refusal:
        made.hand_in(clerk, version, "worker", union=union(clerk))
    assert codes(refusal) == {"OUT_OF_WINDOW"} and "7月1日" in str(refusal.value.problems[0].message)
    clerk.at("2027-08-31")
    assert made.hand_in(clerk, version, "worker", union=union(clerk)).pk


def test_what_may_be_granted_once_is_told_at_the_review_and_refused_at_the_approval(clerk: Office) -> None:
    route = {
        "submitted": {"accept": ACCEPT},
        "accepted": {"review": step("review", "reviewer@county"), "approve": step("approve", "approver@county")},
        "approved": {"look": LOOK},
    }
    once = [{"key": "bill", "fields": ["bill"]}]
    version = made.publish(made.programme(route, once=once), clerk.now)
    office = clerk
    walk.member(office, "neighbour")
    cases = [
        made.hand_in(office, version, who, union=union(office), bill="A-1") for who in ("worker", "neighbour")
    ]
    free = made.hand_in(office, version, "worker", union=union(office), bill="A-2")
    for case in cases:
        office.do(case, "accept.pass", "clerk")
    with pytest.raises(Refused) as refusal:
        office.do(cases[0], "review.pass", "reviewer")
    assert codes(refusal) == {"DUPLICATE_AID"}
    for case in cases:
        office.do(case, "review.pass", "reviewer", not_duplicate="两份申请均已核对原件")
    office.do(cases[0], "approve.pass", "approver")
    with pytest.raises(Refused) as refusal:
        office.do(cases[1], "approve.pass", "approver")
    assert codes(refusal) == {"DUPLICATE_AID"}
    assert "A-1" not in str(list(ClaimedKey.objects.values_list("digest", flat=True)))
    office.do(free, "accept.pass", "clerk")
    office.do(free, "review.pass", "reviewer")  # each bill counts for itself
    office.do(free, "approve.pass", "approver")


def test_the_database_itself_keeps_a_second_grant_out(clerk: Office) -> None:
    cases = [go(clerk, {"submitted": {"one": CHECK}}) for _ in range(2)]
    ClaimedKey.objects.create(case=cases[0], service="s", kind="bill", digest="d", granted=True)
    ClaimedKey.objects.create(case=cases[1], service="other", kind="bill", digest="d", granted=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimedKey.objects.create(case=cases[1], service="s", kind="bill", digest="d", granted=True)


def test_a_refused_case_frees_what_it_claimed(clerk: Office) -> None:
    route = {"submitted": {"accept": ACCEPT}}
    version = made.publish(made.programme(route, once=[{"key": "bill", "fields": ["bill"]}]), clerk.now)
    case = made.hand_in(clerk, version, "worker", union=union(clerk), bill="A-1")
    clerk.do(case, "withdraw", "worker")
    walk.member(clerk, "neighbour")
    other = made.hand_in(clerk, version, "neighbour", union=union(clerk), bill="A-1")
    clerk.do(other, "accept.pass", "clerk")
    assert clerk.state(other) == "closed"


def test_only_who_may_start_a_service_starts_it_and_an_officers_case_lies_at_his_office(clerk: Office) -> None:
    rules = made.programme({"registered": {"one": CHECK}}, **AT_WINDOW)
    version = made.publish(rules, clerk.now)
    for who in ("worker", "handler", "reviewer"):
        with pytest.raises(Refused) as refusal:
            made.hand_in(clerk, version, who, union=union(clerk))
        assert codes(refusal) == {"NOT_YOURS_TO_START"}
    case = made.hand_in(clerk, version, "clerk", name="来电人")
    county = clerk.orgs["county"].pk
    assert (case.state, case.organisation_id, case.county_id) == ("registered", county, county)
    assert case.applicant.name == "来电人" and case.applicant.id_hash is None
    clerk.do(case, "one.pass", "clerk")
    assert clerk.state(case) == "closed"


def test_two_callers_without_a_number_are_two_persons(clerk: Office) -> None:
    rules = made.programme({"registered": {"one": CHECK}}, **AT_WINDOW)
    version = made.publish(rules, clerk.now)
    first, second = (made.hand_in(clerk, version, "clerk") for _ in range(2))
    assert first.applicant_id != second.applicant_id


def test_an_officer_does_not_file_for_a_union_outside_his_county(clerk: Office) -> None:
    version = made.publish(
        made.programme({"submitted": {"one": CHECK}}, start=["reviewer@county"], anonymous=True), clerk.now
    )
    with pytest.raises(Refused) as refusal:
        made.hand_in(clerk, version, "far_reviewer", union=union(clerk), name="某人")
    assert codes(refusal) == {"UNION_NOT_YOURS"}


def test_a_union_is_acted_for_by_its_handler_alone(clerk: Office) -> None:
    rules = made.programme({"submitted": {"one": CHECK}}, for_unit=True, start=["unit_handler"])
    version = made.publish(rules, clerk.now)
    assert made.hand_in(clerk, version, "handler").organisation_id == clerk.orgs["union"].pk
    with pytest.raises(Refused) as refusal:
        made.hand_in(clerk, version, "worker", union=union(clerk))
    assert codes(refusal) == {"NOT_YOURS_TO_START"}


def test_a_campaign_runs_through_its_standings(clerk: Office) -> None:
    route = {
        "planned": {"approve": step("approve", "approver@city")},
        "open": {"gather": SECOND},
        "running": {"visit": CHECK},
    }
    version = made.publish(made.programme(route, life="campaign", start=["case_officer@county"]), clerk.now)
    case = made.hand_in(clerk, version, "officer")
    seen = [clerk.state(case)]
    for action, who in (("approve.pass", "city_approver"), ("gather.pass", "officer"), ("visit.pass", "clerk")):
        clerk.do(case, action, who)
        seen.append(clerk.state(case))
    assert seen == ["planned", "open", "running", "closed"]


def test_who_planned_a_campaign_does_not_approve_it(clerk: Office) -> None:
    clerk.hire("officer", "approver", "county")
    route = {"planned": {"approve": step("approve", "approver@county")}}
    rules = made.programme(route, life="campaign", start=["case_officer@county"])
    case = made.hand_in(clerk, made.publish(rules, clerk.now), "officer")
    with pytest.raises(Refused) as refusal:
        clerk.do(case, "approve.pass", "officer")
    assert codes(refusal) == {"SAME_HANDS"}


def test_an_enquiry_is_answered_not_refused(clerk: Office) -> None:
    route = {"registered": {"accept": ACCEPT}, "accepted": {"review": step("review", "reviewer@county")}}
    rules = made.programme(route, life="enquiry")
    case = made.hand_in(clerk, made.publish(rules, clerk.now), "worker", union=union(clerk))
    clerk.do(case, "accept.pass", "clerk")
    with pytest.raises(Refused) as refusal:
        clerk.do(case, "review.deny", "reviewer", code="FALSE_DATA", opinion="不予支持")
    assert codes(refusal) == {"NO_DENIAL"}


def test_a_membership_is_entered_once_and_renewed_from_the_day_after(clerk: Office) -> None:
    route = {
        "submitted": {"accept": ACCEPT},
        "approved": {"enter": step("register", "case_officer@county")},
    }
    rules = made.programme(route, gives={"register": "membership", "years": 1, "renew_days": 30})
    version = made.publish(rules, clerk.now)

    def entered() -> Case:
        case = made.hand_in(clerk, version, "worker", union=union(clerk))
        clerk.do(case, "accept.pass", "clerk")
        clerk.do(case, "enter.pass", "officer")
        return case

    entered()
    first = Entry.objects.get(kind="membership")
    assert (first.valid_from.isoformat(), first.valid_to.isoformat()) == ("2026-11-23", "2027-11-22")
    with pytest.raises(Refused) as refusal:
        entered()
    assert codes(refusal) == {"ALREADY_ENTERED"}
    clerk.at("2027-11-01")
    entered()
    second = Entry.objects.filter(kind="membership").latest("id")
    assert (second.valid_from.isoformat(), second.valid_to.isoformat()) == ("2027-11-23", "2028-11-22")


def test_a_service_that_rests_on_a_register_refuses_who_does_not_stand_in_it(clerk: Office) -> None:
    version = made.publish(made.programme({"submitted": {"one": CHECK}}, needs={"register": "membership"}), clerk.now)
    with pytest.raises(Refused) as refusal:
        made.hand_in(clerk, version, "worker", union=union(clerk))
    assert codes(refusal) == {"NOT_MEMBER"}


def test_a_programme_like_another_holds_only_what_differs(tmp_path: Any) -> None:
    from casework.programmes import folders, loader

    folder = tmp_path / "winter_aid"
    folder.mkdir()
    (tmp_path / "living_aid").symlink_to(loader.CATALOGUE / "living_aid")
    (folder / "programme.yaml").write_text(
        "like: living_aid\nkey: winter_aid\ntitle: {zh: 冬季救助, en: Winter aid}\n"
        "route: {accepted: {review: {limit: 4wd}, county_notice: null}}\n",
        encoding="utf-8",
    )
    (folder / "form.yaml").write_bytes((loader.CATALOGUE / "living_aid" / "form.yaml").read_bytes())
    winter = build(loader.content_of(folder))
    assert (winter.key, winter.title.en, winter.step("review").limit_wd) == ("winter_aid", "Winter aid", 4)
    assert winter.step("review").role == "reviewer" and "county_notice" not in [s.key for s in winter.steps()]
    (folder / "form.yaml").unlink()
    assert build(loader.content_of(folder)).form == winter.form, "without a form of its own it has that of the other"
    assert folders.read(folder) == loader.content_of(folder)
    (folder / "programme.yaml").write_text("like: nothing_there\nkey: winter_aid\n", encoding="utf-8")
    with pytest.raises(ProgrammeFault, match="there is no programme nothing_there"):
        loader.content_of(folder)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"life": "marriage"}, "is not a life cycle"),
        ({"route": {"accepted": {"two": {**SECOND, "with": "one"}}}}, "must stand right before"),
        ({"route": {"submitted": {"one": {**CHECK, "at": "by_mood"}}}}, "write at: by_amount"),
        ({"route": {"submitted": {"one": {**CHECK, "at": "by_amount"}}}}, "the amount decides the level"),
        ({"route": {"submitted": {"one": {**CHECK, "when": {"urgent": {"is": 1}}}}}}, "is not a test"),
        ({"start": ["reviewer"]}, "needs a level"),
        ({"open": {"from": "13-01", "to": "08-31"}}, "is not a day of the year"),
        ({"once": [{"key": "bill"}]}, "a list of names"),
        ({"gives": {"years": 3}}, "register is missing"),
        ({"renews": {"from": "07-01"}}, "register is missing"),
        ({"renews": {"register": "hardship_dossier", "from": "13-01"}}, "is not a day of the year"),
        ({"renews": {"register": "hardship_dossier", "ends_on": ["TOO_RICH"]}}, "TOO_RICH"),
        ({"renews": {"register": "hardship_dossier", "until": "07-01"}}, "unknown keys until"),
        ({"begins_with": "hardship_dossier"}, "a list of names"),
        ({"re_examines": "15wd"}, "in calendar days"),
        ({"channels": ["pigeon"]}, "there are online"),
        ({"retention": "long"}, "write it such as 15y"),
    ],
)
def test_a_fault_in_the_language_says_where_and_how_to_mend_it(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ProgrammeFault, match=words):
        build(made.programme(**{"route": {"submitted": {"one": CHECK}}, **change}))


def test_a_limit_in_calendar_days_ends_on_the_next_working_day(clerk: Office) -> None:
    """Domain §4.2: 2026-09-10 and 15 days is a day of the Mid-Autumn holiday; the limit ends on Monday the 28th."""
    from casework.core.calendar import local_date

    clerk.at("2026-09-10")
    case = go(clerk, {"submitted": {"one": {**CHECK, "limit": "15d"}, "last": LOOK}})
    task = clerk.task(case, "one")
    assert local_date(task.due_at - dt.timedelta(seconds=1)) == dt.date(2026, 9, 28)


def test_the_dates_of_a_case_count_calendar_days_where_the_service_says_so(clerk: Office) -> None:
    clerk.at("2026-09-10")
    route = {"submitted": {"one": ACCEPT}, "accepted": {"two": SECOND}}
    case = go(clerk, route, total={"limit": "15d", "promise": "5d"})
    clerk.do(case, "one.pass", "clerk")
    fresh = clerk.fresh(case)
    assert (fresh.due_on, fresh.promised_on) == (dt.date(2026, 9, 28), dt.date(2026, 9, 15))


@pytest.mark.parametrize("wrong", ["0d", "d", "15 d", "9999d"])
def test_a_limit_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ProgrammeFault):
        build(made.programme({"submitted": {"one": {**CHECK, "limit": wrong}}}))
