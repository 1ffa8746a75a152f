"""Finding cases in scope, and by full ID number only against a reason that is noted (promise A2)."""
import re

import pytest

from casework.audit.models import Event
from casework.desk import search
from casework.people import persons
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office, id_number

pytestmark = pytest.mark.django_db
CASES = "/desk/cases/"


def found(html: str) -> list[str]:
    """Case numbers of the list."""
    return re.findall(r"data-open>([A-Z0-9-]+)</a>", html)


@pytest.mark.parametrize("text", ["HD611002", "李建", "李建国", "li jian", "{last4}", " 李建国 "])
def test_by_number_or_name(office: Office, log_in: LogIn, text: str) -> None:
    case = walk.dossier_case(office)
    page = log_in("reviewer").get(CASES, {"q": text.format(last4=case.number[-4:])})
    assert found(page.content.decode()) == [case.number]


@pytest.mark.parametrize("query", [
    {"q": "王"}, {"state": "closed"}, {"key": "living_aid"}, {"q": "国"}, {"q": "a\x00b"},
])
def test_nothing_fits(office: Office, log_in: LogIn, query: dict[str, str]) -> None:
    walk.dossier_case(office)
    page = log_in("reviewer").get(CASES, query)
    assert page.status_code == 200
    assert "没有找到案件" in text_of(page)


@pytest.mark.promise("R2")
def test_scope(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    assert found(log_in("far_reviewer").get(CASES, {"q": case.number}).content.decode()) == []
    assert found(log_in("chair").get(CASES).content.decode()) == [case.number]


def test_own_matters_are_not_office_matters(office: Office, log_in: LogIn) -> None:
    walk.dossier_case(office)
    office.hire("worker", "reviewer", "other_county")
    assert found(log_in("worker").get(CASES).content.decode()) == []


@pytest.mark.parametrize("who", ["admin", "worker"])
def test_wrong_role_is_told_who_may(office: Office, log_in: LogIn, who: str) -> None:
    walk.member(office)
    page = log_in(who).get(CASES)
    assert page.status_code == 403
    assert "没有打开此页面的权限" in text_of(page)


def test_pages(office: Office, log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE", 2)
    made = [walk.dossier_case(office, f"w{n}").number for n in range(5)]
    client, seen, address = log_in("reviewer"), list[str](), CASES
    for _page in range(3):
        html = client.get(address).content.decode()
        seen += found(html)
        following = re.search(r'rel="next" href="([^"]+)"', html)
        address = CASES + following[1].replace("&amp;", "&") if following else address
    assert seen == made[::-1]


@pytest.mark.promise("A2")
def test_by_id_number(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    number = persons.plain_for_system(case.applicant, "id_no")
    page = log_in("reviewer").post(CASES, {"id_no": number, "reason": "窗口群众查询进度"})
    assert found(page.content.decode()) == [case.number]
    assert number not in page.content.decode()
    event = Event.objects.get(subject_kind="access", action="search_by_id")
    assert event.subject_id == str(case.applicant.public_id)
    assert event.data["reason"] == "窗口群众查询进度"
    assert number not in str(event.data)


@pytest.mark.promise("A2")
def test_by_id_number_of_a_member(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    number = persons.plain_for_system(case.parties.get().person, "id_no")
    page = log_in("reviewer").post(CASES, {"id_no": number, "reason": "核对家庭成员"})
    assert found(page.content.decode()) == [case.number]


@pytest.mark.promise("A2")
@pytest.mark.parametrize("reason", ["", "看看", "本人电话 13912345678"])
def test_by_id_number_needs_a_reason(office: Office, log_in: LogIn, reason: str) -> None:
    case = walk.dossier_case(office)
    number = persons.plain_for_system(case.applicant, "id_no")
    page = log_in("reviewer").post(CASES, {"id_no": number, "reason": reason})
    assert page.status_code == 422
    assert case.number not in page.content.decode()
    assert not Event.objects.filter(action="search_by_id").exists()


def test_wrong_id_number_keeps_the_reason(office: Office, log_in: LogIn) -> None:
    page = log_in("reviewer").post(CASES, {"id_no": "611002198001010000", "reason": "窗口群众查询进度"})
    assert page.status_code == 422
    assert 'value="窗口群众查询进度"' in page.content.decode()


@pytest.mark.promise("A2")
def test_a_search_that_finds_nothing_is_noted_too(office: Office, log_in: LogIn) -> None:
    walk.dossier_case(office)
    page = log_in("far_reviewer").post(CASES, {"id_no": id_number(999), "reason": "窗口群众查询进度"})
    assert "没有找到案件" in text_of(page)
    assert Event.objects.get(action="search_by_id").subject_id == "search"
