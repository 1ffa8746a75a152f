"""Vacancies of employers (domain §5.3): checked, published to their last day, read by everybody, taken off."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from casework.core import clock
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.registers.models import Entry
from casework.workflows import vacancies
from casework.workflows.models import Timer
from casework.workflows.timers import fire_due
from tests import walk
from tests.office import Office
from tests.services import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock_of_the_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages live at the moment of the story."""
    monkeypatch.setattr(clock, "now", lambda: office.now)


def codes(refusal: Any) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def places(refusal: Any) -> set[str]:
    return {problem.place for problem in refusal.value.problems}


def page(address: str, language: str = "zh-hans") -> str:
    answer = Client().get(address, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_vacancy_is_checked_published_and_leaves_the_list_on_its_last_day(office: Office) -> None:
    assert "目前没有在招岗位" in page("/vacancies/")
    case = jobs.registered(office)
    fresh = office.fresh(case)
    assert (fresh.organisation, fresh.number[:8]) == (office.orgs["county"], "EV611002")
    office.do(case, "accept.pass", "clerk")
    due = office.fresh(case)
    assert due.due_on is not None and due.promised_on is not None and due.promised_on < due.due_on
    office.do(case, "review.pass", "reviewer")
    office.do(case, "approve.pass", "approver")
    assert "缝纫工" not in page("/vacancies/")
    office.do(case, "publish.pass", "officer")
    entry = jobs.entry_of(case)
    assert entry.valid_to == local_date(office.now) + dt.timedelta(days=60)
    assert set(entry.data) >= {"headcount", "wage_min", "valid_to"} and "employer" not in entry.data
    assert (office.state(case), office.steps(case)) == ("settled", ["listed"])
    assert "缝纫工" in page("/vacancies/")
    last = page(reverse("vacancy", args=[entry.public_id]))
    assert "熟练使用平车" in last and "商州区腾飞服装有限公司" in last and "4,500" in last
    office.now = office.task(case, "listed").due_at - dt.timedelta(minutes=1)
    office.tick()
    assert "缝纫工" in page("/vacancies/") and office.state(case) == "settled"
    office.now += dt.timedelta(minutes=1)
    assert "缝纫工" not in page("/vacancies/"), "the list does not wait for a worker"
    office.tick()
    assert (office.state(case), office.fresh(case).facts["taken_off"]) == ("closed", "expired")
    assert Client().get(reverse("vacancy", args=[entry.public_id])).status_code == 404


def test_the_list_is_read_in_english_too_and_tells_no_personal_data(office: Office) -> None:
    jobs.published(office)
    for address in ("/vacancies/", reverse("vacancy", args=[Entry.objects.get(kind="vacancy").public_id])):
        english = page(address, "en")
        assert "yuan a month" in english and "Vacancies" in english
        for private in ("周人事", "13900005555", office.users["hr"].person.name):  # type: ignore[union-attr]
            assert private not in english and private not in page(address)
    assert "No vacancy of this kind is open" in page("/vacancies/?kind=farming", "en")
    assert "缝纫工" in page("/vacancies/?kind=production")
    assert "缝纫工" in page("/vacancies/?kind=%00nonsense&before=x")


def test_a_thousand_vacancies_are_paged_and_long_words_are_whole(office: Office) -> None:
    first = jobs.published(office, post="长" * 40, employer="特" * 80, place="远" * 80, requirements="要求" * 700)
    entry = jobs.entry_of(first)
    many(entry, 1000)
    seen, address, pages = set(), "/vacancies/", 0
    while address:
        answer = Client().get(address)
        rows = answer.context["rows"]
        assert len(rows) <= 25
        seen |= {row["entry"].pk for row in rows}
        pages, address = pages + 1, answer.context["next"]
    assert (len(seen), pages) == (1001, 41)
    told = page(reverse("vacancy", args=[entry.public_id]))
    assert "长" * 40 in told and "要求" * 700 in told


def many(like: Entry, n: int) -> None:
    """More entries of the same case."""
    own = ("id", "public_id", "number")
    values = {f.attname: getattr(like, f.attname) for f in Entry._meta.fields if f.name not in own}
    Entry.objects.bulk_create([Entry(**values, number=f"V-{k}") for k in range(n)])


def test_a_page_of_the_list_costs_a_fixed_number_of_queries(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    many(jobs.entry_of(jobs.published(office)), 60)
    with django_assert_max_num_queries(8):
        page("/vacancies/")


@pytest.mark.parametrize(("changes", "place"), [
    ({"wage_max": 200_000}, "wage_max"), ({"requirements": "限男性，本地户口"}, "requirements"),
    ({"requirements": "入职交押金 200 元"}, "requirements"), ({"valid_to": "2027-12-31"}, "valid_to"),
    ({"valid_to": "2020-01-01"}, "valid_to"), ({"uscc": "91610825MA0000031X"}, "uscc"), ({"no_fee": False}, "no_fee"),
])
def test_the_employer_mends_what_does_not_fit_before_it_is_handed_in(
    office: Office, changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(Refused) as refusal:
        jobs.registered(office, **changes)
    assert places(refusal) == {place}


def test_a_wage_below_the_minimum_is_refused_with_its_reason(office: Office) -> None:
    case = jobs.registered(office, wage_min=150_000)
    office.do(case, "accept.pass", "clerk")
    with pytest.raises(Refused) as refusal:
        office.do(case, "review.pass", "reviewer")
    assert "WAGE_BELOW_MINIMUM" in codes(refusal)
    office.do(case, "review.deny", "reviewer", code="WAGE_BELOW_MINIMUM", opinion="低于当地月最低工资标准")
    assert (office.state(case), office.fresh(case).outcome) == ("denied", "WAGE_BELOW_MINIMUM")
    client = Client()
    client.force_login(office.users["hr"])
    told = client.get(reverse("my_case", args=[case.public_id])).content.decode()
    assert "工资低于当地最低工资标准" in told and "复核" in told


def test_the_same_vacancy_is_published_once_at_a_time(office: Office) -> None:
    jobs.published(office)
    again = jobs.registered(office)
    office.do(again, "accept.pass", "clerk")
    with pytest.raises(Refused) as refusal:
        office.do(again, "review.pass", "reviewer")
    assert "DUPLICATE_AID" in codes(refusal)
    jobs.published(office, post="裁剪工")


def test_the_employer_takes_it_off_on_his_page(office: Office) -> None:
    case = jobs.published(office)
    client = Client()
    client.force_login(office.users["hr"])
    own = client.get(reverse("my_case", args=[case.public_id])).content.decode()
    act = reverse("my_act", args=[case.public_id, "listed.take_off"])
    assert act in own and "您的岗位正在公开发布" in own and "满意" not in own
    assert client.get(act).status_code == 200
    sent = client.post(act, {"opinion": "已招满", "seen": str(office.fresh(case).event_n), "key": "once"})
    assert sent.status_code == 302
    assert (office.state(case), office.fresh(case).facts["taken_off"]) == ("closed", "by_employer")
    assert "缝纫工" not in page("/vacancies/"), "also on the day it was published"
    assert not Timer.objects.filter(case=case, state="set").exists()


def test_the_office_takes_it_off_for_a_reason_which_the_employer_reads(office: Office) -> None:
    case = jobs.published(office)
    client = Client()
    client.force_login(office.users["officer"])
    desk = client.get(reverse("desk_case", args=[case.public_id])).content.decode()
    assert "listed.remove" in desk and "listed.take_off" not in desk
    office.do(case, "listed.remove", "officer", opinion="经举报查实违法收费")
    client.force_login(office.users["hr"])
    assert "经举报查实违法收费" in client.get(reverse("my_case", args=[case.public_id])).content.decode()
    assert vacancies.open_on(local_date(office.now)).count() == 0


def test_a_vacancy_whose_check_lasted_past_its_last_day_is_never_listed(office: Office) -> None:
    last = (local_date(office.now) + dt.timedelta(days=1)).isoformat()
    case = jobs.registered(office, valid_to=last)
    office.do(case, "accept.pass", "clerk")
    office.do(case, "review.pass", "reviewer")
    office.do(case, "approve.pass", "approver")
    office.now += dt.timedelta(days=7)
    office.do(case, "publish.pass", "officer")
    assert "缝纫工" not in page("/vacancies/")
    fire_due(office.now)
    assert office.state(case) == "closed"


def test_an_employers_representative_registers_at_his_desk(office: Office) -> None:
    office.hire("rep", "employer_rep", "county")
    client = Client()
    client.force_login(office.users["rep"])
    assert "招聘岗位登记" in client.get(reverse("desk_new")).content.decode()
    case = office.apply("rep", "employer_vacancy", jobs.vacancy(office, "rep"))
    assert client.get(reverse("desk_case", args=[case.public_id])).status_code == 200


def test_who_may_not_see_and_who_may_not_decide(office: Office) -> None:
    case = jobs.published(office)
    walk.member(office, "other_worker")
    office.hire("other_rep", "employer_rep", "county")
    for who in ("far_reviewer", "other_worker", "other_rep"):
        client = Client()
        client.force_login(office.users[who])
        for name in ("my_case", "desk_case"):
            assert client.get(reverse(name, args=[case.public_id])).status_code in (403, 404)
        with pytest.raises(Refused) as refusal:
            office.do(case, "listed.remove", who, opinion="试试")
        assert refusal.value.status == 404
    with pytest.raises(Refused) as refusal:
        office.do(case, "listed.take_off", "officer")
    assert refusal.value.status == 403
