"""The form of the hardship dossier (domain §4.1, §4.7, §5.7) and the sheet of the visit: what is asked of whom."""
import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.cases import answers as case_answers
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.people.models import Consent
from casework.programmes.loader import programme_of
from casework.registers import entries
from tests import walk
from tests.filled import dossier_answers, rigid_row
from tests.office import Office, id_number, picture
from tests.portal.typed import begin, fill, loaded, send_page, text_of, typed_page

pytestmark = pytest.mark.django_db
CHILD = {"name": "李小雨", "relation": "child", "work": "student", "school": "商州中学", "health": "good"}


@pytest.fixture
def home(office: Office) -> Office:
    """A worker with a login of his own."""
    walk.member(office)
    return office


def refused(office: Office, answers: dict[str, Any]) -> set[tuple[str, str]]:
    """(code, place) of everything that stands in the way."""
    with pytest.raises(Refused) as found:
        office.apply("worker", "hardship_dossier", answers)
    return {(problem.code, problem.place) for problem in found.value.problems}


def born(office: Office, years: int, days: int = 0) -> str:
    """The ID number of somebody who is so old today, or becomes so in some days."""
    day = office.now.date() + dt.timedelta(days=days)
    return id_number(611, f"{day.year - years}{day:%m%d}")


def client_of(office: Office, who: str = "worker") -> Client:
    client = Client()
    client.force_login(office.users[who])
    return client


def test_the_main_cause_is_no_further_one_and_there_are_three_at_most(home: Office) -> None:
    said = dossier_answers(home)
    assert refused(home, said | {"cause_minor": ["low_income"]}) == {("INCONSISTENT", "cause_minor")}
    four = ["own_illness", "schooling", "unemployment", "single_parent"]
    assert refused(home, said | {"cause_minor": four}) == {("TOO_MANY", "cause_minor")}
    case = home.apply("worker", "hardship_dossier", said | {"cause_minor": four[:3]})
    assert case_answers.shown(case)["cause_minor"] == "***"
    assert case_answers.full(case)["cause_minor"] == four[:3]


def test_each_rigid_row_has_its_proof_and_its_net_is_worked_out(home: Office) -> None:
    said = dossier_answers(home)
    bare = {key: value for key, value in said["rigid"][0].items() if key != "proof"}
    proved = rigid_row(home, amount=500_000, reimbursed=120_000, net=1)
    assert refused(home, said | {"rigid": [proved, bare]}) == {("NEEDED", "rigid.1.proof")}
    more = rigid_row(home, amount=100_000, reimbursed=100_001)
    assert refused(home, said | {"rigid": [more]}) == {("INCONSISTENT", "rigid.0.reimbursed")}
    case = home.apply("worker", "hardship_dossier", said | {"rigid": [proved]})
    assert case_answers.shown(case)["rigid"][0]["net"] == 380_000, "what is sent for it is not read"
    assert case.documents.filter(kind="rigid_proof").count() == 1


def test_a_proof_beside_an_income_does_not_stand_for_those_of_the_papers_and_says_so(home: Office) -> None:
    said = dossier_answers(home)
    row = said["incomes"][0] | {"proof": [home.upload("worker", "income_proof")]}
    left = {key: value for key, value in said.items() if key != "income_proof"}
    assert refused(home, left | {"incomes": [row]}) == {("NEEDED", "income_proof")}
    client = client_of(home)
    draft = begin(client, "hardship_dossier")
    send_page(client, draft, "money", {}, go="add:incomes")
    page = text_of(client.get(reverse("apply", args=[draft.public_id, "money"])))
    assert "这里可以不传；全部收入证明在“材料与授权”一页一起上传" in page
    bare = {key: value for key, value in row.items() if key != "proof"}
    assert home.apply("worker", "hardship_dossier", said | {"incomes": [bare]})


def test_every_adult_authorises_the_check_and_a_minor_does_not(home: Office) -> None:
    said = dossier_answers(home)
    unsigned = {key: value for key, value in said["members"][0].items() if key != "authorisation"}
    assert refused(home, said | {"members": [unsigned]}) == {("NEEDED", "members.0.authorisation")}
    of_age, younger = CHILD | {"id_no": born(home, 18)}, CHILD | {"id_no": born(home, 18, days=1)}
    assert refused(home, said | {"members": [of_age]}) == {("NEEDED", "members.0.authorisation")}
    child = home.apply("worker", "hardship_dossier", said | {"members": [younger]})
    row = case_answers.shown(child)["members"][0]
    assert (row["age"], "authorisation" in row) == (17, False)


