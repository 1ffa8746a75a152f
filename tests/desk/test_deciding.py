"""Decisions sent from the case page: carried out once, typed words kept, stale screens told what changed."""
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents.models import Document
from casework.programmes.loader import programme_of
from casework.programmes.reasons import DENIALS
from casework.workflows.models import Decision
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, hidden_of, press, text_of
from tests.office import Office, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_review(office: Office) -> Case:
    """A dossier application on the reviewers' desk."""
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")


def photo(shade: int) -> SimpleUploadedFile:
    """A real picture as a browser sends it."""
    return SimpleUploadedFile(f"photo{shade}.jpg", io.BytesIO(picture(shade)).read(), "image/jpeg")


def test_pass(office: Office, log_in: LogIn, at_review: Case) -> None:
    answer = press(log_in("reviewer"), at_review, "review.pass", opinion="符合条件")
    assert answer.status_code == 302
    assert answer["Location"] == case_url(at_review)
    assert office.steps(at_review) == ["approve"]
    assert Decision.objects.get(case=at_review, step="review").opinion == "符合条件"


def test_on_to_the_next_task(office: Office, log_in: LogIn, at_review: Case) -> None:
    other = walk.go(office, walk.dossier_case(office, "two"), walk.DOSSIER, "review")
    answer = press(log_in("reviewer"), at_review, "review.pass", next="1")
    assert answer["Location"] == case_url(other)


def test_typed_words_are_kept(office: Office, log_in: LogIn, at_review: Case) -> None:
    answer = press(log_in("reviewer"), at_review, "review.deny", opinion="事实如下：名下两套住房")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "事实如下：名下两套住房" in page
    assert 'id="move-review-deny" data-move open' in page
    assert "理由：此项必填" in text_of(answer)
    assert office.steps(at_review) == ["review"]


def test_a_number_in_the_opinion_is_refused_and_kept(office: Office, log_in: LogIn, at_review: Case) -> None:
    answer = press(log_in("reviewer"), at_review, "review.pass", opinion="请拨 13912345678")
    assert answer.status_code == 422
    assert "请拨 13912345678" in answer.content.decode()
    assert not Decision.objects.filter(case=at_review, step="review").exists()


@pytest.mark.promise("S5")
def test_stale_screen_is_told_what_changed(office: Office, log_in: LogIn, at_review: Case) -> None:
    client = log_in("reviewer")
    old = client.get(case_url(at_review))
    press(log_in("reviewer_2"), at_review, "review.pass", opinion="同意")
    answer = press(client, at_review, "review.pass", page=old, opinion="我的意见不能丢")
    assert answer.status_code == 409
    told = text_of(answer)
    assert "在此期间" in told
    assert "职员reviewer_2" in told
    assert "县（区）总工会审核：" in told
    assert "我的意见不能丢" in told
    assert Decision.objects.filter(case=at_review, step="review").count() == 1


def test_stale_but_still_open_keeps_the_form(office: Office, log_in: LogIn, at_review: Case) -> None:
    client = log_in("reviewer")
    old = client.get(case_url(at_review))
    office.do(at_review, "review.take", "reviewer")
    answer = press(client, at_review, "review.pass", page=old, opinion="还在写的意见")
    assert answer.status_code == 409
    assert "还在写的意见</textarea>" in answer.content.decode()
    again = client.post(
        reverse("desk_do", args=[at_review.public_id]), {**hidden_of(answer, "review.pass"), "opinion": "还在写的意见"}
    )
    assert again.status_code == 302


@pytest.mark.promise("S2")
def test_second_click_does_nothing(office: Office, log_in: LogIn, at_review: Case) -> None:
    client = log_in("reviewer")
    old = client.get(case_url(at_review))
    for _click in range(2):
        answer = press(client, at_review, "review.pass", page=old, opinion="同意")
        assert answer.status_code == 302
    assert Event.objects.filter(subject_id=str(at_review.public_id), action="review.pass").count() == 1


def test_somebody_elses_step(office: Office, log_in: LogIn, at_review: Case) -> None:
    fields = hidden_of(log_in("reviewer").get(case_url(at_review)), "review.pass")
    answer = log_in("approver").post(reverse("desk_do", args=[at_review.public_id]), fields)
    assert answer.status_code == 403
    assert "未能办理" in text_of(answer)
    assert office.steps(at_review) == ["review"]


