"""Finance pages: who may open them, money entered once, a batch from waiting payments to three equal sums."""
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from casework.access.models import Role
from casework.cases.models import Case
from casework.core.problems import Refused
from casework.desk import funds
from casework.funds import ledger
from casework.funds.models import Batch, Payment, Transaction
from casework.oversight.invariants import invariants
from casework.oversight.payments import check_payments
from casework.oversight.runs import check_runs
from casework.programmes.reasons import text_of as text_of_code
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.doubles.bank import Bank
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def paying(office: Office) -> list[Case]:
    """Two approved requests whose payments wait for a batch."""
    found = []
    start = office.now
    for who in ("one", "two"):
        office.now = start
        walk.dossier(office, who)
        found.append(walk.go(office, walk.living_case(office, who), walk.LIVING, "pay"))
    return found


def fund_url(office: Office, name: str = "desk_fund") -> str:
    """Of the office's fund."""
    return reverse(name, args=[office.fund.public_id])


def batch_url(batch: Batch, name: str = "desk_batch") -> str:
    """Of a batch."""
    return reverse(name, args=[batch.public_id])


def make(office: Office, client: Client) -> Batch:
    """All waiting payments in one batch."""
    waiting = list(Payment.objects.filter(state="queued").values_list("pk", flat=True))
    answer = client.post(fund_url(office, "desk_batch_make"), {"payment": waiting})
    assert answer.status_code == 302, text_of(answer)
    return Batch.objects.latest("pk")


@pytest.mark.parametrize("name", ["desk_funds", "desk_batches"])
@pytest.mark.parametrize(("who", "status"), [
    ("finance", 200), ("cashier", 200), ("auditor", 200), ("reviewer", 403), ("handler", 403), ("admin", 403),
])
def test_who_may_open(office: Office, log_in: LogIn, name: str, who: str, status: int) -> None:
    page = log_in(who).get(reverse(name))
    assert page.status_code == status
    if status == 403:
        assert "没有打开此页面的权限" in text_of(page)
        assert str(Role.FINANCE_OFFICER.label) in text_of(page)


