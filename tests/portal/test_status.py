"""Asking for progress without a login: what fits is told, everything else gets one neutral answer."""
import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.people import persons
from tests import walk
from tests.office import Office
from tests.portal.typed import bare, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(office: Office) -> Case:
    return walk.dossier_case(office)


def ask(number: str, ending: str) -> HttpResponse:
    return Client().post(reverse("case_status"), {"number": number, "ending": ending})


def ending_of(case: Case) -> str:
    return persons.plain_for_system(case.applicant, "id_no")[-6:]


def test_number_and_ending_tell_the_progress(case: Case) -> None:
    told = text_of(ask(case.number, ending_of(case).lower()))
    for words in ("困难职工建档", "基层工会受理", "秦岭纺织厂工会"):
        assert words in told, words
    assert "李建国" not in told, "no name without a login"


@pytest.mark.promise("W2")
def test_unknown_and_wrong_are_told_in_the_same_bytes(case: Case) -> None:
    wrong, unknown = ask(case.number, "000000"), ask("HD000000-2026-999999", "000000")
    assert wrong.status_code == unknown.status_code == 200
    typed_back = bare(wrong).replace(case.number, "HD000000-2026-999999")
    assert typed_back == bare(unknown), "nothing differs but the number that was typed"
    assert f'value="{case.number}"' in wrong.content.decode(), "only the ending is typed again"
    assert "没有查到相符的案件" in text_of(wrong)


@pytest.mark.promise("W1")
def test_guessing_is_slowed_down(case: Case) -> None:
    answers = [ask(case.number, f"{n:06d}").status_code for n in range(8)]
    assert answers[:5] == [200] * 5
    assert answers[-1] == 429
    assert ask(case.number, ending_of(case)).status_code == 429


def test_odd_input_is_just_not_found(case: Case) -> None:
    for number, ending in (("", ""), ("\x00", "\x00"), ("9" * 5000, "😀" * 50), (case.number, "")):
        assert "没有查到" in text_of(ask(number, ending))


def test_a_notice_that_hangs_is_told_without_a_login(office: Office) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "unit_notice")
    office.do(case, "unit_notice.post", "chair", **walk.POST)
    notice = case.notices.get()
    page = ask(case.number, ending_of(case))
    assert reverse("notice", args=[notice.public_id]) in page.content.decode()
    office.now = notice.ends_at
    office.tick()
    assert reverse("notice", args=[notice.public_id]) not in ask(case.number, ending_of(case)).content.decode()
