"""Finance officers open funds and send money down, through the pages."""

import datetime as dt
import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit.models import Event
from casework.core import clock
from casework.funds import ledger
from casework.funds.models import Fund, Transaction
from casework.oversight.invariants import invariants
from casework.oversight.ledger import check_postings
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation, with a finance officer of the city and money of the city for living aid."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    made.hire("city_finance", "finance_officer", "city")
    return made


def client(office: Office, who: str) -> Client:
    browser = Client()
    browser.force_login(office.users[who])
    return browser


def typed(office: Office, **fields: object) -> dict[str, object]:
    """What is typed for a new fund."""
    return {
        "office": str(office.orgs["city"].public_id), "name": "市级生活救助资金", "source": "省级财政专项",
        "purposes": ["living"], "year": "2026", "valid_until": f"{office.now.year}-12-31", **fields,
    }


def opened(office: Office) -> Fund:
    """A fund of the city with 1,000 yuan."""
    assert client(office, "city_finance").post(reverse("desk_fund_new"), typed(office)).status_code == 302
    fund = Fund.objects.get(name="市级生活救助资金")
    ledger.receive(fund, 1000_00, stamp_of(SYSTEM, None, "command"), office.now, "")
    return fund


def send_down(office: Office, fund: Fund, **fields: str) -> HttpResponse:
    given = {"target": str(office.fund.public_id), "amount": "300", "memo": "下拨", "key": uuid.uuid4().hex, **fields}
    return client(office, "city_finance").post(reverse("desk_fund_allocate", args=[fund.public_id]), given)


def test_a_fund_is_opened_and_told(office: Office) -> None:
    fund = opened(office)
    event = Event.objects.get(subject_kind="fund", subject_id=str(fund.public_id), action="open")
    assert (event.data["purposes"], event.actor["role"]) == (["living"], "finance_officer")
    assert client(office, "city_finance").get(reverse("desk_fund", args=[fund.public_id])).status_code == 200


@pytest.mark.parametrize(("field", "value", "code"), [
    ("name", "", "FUND_NAME"), ("source", "", "FUND_SOURCE"), ("purposes", ["nonsense"], "FUND_PURPOSES"),
    ("year", "26", "FUND_YEAR"), ("valid_until", "2020-01-01", "FUND_VALID_UNTIL"), ("office", "nonsense", "OFFICE"),
])
def test_what_is_wrong_is_told_and_what_was_typed_stays(office: Office, field: str, value: object, code: str) -> None:
    answer = client(office, "city_finance").post(reverse("desk_fund_new"), typed(office) | {field: value})
    assert answer.status_code == 422
    assert [problem.code for problem in answer.context["problems"]] == [code]
    assert "省级财政专项" in answer.content.decode() or field == "source"


def test_nobody_opens_a_fund_for_an_organisation_that_is_not_his(office: Office) -> None:
    answer = client(office, "finance").post(reverse("desk_fund_new"), typed(office))
    assert [problem.code for problem in answer.context["problems"]] == ["OFFICE"]
    again = typed(office)
    opened(office)
    assert client(office, "city_finance").post(reverse("desk_fund_new"), again).status_code == 409


@pytest.mark.promise("M1")
def test_money_sent_down_leaves_here_and_arrives_there_once(office: Office) -> None:
    fund, before = opened(office), ledger.balance(office.fund).available
    key = uuid.uuid4().hex
    for _click in range(2):
        assert send_down(office, fund, key=key).status_code == 302
    assert (ledger.balance(fund).available, ledger.balance(office.fund).available) == (700_00, before + 300_00)
    assert Transaction.objects.filter(kind="allocate").count() == 2
    for row in (fund, office.fund):
        assert Event.objects.filter(subject_kind="fund", subject_id=str(row.public_id), action="allocate").count() == 1
    assert invariants(office.now) == []


@pytest.mark.promise("M2")
@pytest.mark.parametrize(("fields", "code"), [
    ({"amount": "1000.01"}, "FUND_SHORT"), ({"amount": "0"}, "AMOUNT"), ({"amount": "x"}, "MONEY"),
    ({"target": str(uuid.uuid4())}, "FUND_TARGET"),
])
def test_never_more_than_there_is_nor_to_somewhere_else(office: Office, fields: dict[str, str], code: str) -> None:
    fund = opened(office)
    answer = send_down(office, fund, **fields)
    assert [problem.code for problem in answer.context["problems"]] == [code]
    assert ledger.balance(fund).available == 1000_00


