"""When and where a service is applied for: its page, the catalogue and the first button say it, not the refusal at the
end (domain §2 channels, §4.10 OUT_OF_WINDOW)."""
import json

import pytest
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.core.problems import Refused
from casework.forms.models import Draft
from tests import walk
from tests.engine.versions import Next
from tests.filled import living_answers, temporary_answers
from tests.office import Office
from tests.portal.conftest import LogIn
from tests.portal.typed import begin, send_page, text_of, values_in

pytestmark = pytest.mark.django_db
DAYS = "每年7月1日至8月31日受理申请"


def page_of(client: Client, key: str) -> str:
    return client.get(reverse("programme", args=[key])).content.decode()


@pytest.mark.parametrize(("day", "taken"), [("2026-06-30", False), ("2026-07-01", True), ("2026-08-31", True),
                                            ("2026-09-01", False)])
def test_a_service_is_begun_only_while_it_takes_applications(
    office: Office, log_in: LogIn, day: str, taken: bool
) -> None:
    office.at(day)
    for client, start in ((Client(), "login"), (log_in("worker"), "apply_start"), (log_in("handler"), "apply_member")):
        page = page_of(client, "tuition_aid")
        assert DAYS in page
        address = reverse(start) if start == "login" else reverse(start, args=["tuition_aid"])
        button = f'href="{address}?next' if start == "login" else f'"{address}"'
        assert (button in page.partition("<main")[2]) is taken, start
    assert DAYS in client.get(reverse("catalogue")).content.decode()
    client = log_in("worker")
    answer = client.post(reverse("apply_start", args=["tuition_aid"]), {"fresh": "1"}, follow=True)
    assert Draft.objects.exists() is taken
    assert ("当前不在受理时间内" in text_of(answer)) is not taken
    member = log_in("handler").get(reverse("apply_member", args=["tuition_aid"]))
    assert member.status_code == (200 if taken else 302)


def test_a_draft_begun_in_time_stays_readable(office: Office, log_in: LogIn) -> None:
    client = log_in("worker")
    office.at("2026-08-30")
    draft = begin(client, "tuition_aid")
    send_page(client, draft, "student", {"school": "陕西师范大学"})
    inside = text_of(client.get(reverse("apply_resume", args=[draft.public_id]), follow=True))
    assert DAYS not in inside
    office.at("2026-09-02")
    for name in ("apply_resume", "apply_check"):
        answer = client.get(reverse(name, args=[draft.public_id]), follow=True)
        assert answer.status_code == 200
        assert DAYS in text_of(answer) and "草稿已保留" in text_of(answer)
    answer = client.get(reverse("apply_resume", args=[draft.public_id]), follow=True)
    assert "陕西师范大学" in values_in(answer)
    client.post(reverse("apply_start", args=["tuition_aid"]))
    assert Draft.objects.count() == 1, "the button leads back to it, and to no new one"


@pytest.fixture
def at_the_window(office: Office) -> Office:
    """Temporary aid is applied for at the window only."""
    new = Next(json.loads(office.version("temporary_aid").content["text"]))
    new.content["programme"] |= {"channels": ["window"], "start": ["window_clerk@county"]}
    office.versions["temporary_aid"] = new.publish(office)
    return office


def test_what_is_not_open_online_is_not_begun_online(at_the_window: Office, log_in: LogIn) -> None:
    client = log_in("worker")
    page = page_of(client, "temporary_aid")
    assert "帮扶中心窗口办理" in page and "网上办理 ·" not in page
    assert reverse("apply_start", args=["temporary_aid"]) not in page
    client.post(reverse("apply_start", args=["temporary_aid"]), {"fresh": "1"})
    assert not Draft.objects.exists()


def test_the_true_channels_are_told(office: Office, log_in: LogIn) -> None:
    page = page_of(Client(), "living_aid")
    assert "网上办理 · 帮扶中心窗口办理 · 所在工会帮办" in page


def test_nothing_is_handed_in_online_past_the_pages(office: Office) -> None:
    """A service that people may file, but not online: the way through the pages is shut at the door, too."""
    new = Next(json.loads(office.version("living_aid").content["text"]))
    new.content["programme"] |= {"channels": ["window"], "start": ["applicant", "window_clerk@county"]}
    office.versions["living_aid"] = new.publish(office)
    walk.dossier(office)
    with pytest.raises(Refused) as refusal:
        office.apply("worker", "living_aid", living_answers(office))
    assert [problem.code for problem in refusal.value.problems] == ["NOT_ONLINE"]
    assert not Case.objects.filter(key="living_aid").exists()


def test_the_clerk_files_it_at_the_window(at_the_window: Office) -> None:
    office = at_the_window
    answers = temporary_answers(office) | {"event_proof": [office.upload("clerk", "event_proof")]}
    case = office.apply("clerk", "temporary_aid", answers)
    assert (case.via, case.applicant.name) == ("window", "李建国")
