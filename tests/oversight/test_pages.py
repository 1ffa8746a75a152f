"""The auditor's pages: what a person decided against the rule is marked and found (domain §5.7), and the history speaks
of accounts, dossiers and unions, not of row numbers."""
import datetime as dt
import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from casework.audit import record
from casework.cases.models import Case
from casework.core import clock
from casework.funds.models import Batch
from casework.oversight import views
from casework.papers.models import Paper
from casework.site.navigation import main_page
from tests import walk
from tests.office import Office

pytestmark = pytest.mark.django_db
REASON = "入户看到家中常年护理、负债较多，实际支出高于申报，应按深度困难认定。"


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def auditor(office: Office) -> Client:
    """At the desk of the city's audit committee."""
    client = Client()
    client.force_login(office.users["auditor"])
    return client


def overridden(office: Office) -> Case:
    """A dossier whose category the reviewer set himself."""
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")
    office.do(case, "review.pass", "reviewer", opinion="符合条件", category="deep", category_reason=REASON)
    return office.fresh(case)


def test_what_was_decided_against_the_rule_is_found_and_marked(office: Office, auditor: Client) -> None:
    plain, case = walk.dossier_case(office, "neighbour"), overridden(office)
    found = auditor.get(reverse("oversight_search"))
    assert {one.pk for one in found.context["cases"]} == {plain.pk, case.pk}
    assert found.content.decode().count("人工调整</span>") == 1
    found = auditor.get(reverse("oversight_search"), {"overridden": "1"})
    assert [one.pk for one in found.context["cases"]] == [case.pk]
    page = auditor.get(reverse("oversight_case", args=[case.public_id])).content.decode()
    assert page.count("人工调整</span>") == 2, "over the case, and beside the event"
    assert "相对困难 → 深度困难" in page.replace("低于", "") and REASON in page


def test_the_history_names_what_stands_behind_its_numbers(office: Office, auditor: Client) -> None:
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    page = auditor.get(reverse("oversight_case", args=[case.public_id])).content.decode()
    for words in ("中国工商银行 · ****0128", case.entry.number, "秦岭纺织厂工会", "受理通知书"):
        assert words in page, words
    assert not re.search(r"#\d+</dd>|→</span>[^<]*<[^>]*>[^<]*</span> #\d", page)


def test_of_many_looks_the_newest_are_shown(
    office: Office, auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LOOKS", 2)
    case = walk.dossier_case(office)
    with transaction.atomic():
        for name in ("甲", "乙", "丙"):
            stamp = {"name": f"查看人{name}"}
            record.record("access", str(case.public_id), "reveal", stamp, {"reason": "核对"}, office.now)
    page = auditor.get(reverse("oversight_case", args=[case.public_id])).content.decode()
    assert "查看人甲" not in page and page.index("查看人乙") < page.index("查看人丙")


def test_the_access_log_names_the_bank_file_and_what_was_refused_of_it(office: Office, auditor: Client) -> None:
    """The largest look at full card numbers, from the first file on; attempts at a fund or a batch stand under it."""
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    walk.settle(office, case)
    batch = case.payments.get().batch
    assert batch is not None
    with transaction.atomic():
        facts = {"action": "batch_make", "codes": ["OWN_PAYMENT"]}
        record.record("access", str(batch.fund.public_id), "refused_attempt", {"name": "x"}, facts, office.now)
    page = auditor.get(reverse("oversight_access")).content.decode()
    row = next(row for row in page.split("<tr>") if "下载文件" in row)
    assert f"发放批次 {batch.number}" in row and f">{batch.number}<" in row
    row = next(row for row in page.split("<tr>") if "操作被拒绝" in row)
    assert batch.fund.name in row
    client = Client()
    client.force_login(office.users["worker"])
    mine = client.get(reverse("my_case", args=[case.public_id])).content.decode()
    assert "送银行的付款文件" in mine and batch.number in mine


def test_the_case_leads_on_to_letters_files_desk_runs_and_funds(office: Office, auditor: Client) -> None:
    """With whoever made and checked the run; and each link opens for him."""
    walk.dossier(office)
    case = walk.go(office, walk.living_case(office), walk.LIVING)
    walk.settle(office, case)
    payment, upload = case.payments.get(), office.documents(case)[0]
    batch = payment.batch
    assert batch is not None and batch.checker is not None
    Paper.objects.filter(case=case).update(document=upload)
    page = auditor.get(reverse("oversight_case", args=[case.public_id])).content.decode()
    assert f"{batch.maker.first_name} 制单" in page and f"{batch.checker.first_name} 复核" in page
    links = {
        "desk_case": [case.public_id], "desk_batch": [batch.public_id], "desk_fund": [payment.fund.public_id],
        "desk_file": [case.public_id, upload.public_id], "desk_paper": [case.papers.all()[0].public_id],
    }
    for name, arguments in links.items():
        href = reverse(name, args=arguments)
        assert f'href="{href}"' in page, name
        assert auditor.get(href).status_code == 200, name
    assert "请说明打开这份材料的理由" in auditor.get(reverse("desk_file", args=links["desk_file"])).content.decode()


def test_he_reads_the_pages_of_the_money_and_changes_nothing(office: Office, auditor: Client) -> None:
    walk.dossier(office)
    walk.settle(office, walk.go(office, walk.living_case(office), walk.LIVING))
    batch = Batch.objects.get()
    menu = auditor.get(reverse("oversight_search")).content.decode()
    for name in ("desk_funds", "desk_batches"):
        assert f'href="{reverse(name)}"' in menu, name
    assert main_page(office.actor("auditor")) == "oversight_search"
    for href in (
        reverse("desk_funds"), reverse("desk_batches"), reverse("desk_fund", args=[batch.fund.public_id]),
        reverse("desk_batch", args=[batch.public_id]),
    ):
        main = auditor.get(href).content.decode().split("<main", 1)[1].split("</main>")[0]
        assert "<button" not in main and "btn-primary" not in main, href


def test_what_was_typed_and_what_is_wrong_stand_beside_the_field(office: Office, auditor: Client) -> None:
    """The ID number stays in the form, and in no address."""
    answer = auditor.post(reverse("oversight_search"), {"id_no": "610000198001010011", "reason": "短"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="610000198001010011"' in page and 'value="短"' in page
    assert 'id="f-id_no-wrong"' in page and 'id="f-reason-wrong"' in page
    case = walk.dossier_case(office)
    for url in (reverse("oversight_export", args=[case.public_id]), reverse("oversight_search")):
        for reason in ("短", "见 610000198001010010 的申请"):
            answer = auditor.post(url, {"id_no": "610000198001010010", "reason": reason})
            page = answer.content.decode()
            assert answer.status_code == 422 and 'id="f-reason-wrong"' in page and f'value="{reason}"' in page