@pytest.mark.promise("M2")
def test_never_off_purpose(office: Office) -> None:
    fund, other = opened(office), office.make_fund("medical", 1)
    answer = send_down(office, fund, target=str(other.public_id))
    assert [problem.code for problem in answer.context["problems"]] == ["OFF_PURPOSE"]


@pytest.mark.promise("M2")
@pytest.mark.parametrize(("until", "after", "code"), [
    (dt.date(2027, 3, 31), 0, "FUND_LONGER"), (dt.date(2026, 11, 30), 20, "FUND_OVER"), (None, 60, "FUND_OVER"),
])
def test_never_past_the_last_day(office: Office, until: dt.date | None, after: int, code: str) -> None:
    """Money that is sent down keeps the day until which it may be spent."""
    fund = opened(office)
    other = office.make_fund("living", 1, year=2026, until=until) if until else office.fund
    office.now += dt.timedelta(days=after)
    answer = send_down(office, fund, target=str(other.public_id))
    assert (answer.status_code, [problem.code for problem in answer.context["problems"]]) == (409, [code])
    assert str(other.public_id) not in offered(answer)
    assert ledger.balance(fund).available == 1000_00


def test_nor_to_an_organisation_that_is_closed(office: Office) -> None:
    fund, county = opened(office), office.orgs["county"]
    county.closes_on = office.now.date()
    county.save()
    answer = send_down(office, fund)
    assert [problem.code for problem in answer.context["problems"]] == ["UNION_CLOSED"]
    assert offered(answer) == []


def offered(answer: HttpResponse) -> list[str]:
    """The funds that the page offers to send money to."""
    return [str(fund.public_id) for fund in answer.context["targets"]]


def test_what_was_typed_stays_in_the_form_that_was_sent(office: Office) -> None:
    fund = opened(office)
    sent_down = send_down(office, fund, amount="12y", memo="下拨说明").content.decode()
    received = client(office, "city_finance").post(
        reverse("desk_fund_receive", args=[fund.public_id]), {"amount": "12x", "memo": "到账凭证", "key": "a"}
    ).content.decode()
    for page, act, amount, memo in ((sent_down, "down-", "12y", "下拨说明"), (received, "", "12x", "到账凭证")):
        assert page.count(f'value="{amount}"') == page.count(f'value="{memo}"') == 1, act
        assert f'href="#f-{act}amount"' in page
        assert re.search(rf'id="f-{act}amount"[^>]*value="{amount}"', page)


def test_the_year_proposed_is_the_one_at_the_office(office: Office) -> None:
    office.now = dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC)  # one o'clock of the first of January there
    page = client(office, "city_finance").get(reverse("desk_fund_new"))
    assert page.context["typed"]["year"] == "2027"


def test_the_upper_fund_is_not_there_for_whom_it_is_not(office: Office) -> None:
    fund = opened(office)
    answer = client(office, "finance").post(reverse("desk_fund_allocate", args=[fund.public_id]), {"amount": "1"})
    assert answer.status_code == 404


def wrong_entry(office: Office, fund: Fund) -> Transaction:
    """A receipt of 700 yuan that should have been 70."""
    return ledger.receive(fund, 700_00, stamp_of(SYSTEM, None, "command"), office.now, "凭证 8 号")


def take_back(office: Office, row: Transaction, who: str = "city_finance", **fields: str) -> HttpResponse:
    given = {"posting": str(row.pk), "reason": "金额多录一位", "key": "back-1", **fields}
    return client(office, who).post(reverse("desk_fund_take_back", args=[row.fund.public_id]), given)


@pytest.mark.promise("M7")
def test_a_wrong_entry_is_taken_back_once_and_both_stay_in_the_list(office: Office) -> None:
    fund = opened(office)
    row = wrong_entry(office, fund)
    page = client(office, "city_finance").get(reverse("desk_fund", args=[fund.public_id])).content.decode()
    assert page.count("冲正该笔登记") == 2
    for _click in range(2):
        assert take_back(office, row).status_code == 302
    assert ledger.balance(fund).available == 1000_00
    event = Event.objects.get(subject_kind="fund", subject_id=str(fund.public_id), action="reverse")
    assert (event.data["ledger"]["reverses"], event.data["memo"]) == (row.pk, "金额多录一位")
    assert event.actor["role"] == "finance_officer"
    told = client(office, "city_finance").get(reverse("desk_fund", args=[fund.public_id])).content.decode()
    assert "已于" in told and "的登记" in told and "金额多录一位" in told and told.count("冲正该笔登记") == 1
    again = take_back(office, row, key="back-2")
    assert [problem.code for problem in again.context["problems"]] == ["ALREADY_REVERSED"]
    assert invariants(office.now) == [] == list(check_postings())


