"""The case page: everything to decide by, in scope, the same 404 for absent and foreign, constant queries."""
import datetime as dt
import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.cases.models import Case
from casework.people import kin, persons
from casework.people.models import Relation
from casework.registers.models import Entry
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, press, text_of
from tests.filled import living_answers
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_review(office: Office) -> Case:
    """A dossier application on the reviewers' desk."""
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")


def test_everything_to_decide_by(office: Office, log_in: LogIn, at_review: Case) -> None:
    page = log_in("reviewer").get(case_url(at_review))
    told = text_of(page)
    for words in (
        at_review.number, "李建国", "困难职工建档", "秦岭纺织厂工会", "人均月收入", "相对困难", "刚性支出合计",
        "身份证和户口本", "入户调查", "材料齐全", "同意上报", "单位公示", "受理通知书", "办理经过", "还剩",
    ):
        assert words in told, words
    assert "review.pass" in page.content.decode()
    assert "review.deny" in page.content.decode()


def test_the_second_investigator_reads_the_sheet_before_he_signs(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "visit")
    walk.record_visit(office, case)
    told = text_of(log_in("visitor_2").get(case_url(case)))
    for words in ("见到的人 本人", "居住情况 自有住房一套,60 平方米", "家庭收入低,医疗支出大", "与申报一致 是"):
        assert words in told, words


def test_what_was_found_on_the_way_is_told_to_the_reviewer(office: Office, log_in: LogIn, at_review: Case) -> None:
    told = text_of(log_in("reviewer").get(case_url(at_review)))
    for words in ("家庭收入低,医疗支出大", "到会人数 7", "同意人数 7", "询问机构 区民政局", "核对结果 与申报一致"):
        assert words in told, words


@pytest.mark.promise("P3")
def test_no_full_number_on_the_page(office: Office, log_in: LogIn, at_review: Case) -> None:
    number = persons.plain_for_system(at_review.applicant, "id_no")
    html = log_in("reviewer").get(case_url(at_review)).content.decode()
    assert number not in html
    assert f"{number[:6]}********{number[-4:]}" in html
    assert "13900001234" not in html


def normal(answer: object) -> str:
    """The page without what changes with each request."""
    return re.sub(r'[0-9a-f-]{36}|value="[A-Za-z0-9]{64}"|X-CSRFToken": "[^"]+"', "", answer.content.decode())  # type: ignore[attr-defined]


@pytest.mark.promise("R2")
@pytest.mark.parametrize("name", ["desk_case", "desk_do", "desk_reveal"])
def test_absent_and_foreign_answer_alike(office: Office, log_in: LogIn, at_review: Case, name: str) -> None:
    client = log_in("far_reviewer")
    ask = client.get if name == "desk_case" else client.post
    foreign = ask(reverse(name, args=[at_review.public_id]))
    absent = ask(reverse(name, args=[uuid.uuid4()]))
    assert foreign.status_code == absent.status_code == 404
    assert normal(foreign) == normal(absent)
    assert at_review.number not in foreign.content.decode()


def test_administrator_sees_no_case(office: Office, log_in: LogIn, at_review: Case) -> None:
    assert log_in("admin").get(case_url(at_review)).status_code == 404


def test_other_roles_see_no_buttons(office: Office, log_in: LogIn, at_review: Case) -> None:
    page = log_in("approver").get(case_url(at_review))
    assert page.status_code == 200
    assert 'name="action"' not in page.content.decode()
    assert "目前无需办理此件" in text_of(page)


def test_colleague_at_work_is_named(office: Office, log_in: LogIn, at_review: Case) -> None:
    office.do(at_review, "review.take", "reviewer_2")
    page = log_in("reviewer").get(case_url(at_review))
    assert "职员reviewer_2 正在办理此件" in text_of(page)
    assert 'name="action"' not in page.content.decode()


@pytest.mark.promise("R5")
def test_relative_sees_why_he_keeps_out(office: Office, log_in: LogIn, at_review: Case) -> None:
    brother = office.users["reviewer"].person
    id_no = persons.plain_for_system(at_review.applicant, "id_no")
    kin.declare(brother, id_no, Relation.SIBLING, stamp_of(SYSTEM, None, "command"), office.now)
    page = log_in("reviewer").get(case_url(at_review))
    assert "请回避此件" in text_of(page)
    assert "家庭收入低" not in text_of(page), "what the visitors saw is kept from relatives"
    assert "data-decide" not in page.content.decode()
    assert 'class="reveal-form"' not in page.content.decode()
    assert "data-preview" not in page.content.decode()


