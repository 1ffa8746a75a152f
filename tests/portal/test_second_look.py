"""From a refusal to its re-examination on the applicants' pages (domain §4.3)."""
import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.forms.models import Draft
from casework.workflows.re_examining import re_examination_of
from tests import walk
from tests.filled import temporary_answers
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import send, send_page, text_of
from tests.services import second_looks as looks

pytestmark = pytest.mark.django_db
TYPED = {"wrong": ["facts"], "grounds": "工资单已按月提交。", "truth_pledge": "true"}


@pytest.fixture
def client(log_in: LogIn) -> Client:
    return log_in("worker")


@pytest.fixture
def refused(office: Office) -> Case:
    return looks.denied(looks.with_city(office))


def page_of(client: Client, case: Case) -> str:
    return text_of(client.get(reverse("my_case", args=[case.public_id])))


def begin(client: Client, case: Case) -> Draft:
    """Press the button beside the refusal."""
    answer = client.post(reverse("my_second_look", args=[case.public_id]))
    assert answer.status_code == 302, text_of(answer)
    return Draft.objects.filter(case__isnull=True).latest("id")


def test_the_refusal_offers_it_until_its_last_day(client: Client, refused: Case) -> None:
    page = client.get(reverse("my_case", args=[refused.public_id]))
    assert reverse("my_second_look", args=[refused.public_id]) in page.content.decode()
    assert "2026年12月8日前，您可以向商洛市总工会申请一次复核" in text_of(page)


def test_from_the_button_to_the_receipt(office: Office, client: Client, refused: Case) -> None:
    draft = begin(client, refused)
    form = text_of(client.get(reverse("apply_resume", args=[draft.public_id]), follow=True))
    for words in (refused.number, "临时救助", "未发现突发困难", "不符合申请条件"):
        assert words in form, words
    assert send_page(client, draft, "request", TYPED).status_code == 302
    assert refused.number in text_of(client.get(reverse("apply_check", args=[draft.public_id])))
    receipt = client.get(send(client, draft)["Location"])
    case = re_examination_of(refused)
    assert case is not None and case.number in text_of(receipt)
    assert "受理单位 商洛市总工会" in text_of(receipt), "the office where it lies, not the worker's union"
    told = page_of(client, case)
    assert refused.number in told and "复核受理" in told
    office.tick()
    shown = page_of(client, refused)
    assert case.number in shown and "申请一次复核" not in shown


def test_empty_grounds_are_told_beside_their_field(client: Client, refused: Case) -> None:
    draft = begin(client, refused)
    answer = send_page(client, draft, "request", {**TYPED, "grounds": ""})
    assert answer.status_code == 422
    assert "复核理由" in text_of(answer).split("请先改正")[1][:80]
    assert "工资单" not in text_of(answer) and "原申请" in text_of(answer)


def test_pressing_twice_goes_on_with_the_form_begun(client: Client, refused: Case) -> None:
    assert begin(client, refused).pk == begin(client, refused).pk


def test_too_late_says_until_when_it_was(office: Office, client: Client, refused: Case) -> None:
    draft = begin(client, refused)
    send_page(client, draft, "request", TYPED)
    office.at("2026-12-09")
    told = page_of(client, refused)
    assert "申请复核的期限已于2026年12月8日届满" in told
    answer = client.post(reverse("my_second_look", args=[refused.public_id]))
    assert answer.status_code == 422 and "2026年12月8日" in text_of(answer)
    sent = send(client, draft)
    assert sent.status_code == 422 and "2026年12月8日" in text_of(sent)
    assert re_examination_of(refused) is None


def test_twice_is_told_with_the_number_of_the_first(office: Office, client: Client, refused: Case) -> None:
    first = looks.ask(office, refused)
    answer = client.post(reverse("my_second_look", args=[refused.public_id]))
    assert answer.status_code == 422 and first.number in text_of(answer)


@pytest.mark.promise("R2")
def test_the_refusal_of_another_is_not_there(log_in: LogIn, refused: Case) -> None:
    answer = log_in("neighbour").post(reverse("my_second_look", args=[refused.public_id]))
    assert answer.status_code == 404 and not Draft.objects.filter(came_from=refused).exists()


def test_a_running_case_offers_none(office: Office, client: Client) -> None:
    running = walk.temporary_case(office)
    assert "second-look" not in client.get(reverse("my_case", args=[running.public_id])).content.decode()
    assert client.post(reverse("my_second_look", args=[running.public_id])).status_code == 422


def test_the_service_is_not_on_offer_by_itself(client: Client) -> None:
    assert reverse("programme", args=["re_examination"]) not in client.get(reverse("catalogue")).content.decode()
    assert "复核从被拒绝的申请页面发起" in text_of(client.get(reverse("programme", args=["re_examination"])))
    begun = client.post(reverse("apply_start", args=["re_examination"]), {"fresh": "1"})
    assert begun.status_code == 302 and not Draft.objects.exists()


def test_what_came_of_it_stands_on_both_pages(office: Office, client: Client, refused: Case) -> None:
    case = looks.dismissed(office, refused)
    told = page_of(client, case)
    assert "经复核维持原决定" in told and "复核决定书" in told and "最终决定" in told
    assert "second-look" not in client.get(reverse("my_case", args=[case.public_id])).content.decode()
    assert case.number in page_of(client, refused)


def test_withdrawing_it_says_that_it_comes_once(office: Office, client: Client, refused: Case) -> None:
    case = looks.ask(office, refused)
    page = text_of(client.get(reverse("my_act", args=[case.public_id, "withdraw"])))
    assert "不能再次申请" in page and "随时" not in page


def test_the_handler_who_filed_asks_for_his_member(office: Office, log_in: LogIn) -> None:
    looks.with_city(office)
    case = office.apply(
        "handler", "temporary_aid",
        temporary_answers(office, "worker", event_proof=[office.upload("handler", "event_proof")]),
    )
    office.hire("handler_2", "unit_handler", "union")
    office.do(case, "unit_check.not_accept", "handler_2", code="NOT_MEMBER", right_body="", opinion="查无此人")
    handler = log_in("handler")
    draft = begin(handler, case)
    assert draft.duty_role == "unit_handler"
    send_page(handler, draft, "request", TYPED)
    assert send(handler, draft).status_code == 302
    look = re_examination_of(case)
    assert look is not None and look.applicant_id == case.applicant_id