def test_balances(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    told = text_of(log_in("finance").get(reverse("desk_funds")))
    assert office.fund.name in told
    assert "2 笔" in told
    page = text_of(log_in("finance").get(fund_url(office)))
    for words in ("9,990,000.00", "10,000.00", "预占", paying[0].number, "待发款项", "****"):
        assert words in page, words


@pytest.mark.promise("R2")
def test_other_counties_funds_do_not_exist(office: Office, log_in: LogIn) -> None:
    office.hire("far_finance", "finance_officer", "other_county")
    client = log_in("far_finance")
    assert "还没有资金" in text_of(client.get(reverse("desk_funds")))
    for name in ("desk_fund", "desk_fund_receive", "desk_batch_make"):
        ask = client.get if name == "desk_fund" else client.post
        assert ask(fund_url(office, name)).status_code == 404
        assert ask(reverse(name, args=[uuid.uuid4()])).status_code == 404


def test_money_received_once(office: Office, log_in: LogIn) -> None:
    client, form = log_in("finance"), {"amount": "1,234.50", "memo": "凭证 7 号", "key": "click-1"}
    for _click in range(2):
        assert client.post(fund_url(office, "desk_fund_receive"), form).status_code == 302
    assert ledger.balance(office.fund).available == 10_000_000_00 + 123_450
    assert Transaction.objects.filter(fund=office.fund, kind="receive").count() == 2
    assert client.post(fund_url(office, "desk_fund_receive"), {**form, "key": "click-2"}).status_code == 302
    assert ledger.balance(office.fund).available == 10_000_000_00 + 2 * 123_450


@pytest.mark.parametrize(("amount", "memo"), [
    ("一千", "凭证"), ("", "凭证"), ("-5", "凭证"), ("0", "凭证"), ("1.234", "凭证"), ("9" * 40, "凭证"),
    ("5", "付给 13912345678"),
])
def test_wrong_entry_keeps_what_was_typed(office: Office, log_in: LogIn, amount: str, memo: str) -> None:
    answer = log_in("finance").post(fund_url(office, "desk_fund_receive"), {"amount": amount, "memo": memo, "key": "k"})
    assert answer.status_code == 422
    assert f'value="{memo}"' in answer.content.decode()
    assert f'value="{amount}"' in answer.content.decode()
    assert ledger.balance(office.fund).available == 10_000_000_00


def test_only_finance_officers_enter_money(office: Office, log_in: LogIn) -> None:
    for who in ("cashier", "auditor"):
        answer = log_in(who).post(fund_url(office, "desk_fund_receive"), {"amount": "5", "key": "k"})
        assert answer.status_code == 403
        assert "desk_fund_receive" not in log_in(who).get(fund_url(office)).content.decode()
    assert ledger.balance(office.fund).available == 10_000_000_00


def test_a_batch_from_hand_to_hand(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch = make(office, log_in("finance"))
    cashier = log_in("cashier")
    page = cashier.get(batch_url(batch))
    for words in (batch.number, paying[0].number, "第二人复核", "共 2 笔，10,000.00 元", "待复核"):
        assert words in text_of(page), words
    assert cashier.post(batch_url(batch, "desk_batch_check"), {"decision": "approve"}).status_code == 302
    first = cashier.post(batch_url(batch, "desk_batch_export"))
    data = b"".join(first.streaming_content)
    assert first["Content-Disposition"].startswith("attachment")
    again = cashier.post(batch_url(batch, "desk_batch_export"))
    assert b"".join(again.streaming_content) == data
    assert "等待银行回盘" in text_of(cashier.get(batch_url(batch)))
    number = Payment.objects.get(case=paying[1]).number
    answer = SimpleUploadedFile("answer.csv", Bank().answer(data, {number: "CARD_CLOSED"}), "text/csv")
    assert cashier.post(batch_url(batch, "desk_batch_result"), {"file": answer}).status_code == 302
    told = text_of(cashier.get(batch_url(batch)))
    why = str(text_of_code(Payment.objects.get(case=paying[1]).return_code))
    for words in ("三方逐笔一致", "已发放 5,000.00 元，银行退回 5,000.00 元", why, "已对账"):
        assert words in told, words


@pytest.mark.parametrize(("said", "office_reads", "worker_reads"), [
    ("收款人账号户名不符请核实后重新提交付款", "户名不符（银行说明：收款人账号户名不符请核实后", "户名不符"),
    ("账户已挂失冻结，请收款人持有效证件到开户网点办理解挂", "（银行说明：账户已挂失冻结", "银行说明：账户已挂失冻结"),
    ("已挂失", "其他原因（银行说明：已挂失）", "其他原因（银行说明：已挂失）"),
])
def test_what_the_bank_says_of_a_return_reaches_office_and_worker(
    office: Office, log_in: LogIn, paying: list[Case], said: str, office_reads: str, worker_reads: str
) -> None:
    batch, cashier = walk.send_batch(office, paying), log_in("cashier")
    data = b"".join(cashier.post(batch_url(batch, "desk_batch_export")).streaming_content)
    number = Payment.objects.get(case=paying[0]).number
    answer = SimpleUploadedFile("answer.csv", Bank().answer(data, {number: said}), "text/csv")
    assert cashier.post(batch_url(batch, "desk_batch_result"), {"file": answer}).status_code == 302
    while office.tick():
        pass
    assert office_reads in text_of(cashier.get(batch_url(batch)))
    page = text_of(log_in("one").get(reverse("my_case", args=[paying[0].public_id])))
    assert page.count(worker_reads) >= 2, "in the list of transfers and in what he was told"


def test_nothing_chosen(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    answer = log_in("finance").post(fund_url(office, "desk_batch_make"))
    assert answer.status_code == 422
    assert "至少选择" in text_of(answer) or "选择" in text_of(answer)
    assert not Batch.objects.exists()
    assert ticked(answer) == 0, "the next click must not pay everybody"


def ticked(page: HttpResponse) -> int:
    """How many payments are chosen on the page of a fund."""
    return len(re.findall(r'name="payment"[^>]* checked>', page.content.decode()))


def test_what_was_chosen_stays_chosen(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    assert ticked(log_in("finance").get(fund_url(office))) == 2
    first = Payment.objects.filter(state="queued").latest("pk").pk
    answer = log_in("finance").post(fund_url(office, "desk_batch_make"), {"payment": [first, 99_999_999]})
    assert answer.status_code == 409
    assert ticked(answer) == 1


@pytest.mark.promise("M5")
def test_maker_sees_why_he_may_not_check(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    office.hire("finance", "cashier", "county")
    client = log_in("finance")
    batch = make(office, client)
    assert "本批次由您制单，须由他人复核" in text_of(client.get(batch_url(batch)))
    answer = client.post(batch_url(batch, "desk_batch_check"), {"decision": "approve"})
    assert answer.status_code == 403
    batch.refresh_from_db()
    assert batch.state == "made"


def test_sending_back_needs_a_reason(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch, cashier = make(office, log_in("finance")), log_in("cashier")
    answer = cashier.post(batch_url(batch, "desk_batch_check"), {"decision": "reject", "reason": "错"})
    assert answer.status_code == 422
    assert ">错</textarea>" in answer.content.decode()
    assert re.search(r'id="f-reason"[^>]*aria-invalid="true"[^>]*"f-reason-wrong"', answer.content.decode())
    cashier.post(batch_url(batch, "desk_batch_check"), {"decision": "reject", "reason": "收款账户与案件不符"})
    told = text_of(cashier.get(batch_url(batch)))
    assert "收款账户与案件不符" in told
    assert "等待重新组批" in told
    assert Payment.objects.filter(state="queued").count() == 2


@pytest.mark.promise("M4")
def test_a_checked_batch_goes_back_as_long_as_it_was_not_sent(
    office: Office, log_in: LogIn, paying: list[Case]
) -> None:
    batch, cashier = make(office, log_in("finance")), log_in("cashier")
    back = {"decision": "reject", "reason": "收款账户变更，退回重编"}
    cashier.post(batch_url(batch, "desk_batch_check"), {"decision": "approve"})
    assert "退回原因" in text_of(cashier.get(batch_url(batch)))
    assert log_in("finance").post(batch_url(batch, "desk_batch_check"), back).status_code == 403
    assert log_in("cashier_2").post(batch_url(batch, "desk_batch_check"), back).status_code == 302
    told = text_of(cashier.get(batch_url(batch)))
    assert "收款账户变更，退回重编" in told and office.users["cashier_2"].first_name in told
    assert Payment.objects.filter(state="queued", batch=None).count() == 2
    assert invariants(office.now) == [*check_payments(), *check_runs()] == []
    assert cashier.post(batch_url(batch, "desk_batch_export")).status_code == 409
    again = make(office, log_in("finance"))
    cashier.post(batch_url(again, "desk_batch_check"), {"decision": "approve"})
    cashier.post(batch_url(again, "desk_batch_export"))
    sent = cashier.get(batch_url(again)).content.decode()
    assert 'name="decision"' not in sent
    assert cashier.post(batch_url(again, "desk_batch_check"), back).status_code == 409


def test_wrong_result_files(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch, client = walk.send_batch(office, paying), log_in("cashier")
    for data in (None, b"x" * 6_000_000, b"\xff\x00", b""):
        form = {} if data is None else {"file": SimpleUploadedFile("answer.csv", data)}
        answer = client.post(batch_url(batch, "desk_batch_result"), form)
        assert answer.status_code == 422
        assert 'aria-describedby="f-file-wrong"' in answer.content.decode()
    batch.refresh_from_db()
    assert batch.state == "exported"


def test_a_result_that_does_not_fit_is_shown_by_line(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch = walk.send_batch(office, paying)
    data = b"".join(log_in("cashier").post(batch_url(batch, "desk_batch_export")).streaming_content)
    answer = SimpleUploadedFile("a.csv", Bank().answer(data, {}).replace(b"5000.00", b"5000.01"), "text/csv")
    page = log_in("cashier").post(batch_url(batch, "desk_batch_result"), {"file": answer})
    assert page.status_code == 422
    assert Payment.objects.get(case=paying[0]).number in text_of(page)
    assert 'aria-describedby="f-file-wrong"' in page.content.decode()


def test_auditor_has_no_buttons(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch = make(office, log_in("finance"))
    page = log_in("auditor").get(batch_url(batch))
    assert page.status_code == 200
    assert batch_url(batch, "desk_batch_check") not in page.content.decode()
    assert log_in("auditor").post(batch_url(batch, "desk_batch_check"), {"decision": "approve"}).status_code == 403


@pytest.mark.promise("R2")
def test_foreign_batches_do_not_exist(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    batch = make(office, log_in("finance"))
    office.hire("far_cashier", "cashier", "other_county")
    client = log_in("far_cashier")
    for name in ("desk_batch", "desk_roster", "desk_batch_check", "desk_batch_export", "desk_batch_result"):
        ask = client.get if name in ("desk_batch", "desk_roster") else client.post
        assert ask(batch_url(batch, name)).status_code == 404, name


@pytest.mark.promise("P3")
def test_no_full_card_on_any_page(office: Office, log_in: LogIn, paying: list[Case]) -> None:
    client = log_in("finance")
    pages = [client.get(fund_url(office)).content.decode()]
    pages.append(client.get(batch_url(make(office, client))).content.decode())
    for page in pages:
        assert "6222021234567890128" not in page
        assert "****0128" in page


@pytest.mark.django_db(transaction=True)
def test_a_fund_somebody_else_works_with_is_told_as_busy(rf: RequestFactory, office: Office) -> None:
    def work() -> Transaction:
        raise OperationalError("deadlock detected")

    with pytest.raises(Refused, match="FUND_BUSY"):
        funds.once(rf.post("/", {"key": "k"}), office.actor("finance"), work)