def test_sex_and_birth_come_from_the_number(home: Office) -> None:
    said = dossier_answers(home)
    case = home.apply("worker", "hardship_dossier", said | {"sex": "unknown", "birth": "1900-01-01"})
    full = case_answers.full(case)
    number = full["id_no"]
    assert full["sex"] == ("male" if int(number[16]) % 2 else "female")
    assert full["birth"] == f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    assert case_answers.shown(case)["birth"] == "***"


def test_kind_and_grade_are_asked_of_the_disabled_only(home: Office) -> None:
    said = dossier_answers(home)
    wanted = {("NEEDED", "disability"), ("NEEDED", "disability_grade")}
    assert refused(home, said | {"health": "disabled"}) == wanted
    case = home.apply("worker", "hardship_dossier", said | {"disability": "limbs"})
    assert "disability" not in case_answers.full(case)


def test_the_card_is_typed_twice_and_bears_the_applicants_name(home: Office) -> None:
    client = client_of(home)
    draft = begin(client, "hardship_dossier")
    fill(client, draft, dossier_answers(home))
    once = {"account_name": "李建国", "card_no": "6222021234567890128", "bank": "中国工商银行"}
    assert send_page(client, draft, "bank", once).status_code == 422
    wrong = send_page(client, draft, "bank", once | {"card_no.again": "6222021234567890110"})
    assert wrong.status_code == 422
    assert "两次" in text_of(wrong)
    assert send_page(client, draft, "bank", once | {"card_no.again": once["card_no"]}).status_code == 302
    assert refused(home, dossier_answers(home, account_name="王五")) == {("ACCOUNT_NAME", "account_name")}


def test_each_consent_is_kept_with_the_version_of_its_words(home: Office) -> None:
    case = walk.dossier_case(home)
    rows = Consent.objects.filter(person=case.applicant, subject=str(case.public_id)).order_by("kind")
    assert [row.kind for row in rows] == [
        "general_consent", "income_check_authorisation", "sensitive_consent", "truth_pledge",
    ]
    assert {row.notice_version for row in rows} == {f"hardship_dossier.{case.programme.version}"}


def test_what_the_register_knows_of_a_member_is_filled_in(home: Office) -> None:
    known = walk.temporary_case(home)
    entry = entries.enter(known, "membership", home.now)
    held = loaded(begin(client_of(home), "hardship_dossier"))
    union = str(home.orgs["union"].public_id)
    assert held == {"name": ["李建国"], "account_name": ["李建国"], "union": [union], "member_no": [entry.number]}


def test_a_file_of_a_row_comes_and_goes_with_its_row(home: Office) -> None:
    client = client_of(home)
    draft = begin(client, "hardship_dossier")
    said = dossier_answers(home) | {"rigid": [rigid_row(home), rigid_row(home, kind="school")]}
    form = {page.key: page for page in programme_of(home.version("hardship_dossier")).form.pages}
    for key in ("person", "work", "household"):
        send_page(client, draft, key, typed_page(form[key], said))
    typed = typed_page(form["money"], said)
    second = typed["rigid.1.proof"]
    send_page(client, draft, "money", typed, go="stay")
    assert second[0] in client.get(reverse("apply", args=[draft.public_id, "money"])).content.decode()
    send_page(client, draft, "money", typed, go="remove:rigid.0")
    assert loaded(draft)["rigid.0.proof"] == second
    assert "rigid.1.proof" not in loaded(draft)
    up = reverse("apply_upload", args=[draft.public_id, "money"])
    made = client.post(up, {"place": "rigid.0.proof", "file": SimpleUploadedFile("bill.jpg", picture(7), "image/jpeg")})
    assert made.status_code == 200
    left = {**typed_page(form["money"], said | {"rigid": said["rigid"][1:]}), "rigid.0.proof": [made.json()["id"]]}
    assert send_page(client, draft, "money", left, go=f"unfile:rigid.0.proof.{made.json()['id']}").status_code == 302
    assert loaded(draft).get("rigid.0.proof", []) == []


def test_a_proof_is_replaced_through_the_one_time_notice(home: Office) -> None:
    case = walk.dossier_case(home)
    item = {"item": "form.money.rigid", "problem": "UNCLEAR", "wanted": "凭证看不清"}
    home.do(case, "unit_check.one_time_notice", "handler", items=[item])
    before = case_answers.full(case)
    client = client_of(home)
    page = client.get(reverse("my_act", args=[case.public_id, "supplement"])).content.decode()
    assert before["rigid"][0]["proof"][0] in page
    row = {key: value for key, value in before["rigid"][0].items() if key != "net"} | {"row_was": 0}
    with pytest.raises(Refused, match="NEEDED"):
        home.do(case, "supplement", "worker", rigid=[row | {"proof": []}])
    clear = home.upload("worker", "rigid_proof")
    event = home.do(case, "supplement", "worker", rigid=[row | {"proof": [clear]}])
    assert event.data["corrected"] == ["rigid.0.proof"]
    after = case_answers.full(home.fresh(case))
    assert after == before | {"rigid": [before["rigid"][0] | {"proof": [clear]}]}


