"""Help to find work (domain §5.3): recognised, referred, placed or not, followed up again and again by the clock."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core import clock
from casework.core.calendar import add_months, local_date, start_of
from casework.core.problems import Refused
from casework.notifications.models import Message
from casework.oversight.invariants import invariants
from casework.workflows.models import Referral, Timer
from tests import walk
from tests.office import Office
from tests.services import jobs
from tests.services.reading import codes, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_the_office(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages live at the moment of the story."""
    monkeypatch.setattr(clock, "now", lambda: request.getfixturevalue("office").now)


def asked_again(office: Office, case: Case, *, insured: bool = True) -> None:
    """The follow-up that is due now is written down."""
    day = local_date(office.now).isoformat()
    office.do(case, "follow_up.employed", "officer", asked_on=day, insured=insured, opinion="在岗，工资按月发放")


def test_from_the_form_to_stable_work(office: Office) -> None:
    vacancy = jobs.published(office)
    client = Client()
    client.force_login(office.users["hr"])
    walk.member(office)
    client.force_login(office.users["worker"])
    assert "求职登记与就业援助" in client.get(reverse("catalogue")).content.decode()
    case = jobs.asked(office)
    fresh = office.fresh(case)
    assert (fresh.state, office.steps(case), fresh.organisation) == ("registered", ["accept"], office.orgs["county"])
    office.do(case, "accept.pass", "clerk")
    assert office.steps(case) == ["match"], "who belongs to no group is not recognised first"
    assert office.task(case, "match").limit_wd == 10
    jobs.referred(office, case, vacancy)
    assert "referred" in told(office, case, "worker")
    own = client.get(reverse("my_case", args=[case.public_id])).content.decode()
    assert "缝纫工 · 商州区腾飞服装有限公司" in own and "已为您推荐岗位" in own
    referral = Referral.objects.get(case=case)
    office.do(case, "match.hired", "officer", referral=str(referral.pk), **jobs.contract(office))
    referral.refresh_from_db()
    assert (referral.result, referral.closed_on) == ("hired", local_date(office.now))
    assert (office.state(case), office.steps(case)) == ("answered", ["follow_up"])
    began = local_date(office.now)
    for months in (1, 3, 6):
        day = start_of(add_months(began, months))
        with pytest.raises(Refused):
            asked_again(office, case)
        office.now = day - dt.timedelta(minutes=1)
        office.tick()
        assert office.task(case, "follow_up").phase.startswith("waits")
        office.now = day + dt.timedelta(hours=9)
        office.tick()
        assert office.task(case, "follow_up").phase.startswith("due")
        assert "follow_up_due" in told(office, case, "officer")
        asked_again(office, case)
    fresh = office.fresh(case)
    assert (fresh.state, fresh.facts["placed"], fresh.facts["stable"]) == ("closed", True, True)
    assert [row["month"] for row in fresh.facts["followed"]] == [1, 3, 6]


def test_a_follow_up_that_nobody_does_is_overdue_each_time(office: Office) -> None:
    case = jobs.matching(office)
    jobs.placed(office, case, jobs.published(office))
    for _round in range(2):
        task = office.task(case, "follow_up")
        office.now = task.amber_at
        office.tick()
        before = Message.objects.filter(case=case, template="task_overdue").count()
        office.now = task.due_at
        office.tick()
        assert Message.objects.filter(case=case, template="task_overdue").count() > before
        assert office.steps(case) == ["follow_up"]
        asked_again(office, case)


@pytest.mark.parametrize(("changes", "insured", "stable"), [
    ({"ends": ""}, False, True), ({}, False, True), ({"ends": "2027-03-01"}, True, True),
    ({"ends": "2027-03-01"}, False, False),
])
def test_stable_is_a_contract_of_a_year_or_half_a_year_of_insurance(
    office: Office, changes: dict[str, Any], insured: bool, stable: bool
) -> None:
    case = jobs.matching(office)
    given = {key: value for key, value in changes.items() if value}
    if changes.get("ends") == "":
        given["ends"] = None
    jobs.placed(office, case, jobs.published(office), **given)
    for months in (1, 3, 6):
        office.now = start_of(add_months(dt.date.fromisoformat(office.fresh(case).facts["contract"]["from"]), months))
        office.tick()
        asked_again(office, case, insured=insured)
    assert office.fresh(case).facts["stable"] is stable


