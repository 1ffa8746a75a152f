"""The dates of papers at the desk that accepts: what the office reads on the paper counts, and what has run out is
asked for anew with the one-time notice."""
import datetime as dt
import re

import pytest
from django.urls import reverse

from casework.audit.models import Event
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, press, text_of
from tests.office import Office

pytestmark = pytest.mark.django_db
FIELD = "income_proof_dated"


def ago(office: Office, days: int) -> str:
    return (office.now.date() - dt.timedelta(days=days)).isoformat()


def test_the_applicants_date_stands_there_and_the_office_corrects_it(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office, income_proof_dated=ago(office, 10))
    desk = log_in("handler")
    assert ago(office, 10) in desk.get(case_url(case)).content.decode()
    answer = press(desk, case, "unit_check.pass", **{FIELD: ago(office, 40)})
    assert answer.status_code == 302
    assert office.state(case) == "accepted"
    assert case.documents.get(kind="income_proof").dated.isoformat() == ago(office, 40)
    event = Event.objects.get(subject_kind="case", subject_id=str(case.public_id), action="unit_check.pass")
    assert event.data["paper_dates"] == {"income_proof": {"told": ago(office, 10), "found": ago(office, 40)}}


def test_of_payslips_handed_in_one_after_the_other_the_latest_counts(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office, income_proof_dated=ago(office, 170))
    items = [{"item": "income_proof", "problem": "UNCLEAR", "wanted": "最近一个月的工资单"}]
    office.do(case, "unit_check.one_time_notice", "handler", items=items)
    office.now += dt.timedelta(days=14)
    new = office.upload("worker", "income_proof")
    office.do(case, "supplement", "worker", income_proof=[new], income_proof_dated=ago(office, 5))
    desk = log_in("handler")
    page = desk.get(case_url(case)).content.decode()
    assert "自最近一份材料上的日期起 6 个月内有效" in page
    assert f'value="{ago(office, 5)}"' in page
    assert press(desk, case, "unit_check.pass").status_code == 302
    assert office.state(case) == "accepted"


def test_an_expired_paper_is_not_accepted_but_asked_for_anew(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office)
    desk = log_in("handler")
    refused = press(desk, case, "unit_check.pass", **{FIELD: ago(office, 300)})
    assert refused.status_code == 422
    told, source = text_of(refused), refused.content.decode()
    assert "一次性告知" in told
    assert '<option value="EXPIRED" selected' in source or 'value="EXPIRED" checked' in source, "the notice names it"
    assert office.state(case) == "submitted"
    press(desk, case, "unit_check.one_time_notice", **{
        "items.0.item": "income_proof", "items.0.problem": "EXPIRED", "items.0.wanted": "新的收入证明",
    })
    assert office.state(case) == "supplement"
    worker = log_in("worker")
    page = worker.get(reverse("my_act", args=[case.public_id, "supplement"])).content.decode()
    assert 'name="income_proof_dated"' in page
    new = office.upload("worker", "income_proof")
    office.do(case, "supplement", "worker", income_proof=[new], income_proof_dated=ago(office, 1))
    assert case.documents.get(public_id=new).dated.isoformat() == ago(office, 1)
    assert f'value="{ago(office, 1)}"' in desk.get(case_url(case)).content.decode()
    assert press(desk, case, "unit_check.pass", **{FIELD: ago(office, 2)}).status_code == 302
    assert office.state(case) == "accepted"
    assert case.documents.get(public_id=new).dated.isoformat() == ago(office, 2)
    assert case.documents.get(kind="income_proof", dated=None), "what was handed in first is another paper"


def test_what_the_notice_asks_for_is_written_in_the_language_of_the_letter(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office, income_proof_dated=ago(office, 182))
    type(case).objects.filter(pk=case.pk).update(submitted_at=office.now + dt.timedelta(days=5))
    desk = log_in("handler")
    desk.cookies["django_language"] = "en"
    page = desk.get(case_url(case)).content.decode()
    assert "One-time notice" in page
    (field,) = re.findall(r'<input[^>]*name="items.0.wanted"[^>]*>', page)
    assert 'value="仍在有效期内的新材料"' in field


def test_a_paper_handed_in_anew_is_accepted_by_its_own_date(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office, income_proof_dated=ago(office, 182))
    first = case.documents.get(kind="income_proof")
    desk = log_in("handler")
    press(desk, case, "unit_check.one_time_notice", **{
        "items.0.item": "income_proof", "items.0.problem": "UNCLEAR", "items.0.wanted": "看得清的收入证明",
    })
    office.at((office.now.date() + dt.timedelta(days=2)).isoformat())
    new = office.upload("worker", "income_proof")
    office.do(case, "supplement", "worker", income_proof=[new], income_proof_dated=ago(office, 1))
    page = desk.get(case_url(case)).content.decode()
    (field,) = re.findall(f'<input[^>]*name="{FIELD}"[^>]*>', page)
    assert f'value="{ago(office, 1)}"' in field
    assert press(desk, case, "unit_check.pass", **{FIELD: ago(office, 1)}).status_code == 302
    assert office.state(case) == "accepted"
    told, first_dated = case.documents.get(public_id=new).dated, first.dated
    first.refresh_from_db()
    assert (told.isoformat(), first.dated) == (ago(office, 1), first_dated)


def test_without_any_date_the_office_decides(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office)
    assert press(log_in("handler"), case, "unit_check.pass").status_code == 302
    assert office.state(case) == "accepted"


def test_a_paper_handed_in_when_it_counted_is_accepted_later(office: Office, log_in: LogIn) -> None:
    walk.dossier(office)
    case = walk.living_case(office, income_proof_dated=ago(office, 182))
    office.now += dt.timedelta(days=1)
    assert press(log_in("handler"), case, "unit_check.pass", **{FIELD: ago(office, 183)}).status_code == 302