def test_the_worker_signs_the_sheet_of_the_visit_too(home: Office) -> None:
    case = walk.go(home, walk.dossier_case(home), walk.DOSSIER, "visit")
    photos = [home.upload("visitor_1", "photos") for _n in range(2)]
    sheet = walk.SHEET | {"visited_on": home.now.date().isoformat(), "photos": photos}
    with pytest.raises(Refused) as found:
        home.do(case, "visit.record", "visitor_1", **sheet)
    assert {problem.place for problem in found.value.problems} == {"signature"}
    home.do(case, "visit.record", "visitor_1", **sheet, signature=[home.upload("visitor_1", "signature")])
    assert case.documents.filter(kind="signature").count() == 1
    home.do(case, "visit.sign", "visitor_2")
    assert home.steps(case) == ["discuss"]


def test_the_form_says_what_is_no_income_and_what_schooling_counts(home: Office) -> None:
    client = client_of(home)
    draft = begin(client, "hardship_dossier")
    send_page(client, draft, "money", {}, go="add:incomes")
    page = text_of(client.get(reverse("apply", args=[draft.public_id, "money"])))
    for words in ("节日里的小额慰问不算收入", "城乡居民基础养老金（不计入）", "失业金的家人", "按公办学校的标准"):
        assert words in page
    client.cookies["django_language"] = "en"
    page = text_of(client.get(reverse("apply", args=[draft.public_id, "money"])))
    for words in ("Small gifts at holidays are none", "Basic resident pension (not counted)", "of public schools"):
        assert words in page


def test_the_visit_is_limited_in_calendar_days(home: Office) -> None:
    home.at("2026-11-25")  # a Wednesday: five working days would end on the Wednesday after
    case = walk.go(home, walk.dossier_case(home), walk.DOSSIER, "visit")
    task = home.task(case, "visit")
    assert task.due_at is not None
    assert local_date(task.due_at - dt.timedelta(seconds=1)) == dt.date(2026, 11, 30)
    assert "5 日内" in text_of(client_of(home).get(reverse("programme", args=["hardship_dossier"])))


def test_a_migrant_worker_has_worked_there_for_a_year_and_shows_the_contract(home: Office) -> None:
    said = dossier_answers(home, is_migrant_worker=True)
    assert refused(home, said) == {("NEEDED", "employed_since"), ("NEEDED", "migrant_contract")}
    contract = {"migrant_contract": [home.upload("worker", "labour_contract")]}
    today = home.now.date()
    short = (today - dt.timedelta(days=364)).isoformat()
    assert refused(home, said | contract | {"employed_since": short}) == {("INCONSISTENT", "employed_since")}
    year = today.replace(year=today.year - 1).isoformat()
    case = home.apply("worker", "hardship_dossier", said | contract | {"employed_since": year})
    assert case.documents.filter(kind="labour_contract").count() == 1


def test_nobody_else_is_asked_for_a_contract(home: Office) -> None:
    """What others give for it is not read, and what they have they may hand in."""
    own = {"labour_contract": [home.upload("worker", "labour_contract")]}
    short = {"employed_since": home.now.date().isoformat()}
    case = home.apply("worker", "hardship_dossier", dossier_answers(home) | own | short)
    assert "employed_since" not in case_answers.full(case)
    assert case.documents.filter(kind="labour_contract").count() == 1


def test_a_copy_of_the_bank_card_is_asked_for_and_offered_again_with_the_aid(home: Office) -> None:
    card = {"bank_card": [home.upload("worker", "bank_card")]}
    case = walk.go(home, home.apply("worker", "hardship_dossier", dossier_answers(home) | card), walk.DOSSIER)
    assert case.documents.filter(kind="bank_card").count() == 1
    client = client_of(home)
    page = text_of(client.get(reverse("apply", args=[begin(client, "living_aid").public_id, "papers"])))
    assert "请拍有卡号的一面" in page
    asked = page.partition("银行卡复印件")[2].partition("申请书")[0]
    assert "以前交过的材料" in asked
    assert "bank_card.jpg" in asked
