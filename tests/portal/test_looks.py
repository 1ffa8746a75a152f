"""The applicant sees who looked at his full values, what and why; nobody else sees it (promise A2)."""
import datetime as dt
import re
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from casework.audit import record
from casework.cases.models import Case
from casework.people import persons
from tests import walk
from tests.filled import dossier_answers
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A2")]
NOBODY = "还没有人查看过您的完整证件号、手机号或银行卡号"
TITLE = "谁查看过我的资料"


@pytest.fixture
def case(office: Office) -> Case:
    """A request for living aid on the reviewers' desk, with a card."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, "review")


def page_of(client: Client, case: Case, more: str = "") -> HttpResponse:
    return client.get(reverse("my_case", args=[case.public_id]) + more)


def section(answer: HttpResponse) -> str:
    found = re.search(r'<section class="sheet" id="looks".*?</section>', answer.content.decode(), re.S)
    return found.group() if found else ""


def reveal(client: Client, case: Case, field: str, text: str) -> None:
    typed = {"what": f"{field}:{case.applicant.public_id}", "reason": "identity", "reason_text": text}
    assert client.post(reverse("desk_reveal", args=[case.public_id]), typed).status_code == 200


def look(office: Office, subject: object, action: str, **data: str) -> None:
    with transaction.atomic():
        stamp = {"name": "职员乙", "role": "auditor", "organisation": str(office.orgs["county"].pk)}
        record.record("access", str(subject), action, stamp, data, office.now)


@pytest.mark.parametrize(("field", "words"), [("id_no", "身份证号"), ("phone", "手机号"), ("card_no", "银行卡号")])
def test_a_look_is_told_with_its_reason(office: Office, log_in: LogIn, case: Case, field: str, words: str) -> None:
    office.now = dt.datetime(2027, 3, 4, 1, 23, tzinfo=dt.UTC)
    reveal(log_in("reviewer"), case, field, "与原件逐字核对")
    answer = page_of(log_in("worker"), case)
    place = office.users["reviewer"].assignments.get().organisation.name
    for told in ("09:23", "职员reviewer", "审核", place, f"查看完整信息：{words}", "与原件逐字核对"):
        assert told in section(answer), told
    assert NOBODY not in section(answer)
    clear = [persons.plain_for_system(case.applicant, "id_no"), persons.plain_for_system(case.applicant, "phone")]
    assert not [n for n in (*clear, persons.plain_card(case.account)) if n in answer.content.decode()]


def test_nobody_looked_and_headings_stand_in_order(log_in: LogIn, case: Case) -> None:
    answer = page_of(log_in("worker"), case)
    assert NOBODY in section(answer) and TITLE in section(answer)
    levels = [int(level) for level in re.findall(r"<h([1-6])", answer.content.decode())]
    assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
    assert re.findall(r'id="looks(?:-title)?"', answer.content.decode()) == ['id="looks"', 'id="looks-title"']


def test_another_applicant_sees_nothing(office: Office, log_in: LogIn, case: Case) -> None:
    reveal(log_in("reviewer"), case, "id_no", "与原件逐字核对")
    assert page_of(log_in("neighbour"), case).status_code == 404
    own = office.apply("neighbour", "hardship_dossier", dossier_answers(office, "neighbour"))
    assert NOBODY in section(page_of(log_in("neighbour"), own))
    assert "与原件逐字核对" not in text_of(page_of(log_in("neighbour"), own))


def test_the_handler_who_filed_does_not_see_it(office: Office, log_in: LogIn) -> None:
    case = office.apply("handler", "hardship_dossier", dossier_answers(office, "worker", by="handler"))
    look(office, case.public_id, "export", reason="上级调阅案卷")
    assert section(page_of(log_in("handler"), case)) == ""
    assert "上级调阅案卷" not in text_of(page_of(log_in("handler"), case))
    assert "上级调阅案卷" in section(page_of(log_in("worker"), case))


def test_every_kind_of_look_has_words_in_both_languages(office: Office, log_in: LogIn, case: Case) -> None:
    look(office, case.public_id, "download", kind="id_card", reason="办理审核")
    look(office, case.public_id, "export", reason="上级调阅案卷")
    look(office, case.applicant.public_id, "search_by_id", reason="窗口来访查询")
    look(office, case.public_id, "refused_attempt", codes="RECUSED")
    look(office, case.public_id, "try_message_again")
    client = log_in("worker")
    told = section(page_of(client, case))
    order = [told.index(words) for words in ("已被系统拒绝", "按您的身份证号检索", "导出本案案卷", "打开文件：")]
    assert order == sorted(order), "newest first"
    assert told.count("<li") == 4, "a message sent again is no look"
    client.cookies["django_language"] = "en"
    told = section(page_of(client, case))
    for words in ("Who looked at my data", "Opened a file", "Searched by your ID number", "and was refused"):
        assert words in told, words


def test_many_looks_come_page_by_page_in_constant_queries(office: Office, log_in: LogIn, case: Case) -> None:
    client, counts = log_in("worker"), []
    for n in range(51):
        look(office, case.public_id, "export", reason=f"调阅第{n:02d}次")
        if n in (0, 50):
            page_of(client, case)
            with CaptureQueriesContext(connection) as queries:
                answer = page_of(client, case)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert section(answer).count("<li") == 50 and "第00次" not in section(answer)
    older = re.search(r'href="[^"]*(\?looks_before=\d+)#looks"', section(answer))
    assert older and re.findall(r"第\d\d次", section(page_of(client, case, older.group(1)))) == ["第00次"]
    assert section(page_of(client, case, "?looks_before=%F0%9F%98%80")).count("<li") == 50
