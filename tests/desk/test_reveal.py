"""Full values: only with a reason, noted before shown, never for relatives or strangers (promise A2)."""
import pytest
from django.test import Client
from django.urls import reverse

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit.models import Event
from casework.cases.models import Case
from casework.people import kin, persons
from casework.people.models import Relation
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A2")]


@pytest.fixture
def case(office: Office) -> Case:
    """A request for living aid on the reviewers' desk, with a card."""
    walk.dossier(office)
    return walk.go(office, walk.living_case(office), walk.LIVING, "review")


def ask(client: Client, case: Case, what: str, **typed: str) -> object:
    """Send the form."""
    return client.post(reverse("desk_reveal", args=[case.public_id]), {"what": what, **typed})


def looks() -> int:
    """Events of looking at full values."""
    return Event.objects.filter(subject_kind="access", action="reveal").count()


@pytest.mark.parametrize("field", ["id_no", "phone", "card_no"])
def test_with_a_reason(office: Office, log_in: LogIn, case: Case, field: str) -> None:
    clear = persons.plain_card(case.account) if field == "card_no" else persons.plain_for_system(case.applicant, field)
    what = f"{field}:{case.applicant.public_id}"
    answer = ask(log_in("reviewer"), case, what, reason="identity", reason_text="与原件一致")
    assert answer.status_code == 200
    assert clear in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    event = Event.objects.filter(subject_kind="access", action="reveal").latest("pk")
    assert event.subject_id == str(case.applicant.public_id)
    assert event.data["field"] == field
    assert "与原件一致" in event.data["reason"]
    assert event.actor["role"] == "reviewer"
    assert event.actor["user"] == office.users["reviewer"].pk


@pytest.mark.parametrize("typed", [
    {}, {"reason": ""}, {"reason": "because"}, {"reason": "other"}, {"reason": "other", "reason_text": "嗯"},
    {"reason_text": "只写了说明没有选择"}, {"reason": "contact", "reason_text": "打 13912345678 没人接"},
])
def test_without_a_reason(office: Office, log_in: LogIn, case: Case, typed: dict[str, str]) -> None:
    clear = persons.plain_for_system(case.applicant, "id_no")
    answer = ask(log_in("reviewer"), case, f"id_no:{case.applicant.public_id}", **typed)
    assert answer.status_code == 422
    assert clear not in answer.content.decode()
    assert typed.get("reason_text", "") in answer.content.decode()
    assert looks() == 0


def test_own_words_are_the_reason(office: Office, log_in: LogIn, case: Case) -> None:
    ask(log_in("reviewer"), case, f"phone:{case.applicant.public_id}", reason="other", reason_text="上门前电话预约")
    assert Event.objects.get(subject_kind="access", action="reveal").data["reason"] == "上门前电话预约"


@pytest.mark.promise("I1")
def test_signs_no_log_can_hold(office: Office, log_in: LogIn, case: Case) -> None:
    what = f"phone:{case.applicant.public_id}"
    answer = ask(log_in("reviewer"), case, what, reason="other", reason_text="上门\x00前\u202e预约")
    assert answer.status_code == 200
    assert Event.objects.get(subject_kind="access", action="reveal").data["reason"] == "上门前预约"


def test_a_person_of_another_case(office: Office, log_in: LogIn, case: Case) -> None:
    stranger = office.person("赵无关")
    answer = ask(log_in("reviewer"), case, f"id_no:{stranger.public_id}", reason="identity")
    assert answer.status_code == 404
    assert looks() == 0


def test_a_case_of_another_county(office: Office, log_in: LogIn, case: Case) -> None:
    answer = ask(log_in("far_reviewer"), case, f"id_no:{case.applicant.public_id}", reason="identity")
    assert answer.status_code == 404
    assert looks() == 0


@pytest.mark.promise("R5")
def test_a_relative(office: Office, log_in: LogIn, case: Case) -> None:
    id_no = persons.plain_for_system(case.applicant, "id_no")
    kin.declare(office.users["reviewer"].person, id_no, Relation.SIBLING, stamp_of(SYSTEM, None, "command"), office.now)
    answer = ask(log_in("reviewer"), case, f"phone:{case.applicant.public_id}", reason="contact")
    assert answer.status_code == 403
    assert "13900001234" not in answer.content.decode()
    assert looks() == 0


def test_get_shows_nothing(office: Office, log_in: LogIn, case: Case) -> None:
    assert log_in("reviewer").get(reverse("desk_reveal", args=[case.public_id])).status_code == 405


def test_member_of_the_household(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    member = case.parties.get().person
    answer = ask(log_in("handler"), case, f"id_no:{member.public_id}", reason="identity")
    assert persons.plain_for_system(member, "id_no") in answer.content.decode()


def test_hidden_answers(office: Office, log_in: LogIn) -> None:
    case = walk.dossier_case(office)
    client, what = log_in("handler"), f"answers:{case.applicant.public_id}"
    page = client.get(reverse("desk_case", args=[case.public_id]))
    assert "城关街道东背街 12 号" not in page.content.decode()
    assert ask(client, case, what).status_code == 422
    assert looks() == 0
    told = text_of(ask(client, case, what, reason="other", reason_text="上门核实住址"))
    for words in ("商州区城关街道东背街 12 号", "慢性病", "收入低"):
        assert words in told, words
    event = Event.objects.get(subject_kind="access", action="reveal")
    assert event.subject_id == str(case.applicant.public_id)
    assert event.data == {"field": "answers", "reason": "上门核实住址", "case": case.number}


def test_nothing_hidden_is_not_offered(office: Office, log_in: LogIn, case: Case) -> None:
    answer = ask(log_in("reviewer"), case, f"answers:{case.applicant.public_id}", reason="identity")
    assert answer.status_code == 404


def test_fragment_for_the_open_page(office: Office, log_in: LogIn, case: Case) -> None:
    url = reverse("desk_reveal", args=[case.public_id])
    answer = log_in("reviewer").post(url, {"what": f"phone:{case.applicant.public_id}"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200  # htmx throws other answers away
    assert "<html" not in answer.content.decode()
    assert "请选择" in text_of(answer)
    assert looks() == 0