def of_his_wife(office: Office, first: Case) -> Case:
    """The same aid once more, asked for by another person of the household."""
    again = walk.dossier_case(office, "spouse")
    again.parties.create(person=first.applicant, relation="spouse")
    return again


def test_hits_are_told(office: Office, log_in: LogIn) -> None:
    first = walk.dossier_case(office)
    walk.dossier_case(office, "other", members=1)
    page = log_in("reviewer").get(case_url(of_his_wife(office, first)))
    assert "同类帮扶命中" in text_of(page)
    assert first.number in text_of(page)


def test_foreign_hits_are_told_without_number(office: Office, log_in: LogIn) -> None:
    foreign = walk.dossier_case(office)
    Case.objects.filter(pk=foreign.pk).update(
        county=office.orgs["other_county"], town=None, unit=None, organisation=office.orgs["other_county"]
    )
    page = text_of(log_in("reviewer").get(case_url(of_his_wife(office, foreign))))
    assert "同类帮扶命中 1 件" in page
    assert "不在您的职责范围内" in page
    assert foreign.number not in page


def test_dossier_in_force_is_told(office: Office, log_in: LogIn) -> None:
    first = walk.dossier(office)
    Case.objects.filter(pk=first.pk).update(year=1999)
    again = walk.dossier_case(office, "spouse")
    again.parties.create(person=first.applicant, relation="spouse")
    assert "一户一档" in text_of(log_in("reviewer").get(case_url(again)))
    assert "一户一档" not in text_of(log_in("reviewer").get(case_url(first)))


def test_ended_case_offers_nothing(office: Office, log_in: LogIn, at_review: Case) -> None:
    office.do(at_review, "withdraw", "worker")
    page = log_in("reviewer").get(case_url(at_review))
    assert "没有待办环节" in text_of(page)
    assert "申请人撤回" in text_of(page)


def test_objection_is_kept_from_a_relative(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "unit_notice")
    walk.enter_phase(office, case, "unit_notice", "stopped")
    assert "邻居反映家中有车" in text_of(log_in("chair").get(case_url(case)))
    id_no = persons.plain_for_system(case.applicant, "id_no")
    kin.declare(office.users["chair"].person, id_no, Relation.SIBLING, stamp_of(SYSTEM, None, "command"), office.now)
    assert "邻居反映家中有车" not in text_of(log_in("chair").get(case_url(case)))


def test_queries_do_not_grow_with_the_file(office: Office, log_in: LogIn, at_review: Case) -> None:
    client = log_in("reviewer")
    client.get(case_url(at_review))
    with CaptureQueriesContext(connection) as few:
        client.get(case_url(at_review))
    for n in range(50):
        office.upload("worker", "income_proof", n)
    from casework.documents.models import Document

    Document.objects.filter(case__isnull=True).update(case=at_review)
    for _n in range(5):
        press(client, at_review, "review.take")
        press(client, at_review, "review.release")
    client.get(case_url(at_review))  # the flash of the last act is read here
    with CaptureQueriesContext(connection) as many:
        page = client.get(case_url(at_review))
    assert page.content.decode().count("data-preview=") >= 50
    assert len(many) == len(few)
    assert len(few) <= 60


@pytest.mark.parametrize(("number", "marked"), [("6222021234567890128", False), ("6222021234567890129", True)])
def test_a_card_whose_check_digit_does_not_fit_is_marked(
    office: Office, log_in: LogIn, number: str, marked: bool
) -> None:
    walk.dossier(office)
    case = office.apply("worker", "living_aid", living_answers(office, card_no=number))
    told = text_of(log_in("reviewer").get(case_url(case)))
    assert f"****{number[-4:]}" in told
    assert ("校验位不符" in told) is marked


def test_an_ended_case_tells_until_when_its_record_is_kept(office: Office, log_in: LogIn) -> None:
    """Ten years (domain §4.8); the record of a dossier from the day on which it is left."""
    walk.dossier(office)
    entry = Entry.objects.get(kind="hardship_dossier")
    case = office.apply("worker", "living_aid", living_answers(office))
    office.do(case, "withdraw", "worker")
    year = office.fresh(case).ended_at.year
    assert f"档案保管至 {year + 10}" in text_of(log_in("reviewer").get(case_url(case)))
    page = case_url(office.fresh(entry.source_case))
    assert "登记终止后再保管 10 年" in text_of(log_in("reviewer").get(page))
    entry.valid_to = dt.date(2028, 2, 29)
    entry.save()
    assert "档案保管至 2038年3月1日" in text_of(log_in("reviewer").get(page)).replace(" 2038", " 2038")
