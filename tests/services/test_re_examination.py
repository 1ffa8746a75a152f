"""Re-examination 复核 (domain §4.3): once, within 15 days, by the next level and other people; upheld, the refused case
goes on in other hands; dismissed, the refusal is final."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from casework.audit.models import Event
from casework.cases.models import Case, CaseLink
from casework.core.calendar import add_calendar_days, add_working_days, local_date
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.workflows import intake, moves, re_examining
from casework.workflows.models import QueuedCommand
from casework.workflows.replay import Replay
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office
from tests.services import second_looks as looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(office: Office) -> Office:
    """The federation with the people of the city who look again, money for aid, and a worker."""
    looks.with_city(office)
    office.make_fund("temporary", 1_000_000_00)
    walk.member(office)
    return office


def told(case: Case, who: str = "worker") -> set[str]:
    return set(Message.objects.filter(case=case, recipient__username=who).values_list("template", flat=True))


def letters(case: Case) -> list[str]:
    return list(case.papers.order_by("id").values_list("kind", flat=True))


def actions(case: Case) -> list[str]:
    rows = Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("n")
    return list(rows.values_list("action", flat=True))


def codes(office: Office, *arguments: Any, **answers: Any) -> list[str]:
    """Why the door says no."""
    with pytest.raises(Refused) as refused:
        office.do(*arguments, **answers)
    return [problem.code for problem in refused.value.problems]


# Upheld


def test_upheld_the_refused_case_goes_on_where_it_was_refused(city: Office) -> None:
    refused = looks.denied(city)
    looks.upheld(city, refused)
    case = city.fresh(refused)
    assert (case.state, case.outcome, case.ended_at) == ("accepted", "", None)
    assert city.steps(case) == ["review"]
    assert {"refusal_lifted"} <= told(case)
    assert actions(case)[-2:] == ["re_examination_asked", "re_examination_upheld"]


def test_the_clocks_start_anew_and_what_was_done_stays(city: Office) -> None:
    refused = looks.denied(city)
    before = list(refused.decisions.values_list("step", "decision")), actions(refused), refused.accepted_at
    city.at("2026-12-01")
    looks.upheld(city, refused)
    case = city.fresh(refused)
    assert case.accepted_at == before[2] and actions(case)[: len(before[1])] == before[1]
    assert list(case.decisions.values_list("step", "decision"))[: len(before[0])] == before[0]
    today = local_date(city.now)
    assert case.promised_on == add_working_days(today, 3) and case.due_on == add_working_days(today, 5)
    assert city.task(case, "review").opened_at == city.now


def test_whoever_refused_does_not_get_the_step_again(city: Office) -> None:
    refused = looks.denied(city)
    looks.upheld(city, refused)
    assert codes(city, refused, "review.pass", "reviewer", opinion="属实") == ["SAME_HANDS"]
    offered = [move for move in moves.available(city.fresh(refused), city.actor("reviewer"), city.now) if move.task]
    assert offered and all(move.problems for move in offered if move.action != "review.release")
    city.do(refused, "review.pass", "reviewer_2", opinion="属实")
    assert city.steps(refused) == ["approve"]


def test_what_was_not_accepted_is_accepted_as_any_other(city: Office) -> None:
    refused = looks.not_accepted(city)
    city.at("2026-12-01")
    looks.upheld(city, refused)
    case = city.fresh(refused)
    assert (case.state, case.accepted_at, case.outcome) == ("accepted", city.now, "")
    assert case.promised_on == add_working_days(local_date(city.now), 3)
    assert "parameters" in Event.objects.filter(subject_id=str(case.public_id)).latest("n").data
    assert city.steps(case) == ["review"]
    paper = case.papers.get(kind="acceptance_notice")
    assert paper.data["accepted_on"] == "2026-12-01" and paper.data["office"]["name"] == "秦岭纺织厂工会"
    assert "accepted" in told(case)


def test_living_aid_is_paid_after_all(city: Office) -> None:
    walk.dossier(city)
    refused = walk.living_case(city)
    walk.accept(city, refused)
    walk.review(city, refused)
    city.do(refused, "approve.deny", "approver", code="FALSE_DATA", opinion="不实")
    looks.upheld(city, refused)
    assert city.steps(refused) == ["approve"]
    fen = city.fresh(refused).facts["award_fen"]
    assert codes(city, refused, "approve.pass", "approver", amount=fen) == ["SAME_HANDS"]
    city.do(refused, "approve.pass", "approver_2", amount=fen)
    walk.notice("county_notice", "publicity")(city, refused)
    walk.settle(city, refused)
    case = city.fresh(refused)
    assert (case.state, case.payments.get().fen) == ("settled", fen)
    assert list(Replay().run()) == []
    call_command("audit_verify", stdout=io.StringIO())


def test_money_of_an_approval_that_had_passed_is_set_aside_again(city: Office) -> None:
    walk.dossier(city)
    refused = walk.living_case(city)
    walk.go(city, refused, walk.LIVING, until="county_notice")
    city.do(refused, "county_notice.post", "publicity", text="现将拟定名单予以公示。", contact="区总工会 0914-2388888")
    city.do(refused, "county_notice.object", "publicity", text="邻居反映家中有车")
    city.do(refused, "county_notice.uphold", "publicity", reply="经查属实")
    assert (city.state(refused), refused.reservations.get().state) == ("denied", "released")
    looks.upheld(city, refused)
    assert city.steps(refused) == ["county_notice"]
    assert list(refused.reservations.order_by("id").values_list("state", flat=True)) == ["released", "open"]
    city.hire("publicity_2", "publicity_officer", "county")
    walk.notice("county_notice", "publicity_2")(city, refused)
    walk.settle(city, refused)
    assert city.state(refused) == "settled"


def test_where_the_household_got_that_aid_meanwhile_the_city_is_told(city: Office) -> None:
    walk.dossier(city)
    refused = walk.living_case(city)
    walk.accept(city, refused)
    city.do(refused, "review.deny", "reviewer", code="FALSE_DATA", opinion="不实")
    other = walk.living_case(city)
    walk.go(city, other, walk.LIVING, until="county_notice")
    looks.upheld(city, refused)
    row = QueuedCommand.objects.get(case=refused, action="re_examination_upheld")
    assert row.state == "refused" and "DUPLICATE_AID" in row.trouble
    assert city.state(refused) == "denied"
    city.hire("city_supervisor", "supervisor", "city")
    from casework.site import attention

    assert row in attention.commands(city.actor("city_supervisor"))


def test_a_second_refusal_is_final(city: Office) -> None:
    refused = looks.denied(city)
    looks.upheld(city, refused)
    city.do(refused, "review.deny", "reviewer_2", code="NOT_ELIGIBLE", opinion="仍不符合")
    data = refused.papers.filter(kind="denial_notice").latest("id").data
    assert data["final"] and "最终决定" in data["appeal"]["zh"]
    assert "denied_finally" in told(refused)
    with pytest.raises(Refused) as again:
        looks.ask(city, refused, key="again")
    assert [problem.code for problem in again.value.problems] == ["ASKED_ALREADY"]


# Dismissed


@pytest.mark.parametrize("make", [looks.denied, looks.not_accepted])
def test_dismissed_the_refusal_stands_for_good(city: Office, make: Any) -> None:
    refused = make(city)
    state = refused.state
    case = looks.dismissed(city, refused)
    assert (case.state, case.outcome, city.state(refused)) == ("denied", "REFUSAL_STANDS", state)
    paper = case.papers.get(kind="re_examination_decision")
    assert "维持原决定" in paper.data["opening"] and "最终决定" in paper.data["appeal"]
    assert paper.data["text"] == "原决定事实清楚" and paper.data["office"]["name"] == "商洛市总工会"
    assert "denial_notice" not in letters(case)
    assert {"submitted", "accepted", "re_examination_dismissed"} <= told(case) and "denied" not in told(case)
    assert actions(refused)[-2:] == ["re_examination_asked", "re_examination_ended"]
    with pytest.raises(Refused):
        looks.ask(city, case)


def test_the_letter_of_an_upheld_one_says_that_the_case_goes_on(city: Office) -> None:
    refused = looks.denied(city)
    case = looks.upheld(city, refused)
    paper = case.papers.get(kind="re_examination_decision")
    assert case.state == "closed" and "re_examination_upheld" in told(case)
    assert "撤销原决定" in paper.data["opening"] and refused.number in paper.data["text"]
    assert {"label": "原决定", "value": "不予批准"} in paper.data["rows"] and paper.data["appeal"] == ""


def test_not_accepted_or_withdrawn_it_is_spent(city: Office) -> None:
    refused = looks.denied(city)
    case = looks.ask(city, refused)
    city.do(case, "withdraw", "worker")
    city.tick()
    assert told(case) >= {"re_examination_withdrawn"} and "withdrawn" not in told(case)
    assert actions(refused)[-1] == "re_examination_ended"
    with pytest.raises(Refused) as again:
        looks.ask(city, refused, key="again")
    assert [problem.code for problem in again.value.problems] == ["ASKED_ALREADY"]


# Limits


def test_it_is_asked_for_within_fifteen_days_moved_on_from_a_day_off(city: Office) -> None:
    refused = looks.denied(city)  # on Monday 23 November 2026: the 15th day is Tuesday 8 December
    last = add_calendar_days(local_date(city.now), 15)
    assert last == dt.date(2026, 12, 8)
    city.at("2026-12-08", "23:30")
    assert re_examining.barred(refused, looks.programme(city), last) == []
    city.at("2026-12-09")
    with pytest.raises(Refused) as late:
        looks.ask(city, refused)
    problem = late.value.problems[0]
    assert problem.code == "LIMIT_PASSED" and "2026年12月8日" in str(problem.message)


def test_a_last_day_on_a_weekend_is_the_next_working_day(city: Office) -> None:
    city.at("2026-11-27")
    refused = looks.denied(city)  # the 15th day is Saturday 12 December
    assert re_examining.last_day(refused, looks.programme(city)) == dt.date(2026, 12, 14)


def test_once_for_each_refusal_in_the_database_too(city: Office) -> None:
    refused = looks.denied(city)
    case = looks.ask(city, refused)
    with pytest.raises(Refused) as again:
        looks.ask(city, refused, key="again")
    assert [problem.code for problem in again.value.problems] == ["ASKED_ALREADY"]
    assert case.number in str(again.value.problems[0].message)
    other = looks.denied(city, "another_worker")
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseLink.objects.create(kind=re_examining.LINK, source=other, target=refused)


def test_it_begins_from_a_refusal_and_from_nothing_else(city: Office) -> None:
    running = walk.temporary_case(city)
    with pytest.raises(Refused):
        looks.ask(city, running)
    with pytest.raises(Refused):
        city.apply("worker", "re_examination", looks.GROUNDS)
    city.do(running, "withdraw", "worker")
    with pytest.raises(Refused) as own:
        looks.ask(city, city.fresh(running))
    assert [problem.code for problem in own.value.problems] == ["NOTHING_REFUSED"]


def test_what_the_city_itself_refused_is_not_looked_at_by_the_city(city: Office) -> None:
    refused = looks.denied(city)
    assert re_examining.possible(refused)
    task = refused.decisions.get(decision="deny").task
    assert task is not None
    task.organisation = city.orgs["city"]
    task.save(update_fields=["organisation"])
    assert not re_examining.possible(refused)


def test_nobody_asks_for_the_case_of_another(city: Office) -> None:
    refused = looks.denied(city)
    walk.member(city, "another_worker")
    for who in ("another_worker", "reviewer", "far_reviewer"):
        with pytest.raises(Refused) as stranger:
            looks.ask(city, refused, who)
        assert stranger.value.status == 404
    assert not CaseLink.objects.filter(target=refused).exists()


# Hands


def test_who_acted_in_the_refused_case_keeps_out_of_its_re_examination(city: Office) -> None:
    refused = looks.denied(city)
    person = city.users["reviewer"].person
    city.hire("promoted", "reviewer", "city", person)
    case = looks.ask(city, refused)
    city.do(case, "accept.pass", "city_clerk")
    assert codes(city, case, "examine.pass", "promoted", opinion="维持") == ["SAME_HANDS"]
    city.do(case, "examine.pass", "city_reviewer")
    assert city.steps(case) == ["decide"]


def test_the_silence_of_the_window_accepts(city: Office) -> None:
    case = looks.ask(city, looks.denied(city))
    city.now = city.task(case, "accept").due_at or city.now
    city.tick()
    assert (city.state(case), city.steps(case)) == ("accepted", ["examine"])
    assert city.fresh(case).due_on == add_working_days(local_date(case.submitted_at or city.now), 15)


def test_the_city_reads_the_refused_case(city: Office) -> None:
    from casework.workflows import guards

    refused = looks.denied(city)
    assert all(guards.in_scope(refused, city.actor(who)) for who in ("city_clerk", "city_reviewer", "city_approver"))


def test_the_window_writes_it_down_for_whoever_comes(city: Office) -> None:
    refused = looks.denied(city)
    case = looks.ask(city, refused, "city_clerk")
    assert (case.via, case.applicant_id) == ("window", refused.applicant_id)
    city.do(case, "withdraw", "worker")


def test_the_same_key_gives_the_first_case(city: Office) -> None:
    from casework.forms import drafts

    refused = looks.denied(city)
    user = city.users["worker"]
    draft = drafts.start(user, city.version("re_examination"), city.now)
    draft.came_from = refused
    draft.save(update_fields=["came_from"])
    first = intake.submit_draft(draft, looks.GROUNDS, city.actor("worker"), city.now)
    again = intake.submit_draft(draft, looks.GROUNDS, city.actor("worker"), city.now)
    assert first.pk == again.pk and CaseLink.objects.filter(target=refused).count() == 1


# What the refusal had ended or set free


def test_a_dossier_that_the_refused_yearly_check_had_ended_counts_again(city: Office) -> None:
    walk.dossier(city)
    city.at("2027-09-06")
    refused = city.apply("worker", "dossier_review", dossier_answers(city))
    walk.go(city, refused, walk.REVIEW, "review")
    city.do(refused, "review.deny", "reviewer", code="FALSE_DATA", opinion="不实")
    entry = city.fresh(refused).entry
    assert entry is not None and entry.valid_to is not None
    looks.upheld(city, refused)
    entry.refresh_from_db()
    assert entry.valid_to is None
    register = Event.objects.filter(subject_kind="register", subject_id=str(entry.public_id)).latest("n")
    assert (register.action, register.data["case"]) == ("restored", refused.number)
    city.do(refused, "review.pass", "reviewer_2", opinion="属实")
    walk.approve(city, refused)
    walk.register(city, refused)
    entry.refresh_from_db()
    assert city.state(refused) in ("settled", "closed") and entry.verified_until == dt.date(2028, 12, 31)


def test_nothing_but_an_upheld_re_examination_lifts_a_refusal(city: Office) -> None:
    refused = looks.denied(city)
    look = looks.ask(city, refused)
    for who in ("worker", "reviewer", "city_approver"):
        with pytest.raises(Refused) as tried:
            city.do(refused, "re_examination_upheld", who)
        assert tried.value.status in (403, 409)
    QueuedCommand.objects.create(
        case=refused, action="re_examination_upheld", key="by hand", due_at=city.now,
        answers={"number": look.number, "state": "closed"},
    )
    city.tick()
    row = QueuedCommand.objects.get(key="by hand")
    assert (row.state, city.state(refused)) == ("refused", "denied") and "NOT_UPHELD" in row.trouble