@pytest.mark.promise("M2")
def test_money_that_was_sent_on_cannot_be_taken_back(office: Office) -> None:
    fund = opened(office)
    row = wrong_entry(office, fund)
    send_down(office, fund, amount="1200")
    answer = take_back(office, row)
    assert (answer.status_code, [problem.code for problem in answer.context["problems"]]) == (409, ["FUND_SHORT"])
    assert "其中 200.00 元已预占、下拨、结转或支出" in answer.content.decode()
    assert ledger.balance(fund).available == 500_00


def test_taking_back_needs_a_reason_which_stays_beside_its_field(office: Office) -> None:
    row = wrong_entry(office, opened(office))
    for reason, code in (("错", "REASON"), ("卡号 6210000000000012345 错", "PRIVATE_DATA")):
        answer = take_back(office, row, reason=reason)
        page = answer.content.decode()
        assert (answer.status_code, [problem.code for problem in answer.context["problems"]]) == (422, [code])
        assert f'href="#f-back-{row.pk}-reason"' in page
        field = rf'id="f-back-{row.pk}-reason"[^>]*value="{reason}"[^>]*f-back-{row.pk}-reason-wrong"[^>]*aria-invalid'
        assert re.search(field, page)
        assert page.count(f'value="{reason}"') == 1


def test_nobody_else_takes_back_and_nothing_of_another_fund(office: Office) -> None:
    row = wrong_entry(office, opened(office))
    assert take_back(office, row, "finance").status_code == 404
    office.hire("city_cashier", "cashier", "city")
    assert take_back(office, row, "city_cashier").status_code == 403
    foreign = Transaction.objects.get(fund=office.fund, kind="receive")
    for number in (str(foreign.pk), "", "x", "9" * 30):
        answer = take_back(office, row, posting=number)
        assert (answer.status_code, [one.code for one in answer.context["problems"]]) == (422, ["FUND_ENTRY"])
    assert not Transaction.objects.filter(kind="reverse").exists()


def test_what_is_no_amount_is_told_beside_its_field(office: Office) -> None:
    fund = opened(office)
    received = client(office, "city_finance").post(
        reverse("desk_fund_receive", args=[fund.public_id]), {"amount": "12x", "memo": "", "key": "a"}
    )
    for page, place in ((received, "f-amount"), (send_down(office, fund, amount="12y"), "f-down-amount")):
        told = page.content.decode()
        assert re.search(rf'id="{place}"[^>]*{place}-wrong"[^>]*aria-invalid="true"', told)
        assert told.count('aria-invalid="true"') == 1


def test_money_is_carried_over_on_the_page_of_the_fund(office: Office) -> None:
    fund = opened(office)
    again = typed(office, name="来年生活救助", year="2027", valid_until="2027-12-31")
    assert client(office, "city_finance").post(reverse("desk_fund_new"), again).status_code == 302
    target = Fund.objects.get(name="来年生活救助")
    office.now = dt.datetime(2027, 1, 4, 4, 0, tzinfo=dt.UTC)
    page = client(office, "city_finance").get(reverse("desk_fund", args=[fund.public_id])).content.decode()
    assert "本资金已到期" in page and str(target.public_id) in page and "结转下一年度" in page
    given = {"target": str(target.public_id), "amount": "1000.01", "memo": "年终结转", "key": "over-1"}
    address = reverse("desk_fund_carry_over", args=[fund.public_id])
    refused = client(office, "city_finance").post(address, given)
    assert [problem.code for problem in refused.context["problems"]] == ["FUND_SHORT"]
    told = refused.content.decode()
    assert re.search(r'id="f-over-amount"[^>]*value="1000.01"[^>]*aria-invalid="true"', told)
    assert 'value="年终结转"' in told
    for _click in range(2):
        assert client(office, "city_finance").post(address, given | {"amount": "1000"}).status_code == 302
    assert (ledger.balance(fund).available, ledger.balance(target).available) == (0, 1000_00)
    waiting = client(office, "city_finance").post(address, given | {"what": "waiting", "key": "w"})
    assert [problem.code for problem in waiting.context["problems"]] == ["NOTHING_WAITS"]
    assert client(office, "finance").post(address, given).status_code == 404
    received = client(office, "city_finance").post(
        reverse("desk_fund_receive", args=[fund.public_id]), {"amount": "5", "key": "late"}
    )
    assert [problem.code for problem in received.context["problems"]] == ["FUND_OVER"]
    assert invariants(office.now) == []
