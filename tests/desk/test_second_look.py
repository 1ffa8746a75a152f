"""A refused case and its re-examination at the desks (domain §4.3)."""
import pytest
from django.urls import reverse

from casework.cases.models import Case
from casework.forms.models import Draft
from casework.workflows.re_examining import re_examination_of
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, press, text_of
from tests.office import Office
from tests.portal.typed import send, send_page
from tests.services import second_looks as looks

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(office: Office) -> Case:
    """A dossier that the county's reviewer did not approve."""
    looks.with_city(office)
    case = walk.go(office, walk.dossier_case(office, income=60_000_000), walk.DOSSIER, until="review")
    office.do(case, "review.deny", "reviewer", code="INCOME_ABOVE_LINE", opinion="收入超过标准")
    return office.fresh(case)


def test_whoever_looks_again_reads_what_the_refusal_rests_on(office: Office, log_in: LogIn, refused: Case) -> None:
    case = looks.ask(office, refused)
    office.do(case, "accept.pass", "city_clerk")
    page = log_in("city_reviewer").get(case_url(case))
    told = text_of(page)
    for words in (
        refused.number, "困难职工建档", "商州区总工会", "收入超过标准", "原决定所用数额", "当地月低保标准",
        "家庭收入已按月提供工资单",
    ):
        assert words in told, words
    assert case_url(refused) in page.content.decode()
    assert log_in("city_reviewer").get(case_url(refused)).status_code == 200


def test_the_refused_case_tells_its_re_examination(office: Office, log_in: LogIn, refused: Case) -> None:
    case = looks.dismissed(office, refused)
    told = text_of(log_in("officer").get(case_url(refused)))
    for words in (case.number, "已申请复核", "复核终止，原决定不变"):
        assert words in told, words


def test_a_dismissal_without_grounds_is_refused_beside_its_field(office: Office, log_in: LogIn, refused: Case) -> None:
    case = looks.ask(office, refused)
    office.do(case, "accept.pass", "city_clerk")
    office.do(case, "examine.pass", "city_reviewer")
    answer = press(log_in("city_approver"), case, "decide.deny", opinion="")
    assert answer.status_code == 422 and "维持原决定的事实和理由" in text_of(answer)
    assert press(log_in("city_approver"), case, "decide.deny", opinion="原决定事实清楚").status_code == 302
    assert office.state(case) == "denied"


def test_the_window_of_the_city_writes_it_down(office: Office, log_in: LogIn, refused: Case) -> None:
    clerk, address = log_in("city_clerk"), reverse("desk_second_look", args=[refused.public_id])
    assert address in clerk.get(case_url(refused)).content.decode()
    assert address not in log_in("clerk").get(case_url(refused)).content.decode()
    assert log_in("clerk").post(address).status_code == 404
    assert clerk.post(address).status_code == 302
    draft = Draft.objects.get(came_from=refused)
    typed = {"wrong": ["figures"], "grounds": "医疗支出没有计入。", "truth_pledge": "true"}
    assert send_page(clerk, draft, "request", typed).status_code == 302
    send(clerk, draft)
    case = re_examination_of(refused)
    assert case is not None and (case.via, case.applicant_id) == ("window", refused.applicant_id)
    assert address not in clerk.get(case_url(refused)).content.decode(), "once"


def test_it_does_not_stand_among_the_new_matters(office: Office, log_in: LogIn) -> None:
    looks.with_city(office)
    assert 'value="re_examination"' not in log_in("city_clerk").get(reverse("desk_new")).content.decode()
