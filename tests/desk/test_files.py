"""Uploaded papers: pictures for whoever handles the case, the file itself noted, a reason from everybody else."""
import re
import uuid
from pathlib import Path

import pytest
from django.urls import reverse

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents import store
from casework.documents.models import Document
from casework.people import kin, persons
from casework.people.models import Relation
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    """A dossier application on the reviewers' desk."""
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")


def address(case: Case, document: Document, name: str = "desk_file") -> str:
    """Of the file or its picture."""
    return reverse(name, args=[case.public_id, document.public_id])


def looks(case: Case) -> list[Event]:
    """Events of opening its papers."""
    return list(Event.objects.filter(subject_kind="access", subject_id=str(case.public_id), action="download"))


@pytest.mark.promise("I2")
def test_whoever_handles_it_opens_it_and_is_noted(office: Office, log_in: LogIn, case: Case) -> None:
    document = office.documents(case)[0]
    answer = log_in("reviewer").get(address(case, document))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == store.open_file(document).read()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    event, = looks(case)
    assert event.data["document"] == str(document.public_id)
    assert event.data["sha256"] == document.sha256
    assert event.data["reason"] == "办理环节：县（区）总工会审核"
    assert event.actor["role"] == "reviewer"


def test_download(office: Office, log_in: LogIn, case: Case) -> None:
    answer = log_in("reviewer").get(address(case, office.documents(case)[0]) + "?download=1")
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.promise("A2")
def test_others_give_a_reason(office: Office, log_in: LogIn, case: Case) -> None:
    document, client = office.documents(case)[0], log_in("officer")
    asked = client.get(address(case, document))
    assert asked.status_code == 200
    assert "请说明打开这份材料的理由" in text_of(asked)
    refused = client.post(address(case, document), {"reason": "other", "reason_text": "短"})
    assert refused.status_code == 422
    told = r'id="f-reveal-reason_text"[^>]*value="短"[^>]*f-reveal-reason_text-wrong"[^>]*aria-invalid="true"'
    assert re.search(told, refused.content.decode())
    unchosen = client.post(address(case, document), {"reason": "", "reason_text": "群众来电"}).content.decode()
    assert re.search(r'id="f-reveal-reason"[^>]*aria-invalid="true"', unchosen) and 'value="群众来电"' in unchosen
    assert looks(case) == []
    opened = client.post(address(case, document), {"reason": "complaint", "reason_text": "群众来电反映"})
    assert opened.status_code == 200
    assert opened["Content-Type"] == "image/jpeg"
    assert "群众来电反映" in looks(case)[0].data["reason"]


def test_picture_only_on_the_desk_where_it_lies(office: Office, log_in: LogIn, case: Case) -> None:
    document = office.documents(case)[0]
    picture = log_in("reviewer").get(address(case, document, "desk_preview"))
    assert picture.status_code == 200
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert log_in("officer").get(address(case, document, "desk_preview")).status_code == 404


@pytest.mark.promise("A2")
def test_a_large_picture_is_told_once_an_officer_paper_and_task(office: Office, log_in: LogIn, case: Case) -> None:
    one, two = office.documents(case)[:2]
    pictures = Event.objects.filter(subject_kind="access", subject_id=str(case.public_id), action="preview")
    client = log_in("reviewer")
    client.get(address(case, one, "desk_preview") + "?small")
    assert not pictures.exists(), "nothing can be read on a little one"
    for more in ("", "?page=1", ""):
        assert client.get(address(case, one, "desk_preview") + more).status_code == 200
    event = pictures.get()
    assert (event.data["document"], event.data["reason"]) == (str(one.public_id), "办理环节：县（区）总工会审核")
    assert client.get(address(case, one, "desk_preview") + "?page=77").status_code == 404
    assert client.get(address(case, two, "desk_preview")).status_code == 200
    assert pictures.count() == 2
    page = log_in("worker").get(reverse("my_case", args=[case.public_id])).content.decode()
    assert page.count("查看材料图片") == 2


@pytest.mark.promise("R2")
@pytest.mark.parametrize("name", ["desk_file", "desk_preview"])
def test_foreign_and_absent(office: Office, log_in: LogIn, case: Case, name: str) -> None:
    document = office.documents(case)[0]
    other = walk.go(office, walk.dossier_case(office, "two"), walk.DOSSIER, "review")
    assert log_in("far_reviewer").get(address(case, document, name)).status_code == 404
    assert log_in("reviewer").get(address(other, document, name)).status_code == 404
    assert log_in("reviewer").get(reverse(name, args=[case.public_id, uuid.uuid4()])).status_code == 404
    assert looks(case) == []


@pytest.mark.promise("R5")
@pytest.mark.parametrize("name", ["desk_file", "desk_preview"])
def test_relative(office: Office, log_in: LogIn, case: Case, name: str) -> None:
    id_no = persons.plain_for_system(case.applicant, "id_no")
    kin.declare(office.users["reviewer"].person, id_no, Relation.SIBLING, stamp_of(SYSTEM, None, "command"), office.now)
    assert log_in("reviewer").get(address(case, office.documents(case)[0], name)).status_code == 403
    assert looks(case) == []


def test_a_missing_file_is_told(office: Office, log_in: LogIn, case: Case) -> None:
    document = office.documents(case)[0]
    Path(store.path_of(document.sha256)).unlink()
    answer = log_in("reviewer").get(address(case, document))
    assert answer.status_code == 404
    assert "存储中的文件缺失" in text_of(answer)
    assert looks(case) == []


def test_letters_in_scope(office: Office, log_in: LogIn, case: Case) -> None:
    paper = case.papers.order_by("id").first()
    made = store.keep(b"%PDF-1.7 letter", "letter", "letter.pdf", "application/pdf", office.now, case=case)
    waiting = log_in("reviewer").get(reverse("desk_paper", args=[paper.public_id]), follow=True)
    assert "正在生成" in text_of(waiting)
    type(paper).objects.filter(pk=paper.pk).update(document=made, state="made")
    opened = log_in("reviewer").get(reverse("desk_paper", args=[paper.public_id]))
    assert b"".join(opened.streaming_content) == b"%PDF-1.7 letter"
    assert log_in("far_reviewer").get(reverse("desk_paper", args=[paper.public_id])).status_code == 404
    assert log_in("reviewer").get(reverse("desk_paper", args=[uuid.uuid4()])).status_code == 404