def test_who_is_hard_to_employ_is_recognised_and_posted_three_days(office: Office) -> None:
    case = jobs.asked(office, group=["returned", "long_jobless"])
    office.do(case, "accept.pass", "clerk")
    assert (office.steps(case), office.task(case, "recognise").limit_wd) == (["recognise"], 7)
    office.do(case, "recognise.pass", "reviewer", opinion="返乡农民工，失业七个月")
    office.do(case, "notice.post", "publicity", text="现将拟认定人员予以公示。", contact="区总工会 0914-2388888")
    notice = case.notices.get()
    assert notice.days == 3
    shown = Client().get(reverse("notice", args=[notice.public_id])).content.decode()
    assert office.users["worker"].person.name not in shown  # type: ignore[union-attr]
    office.now = notice.ends_at
    office.tick()
    photos = {key: [office.upload("publicity", key)] for key in ("photo_start", "photo_end")}
    office.do(case, "notice.confirm", "publicity", **photos)
    assert office.steps(case) == ["match"]


def test_who_is_not_recognised_is_helped_all_the_same_and_reads_why(office: Office) -> None:
    case = jobs.asked(office, group=["disabled"])
    office.do(case, "accept.pass", "clerk")
    office.do(case, "recognise.ordinary", "reviewer", opinion="未提供残疾人证")
    assert (office.steps(case), office.fresh(case).facts["recognised"]) == (["match"], False)
    client = Client()
    client.force_login(office.users["worker"])
    assert "未提供残疾人证" in client.get(reverse("my_case", args=[case.public_id])).content.decode()


def test_only_what_fits_is_offered_and_nothing_twice(office: Office) -> None:
    fits = jobs.published(office, "hr")
    jobs.published(office, "hr_2", post="会计", occupation="office")
    jobs.published(office, "hr_3", post="低薪工", wage_min=200_000, wage_max=250_000)
    jobs.published(office, "hr_4", post="无宿工", lodging=False)
    case = jobs.matching(office, lodging=True)
    client = Client()
    client.force_login(office.users["officer"])
    desk = client.get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert "缝纫工" in desk
    for hidden in ("会计", "低薪工", "无宿工"):
        assert hidden not in desk
    jobs.referred(office, case, fits)
    with pytest.raises(Refused) as refusal:
        jobs.referred(office, case, fits)
    assert "NO_FIT" in codes(refusal)
    desk = client.get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert "没有符合求职意向的在招岗位" in desk, "the desk says why there is no button"


def test_three_refusals_end_it_and_not_earlier(office: Office) -> None:
    case = jobs.matching(office)
    for n in range(3):
        with pytest.raises(Refused) as refusal:
            office.do(case, "match.not_placed", "officer", code="THREE_REFUSALS", opinion="三次不接受推荐")
        assert "TOO_EARLY" in codes(refusal)
        number = jobs.referred(office, case, jobs.published(office, f"hr_{n}", post=f"缝纫工{n}"))
        office.do(case, "match.declined", "officer", referral=str(number), result="worker", opinion="离家太远")
        assert office.task(case, "match").phase == ""
    office.do(case, "match.not_placed", "officer", code="THREE_REFUSALS", opinion="三次不接受推荐")
    fresh = office.fresh(case)
    assert (fresh.state, fresh.facts["placed"], fresh.facts["not_placed"]) == ("closed", False, "THREE_REFUSALS")


def test_no_fit_ends_it_after_thirty_days_of_search(office: Office) -> None:
    case = jobs.matching(office)
    with pytest.raises(Refused) as refusal:
        office.do(case, "match.not_placed", "officer", code="NO_FIT", opinion="没有合适岗位")
    assert "TOO_EARLY" in codes(refusal)
    office.now += dt.timedelta(days=30)
    office.do(case, "match.not_placed", "officer", code="NO_FIT", opinion="没有合适岗位")
    assert office.state(case) == "closed"


def test_the_first_offer_has_a_limit_and_three_months_without_contact_end_it(office: Office) -> None:
    case = jobs.matching(office)
    office.now = office.task(case, "match").due_at
    office.tick()
    assert "task_overdue" in told(office, case, "officer")
    office.do(case, "match.contact", "officer", opinion="电话联系，仍在求职")
    spoke = local_date(office.now)
    office.now = start_of(add_months(spoke, 3)) - dt.timedelta(minutes=1)
    office.tick()
    assert office.state(case) == "accepted"
    number = jobs.referred(office, case, jobs.published(office))
    office.now = start_of(add_months(local_date(office.now), 3))
    office.tick()
    fresh = office.fresh(case)
    assert (fresh.state, fresh.facts["not_placed"]) == ("closed", "NO_CONTACT")
    assert Referral.objects.get(pk=number).result == "dropped"