def test_forged_action(office: Office, log_in: LogIn, at_review: Case) -> None:
    url = reverse("desk_do", args=[at_review.public_id])
    for action in ("approve.pass", "review.overdue", "pay.paid", "", "x" * 200, "review.nothing", "a\x00.b"):
        answer = log_in("reviewer").post(url, {"action": action, "seen": "x", "key": "a\x00b"})
        assert answer.status_code in (403, 409, 422), action
    assert office.steps(at_review) == ["review"]


def test_rows_without_javascript(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    client, typed = log_in("handler"), {"items.0.item": "id_card", "items.0.wanted": "清晰照片"}
    more = press(client, case, "unit_check.one_time_notice", go="add:items", **typed)
    assert more.status_code == 200
    assert 'name="items.1.item"' in more.content.decode()
    assert 'value="清晰照片"' in more.content.decode()
    less = press(client, case, "unit_check.one_time_notice", page=more, go="remove:items.0", **typed, **{
        "items.1.item": "income_proof", "items.1.wanted": "近 12 个月工资单"})
    assert 'name="items.1.item"' not in less.content.decode()
    assert 'value="近 12 个月工资单"' in less.content.decode()
    assert office.steps(case) == ["unit_check"]
    done = press(client, case, "unit_check.one_time_notice", page=less, **{
        "items.0.item": "income_proof", "items.0.problem": "MISSING", "items.0.wanted": "近 12 个月工资单"})
    assert done.status_code == 302
    assert office.state(case) == "supplement"


def test_uploads_enter_the_case(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "visit")
    sheet = walk.SHEET | {"agrees": "false"}
    answer = press(log_in("visitor_1"), case, "visit.record", **sheet, photos=[photo(1), photo(90)])
    assert answer.status_code == 422, "the worker signs, too"
    photos = {"photos": [photo(2), photo(91)], "signature": [photo(120)]}
    answer = press(log_in("visitor_1"), case, "visit.record", **sheet, **photos)
    assert answer.status_code == 302, text_of(answer)
    assert Document.objects.filter(case=case, kind="photos").count() == 2


def test_refused_file_keeps_the_good_ones(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "visit")
    bad = SimpleUploadedFile("visit.jpg", b"<html>no picture</html>", "image/jpeg")
    client = log_in("visitor_1")
    answer = press(client, case, "visit.record", housing="自有住房", photos=[photo(1), bad])
    assert answer.status_code == 422
    assert "visit.jpg" in text_of(answer)
    kept = Document.objects.get(owner=office.users["visitor_1"], kind="photos")
    assert f'value="{kept.public_id}"' in answer.content.decode()
    assert "自有住房" in answer.content.decode()
    wish = f"unfile:photos.{kept.public_id}"
    out = press(client, case, "visit.record", page=answer, photos=str(kept.public_id), go=wish)
    assert f'value="{kept.public_id}"' not in out.content.decode()


@pytest.mark.promise("R2")
def test_a_strangers_file_is_not_taken(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "visit")
    foreign = office.upload("visitor_2", "secret_paper")
    answer = press(log_in("visitor_1"), case, "visit.record", **walk.SHEET, photos=[foreign, foreign])
    assert answer.status_code == 422
    assert foreign not in answer.content.decode()
    assert "secret_paper" not in answer.content.decode()


def test_get_is_not_a_decision(office: Office, log_in: LogIn, at_review: Case) -> None:
    assert log_in("reviewer").get(reverse("desk_do", args=[at_review.public_id])).status_code == 405


def reasons_of(client: Client, case: Case) -> tuple[list[str], list[str]]:
    """The reasons of the form of denial in their order, and those that stand there already."""
    page = client.get(case_url(case)).content.decode()
    form = page[page.index('id="move-review-deny"'):]
    options = re.findall(r'<option value="([^"]+)"( selected)?', form[: form.index("</select>")])
    return [code for code, _chosen in options], [code for code, chosen in options if chosen]


def test_the_reasons_of_the_service_come_first_and_the_one_found_stands_there(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office, homes=2), walk.DOSSIER, "review")
    codes, chosen = reasons_of(log_in("reviewer"), case)
    own = [row.deny for row in programme_of(case.programme).eligibility]
    assert codes[: len(own)] == own
    assert sorted(codes) == sorted(DENIALS)
    assert chosen == ["EXCL_HOMES"]


def test_no_reason_stands_there_where_the_rules_found_none(log_in: LogIn, at_review: Case) -> None:
    assert reasons_of(log_in("reviewer"), at_review)[1] == []
