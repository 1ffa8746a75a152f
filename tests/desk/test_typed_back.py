"""Promise S3 at the desk: what an officer typed in a decision is back on the case page after his login had ended and he
has logged in again; nothing is carried out by itself, and nobody else sees it."""
import html
import re

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.cases.models import Case
from casework.workflows.models import Decision
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import case_url, hidden_of, press, text_of
from tests.desk.test_deciding import photo
from tests.office import Office

pytestmark = [pytest.mark.django_db, pytest.mark.promise("S3")]
WORDS = "名下两套住房 <12> & “另一套”"
BACK = "已恢复到本页"


@pytest.fixture
def at_review(office: Office) -> Case:
    """A dossier application on the reviewers' desk."""
    return walk.go(office, walk.dossier_case(office), walk.DOSSIER, "review")


def sent_too_late(client: Client, case: Case, action: str, **typed: object) -> HttpResponse:
    """The case page is open, the login ends, the decision is sent."""
    page = client.get(case_url(case))
    client.post(reverse("logout"))
    answer = press(client, case, action, page=page, **typed)
    assert answer.status_code == 401
    return answer


def test_the_same_move_is_open_and_filled_and_nothing_was_carried_out(
    office: Office, log_in: LogIn, at_review: Case
) -> None:
    client = log_in("reviewer")
    answer = sent_too_late(client, at_review, "review.deny", opinion=WORDS)
    assert "保留一小时" in text_of(answer)
    assert f'href="{reverse("login")}?next={case_url(at_review)}"' in answer.content.decode()
    client.force_login(office.users["reviewer"])
    for _time in range(2):  # a reload loses nothing
        page = client.get(case_url(at_review))
        assert BACK in text_of(page) and WORDS in text_of(page)
        assert 'id="move-review-deny" data-move open' in page.content.decode()
        assert page.content.decode().count(" data-move open") == 1
    assert office.steps(at_review) == ["review"]
    refused = press(client, at_review, "review.deny", page=page, opinion=WORDS)
    assert refused.status_code == 422 and BACK not in text_of(client.get(case_url(at_review)))


def test_choices_and_days_are_back_and_files_are_not(office: Office, log_in: LogIn) -> None:
    case = walk.go(office, walk.dossier_case(office), walk.DOSSIER, "visit")
    client = log_in("visitor_1")
    sheet = walk.SHEET | {"housing": WORDS, "agrees": "true"}
    sent_too_late(client, case, "visit.record", **sheet, photos=[photo(1)])
    client.force_login(office.users["visitor_1"])
    page = client.get(case_url(case))
    assert "photo1.jpg" not in page.content.decode()
    filled = in_form(page, "visit-record")
    assert {name: filled.get(name) for name in sheet} == sheet
    files = {"photos": [photo(2), photo(91)], "signature": [photo(120)]}
    done = press(client, case, "visit.record", page=page, **filled, **files)
    assert done.status_code == 302, text_of(done)


def in_form(page: HttpResponse, anchor: str) -> dict[str, str]:
    """What stands in the controls of a move as a browser would send it."""
    source = page.content.decode()
    form = source[source.index(f'id="move-{anchor}"'):].split("</form>")[0]
    texts = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S))
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf' {word}="([^"]*)"', tag) for word in ("name", "value"))
        ticks = 'type="radio"' in tag or 'type="checkbox"' in tag
        if name and value and 'type="hidden"' not in tag and (" checked" in tag or not ticks):
            texts[name[1]] = value[1]
    for name, inner in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]* selected', inner)
        texts |= {name: chosen[1]} if chosen else {}
    return {name: html.unescape(text) for name, text in texts.items()}


def test_another_person_on_the_same_device_sees_nothing_of_it_and_it_is_gone(
    office: Office, log_in: LogIn, at_review: Case
) -> None:
    client = log_in("reviewer")
    sent_too_late(client, at_review, "review.deny", opinion=WORDS)
    for who in ("reviewer_2", "reviewer"):
        client.force_login(office.users[who])
        page = client.get(case_url(at_review))
        assert WORDS not in text_of(page) and BACK not in text_of(page)


def test_it_is_for_its_own_case_only(office: Office, log_in: LogIn, at_review: Case) -> None:
    other = walk.go(office, walk.dossier_case(office, "two"), walk.DOSSIER, "review")
    client = log_in("reviewer")
    fields = hidden_of(client.get(case_url(at_review)), "review.pass")
    client.post(reverse("logout"))
    answer = client.post(reverse("desk_do", args=[other.public_id]), fields | {"opinion": WORDS})
    assert answer.status_code == 401 and "保留一小时" not in text_of(answer)
    assert settings.SESSION_COOKIE_NAME not in client.cookies or not client.session.keys()


def test_what_others_did_meanwhile_is_told_before_it_counts(office: Office, log_in: LogIn, at_review: Case) -> None:
    client = log_in("reviewer")
    sent_too_late(client, at_review, "review.pass", opinion=WORDS)
    office.do(at_review, "review.take", "reviewer")
    client.force_login(office.users["reviewer"])
    answer = press(client, at_review, "review.pass", opinion=WORDS)
    assert answer.status_code == 409 and WORDS in text_of(answer) and "在此期间" in text_of(answer)
    assert press(client, at_review, "review.pass", page=answer, opinion=WORDS).status_code == 302


def test_when_the_step_is_done_by_somebody_else_the_words_are_shown_still(
    office: Office, log_in: LogIn, at_review: Case
) -> None:
    client = log_in("reviewer")
    sent_too_late(client, at_review, "review.pass", opinion=WORDS)
    press(log_in("reviewer_2"), at_review, "review.pass", opinion="同意")
    client.force_login(office.users["reviewer"])
    page = text_of(client.get(case_url(at_review)))
    assert WORDS in page and "不再等待您办理" in page
    assert Decision.objects.filter(case=at_review, step="review").count() == 1