def test_who_loses_the_job_is_matched_once_more(office: Office) -> None:
    case = jobs.matching(office)
    jobs.placed(office, case, jobs.published(office))
    office.do(case, "follow_up.search_again", "officer", opinion="试用期被辞退")
    assert (office.state(case), office.steps(case)) == ("accepted", ["match"])
    jobs.placed(office, case, jobs.published(office, "hr_2", post="包装工"))
    with pytest.raises(Refused) as refusal:
        office.do(case, "follow_up.search_again", "officer", opinion="又离职")
    assert "REOPENED_ONCE" in codes(refusal)
    office.do(case, "follow_up.left", "officer", opinion="又离职")
    assert (office.state(case), office.fresh(case).facts["stable"]) == ("closed", False)


def test_work_found_by_himself_is_followed_up_too(office: Office) -> None:
    case = jobs.matching(office)
    with pytest.raises(Refused) as refusal:
        office.do(case, "match.found", "officer", **jobs.contract(office, ends="2020-01-01"))
    assert "CONTRACT_DAYS" in codes(refusal)
    office.do(case, "match.found", "officer", **jobs.contract(office))
    assert (office.steps(case), office.fresh(case).facts["placed_by"]) == (["follow_up"], "himself")


def test_no_more_are_hired_than_there_are_posts_and_a_full_vacancy_leaves_the_list(office: Office) -> None:
    vacancy = jobs.published(office, headcount=1)
    first, second = jobs.matching(office), jobs.matching(office, "second_worker")
    one, two = jobs.referred(office, first, vacancy), jobs.referred(office, second, vacancy)
    office.do(first, "match.hired", "officer", referral=str(one), **jobs.contract(office))
    with pytest.raises(Refused) as refusal:
        office.do(second, "match.hired", "officer", referral=str(two), **jobs.contract(office))
    assert "VACANCY_FULL" in codes(refusal)
    office.tick()
    assert (office.state(vacancy), office.fresh(vacancy).facts["taken_off"]) == ("closed", "filled")
    assert "缝纫工" not in Client().get("/vacancies/").content.decode()


def test_a_withdrawal_drops_what_is_open(office: Office) -> None:
    case = jobs.matching(office)
    number = jobs.referred(office, case, jobs.published(office))
    office.do(case, "withdraw", "worker")
    assert Referral.objects.get(pk=number).result == "dropped"
    assert not Timer.objects.filter(case=case, state="set").exists()


def test_nobody_under_sixteen_is_registered(office: Office) -> None:
    from tests.office import id_number

    office.user("child", office.person("小李", id_number(7, born="20120101")))
    with pytest.raises(Refused) as refusal:
        jobs.asked(office, "child")
    assert {problem.place for problem in refusal.value.problems} == {"id_no"}


def test_who_may_not_see(office: Office) -> None:
    case = jobs.matching(office)
    jobs.referred(office, case, jobs.published(office))
    walk.member(office, "other_worker")
    for who in ("far_reviewer", "other_worker", "hr"):
        client = Client()
        client.force_login(office.users[who])
        for name in ("my_case", "desk_case"):
            assert client.get(reverse(name, args=[case.public_id])).status_code in (403, 404)
        with pytest.raises(Refused) as refusal:
            office.do(case, "match.contact", who, opinion="看看")
        assert refusal.value.status == 404
    with pytest.raises(Refused) as refusal:
        office.do(case, "match.contact", "reviewer", opinion="看看")
    assert refusal.value.status == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_hired_at_once_for_the_last_post(office: Office) -> None:
    vacancy = jobs.published(office, headcount=1)
    cases = [jobs.matching(office), jobs.matching(office, "second_worker")]
    numbers = [jobs.referred(office, case, vacancy) for case in cases]
    gate, results = threading.Barrier(2), list[str]()

    def hire(case: Case, number: int) -> None:
        try:
            gate.wait()
            office.do(case, "match.hired", "officer", referral=str(number), **jobs.contract(office))
            results.append("hired")
        except Refused as refusal:
            results.append(refusal.problems[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=hire, args=pair) for pair in zip(cases, numbers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["VACANCY_FULL", "hired"]
    assert Referral.objects.filter(result="hired").count() == 1
    assert invariants(office.now) == []
