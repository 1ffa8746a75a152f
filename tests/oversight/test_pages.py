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
