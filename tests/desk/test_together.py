"""Deciding several cases at once over HTTP: each with its own checks, its own decision, its own answer."""
import html
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from casework.audit.models import Event
from casework.cases.models import Case
from casework.workflows.models import Decision
from tests import walk
from tests.desk.conftest import LogIn
from tests.desk.pages import text_of
from tests.office import Office

pytestmark = pytest.mark.django_db
PAGE, DO = reverse("desk_together"), reverse("desk_together_do")


@pytest.fixture
def cases(office: Office) -> list[Case]:
    """Three dossier applications on the desk of the town."""
    names = ("one", "two", "three")
    return [walk.go(office, walk.dossier_case(office, who), walk.DOSSIER, "town_check") for who in names]


def page_of(client: Client, case: Case, step: str = "town_check") -> HttpResponse:
    """The list to tick."""
    return client.get(PAGE, {"version": case.programme_id, "step": step, "all": "1"})


def send(client: Client, page: HttpResponse, cases: list[Case], **typed: Any) -> HttpResponse:
    """Tick these cases and press the button."""
    text = page.content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
    action = html.unescape(re.findall(r'name="action" value="([^"]+)"', text)[0])
    ids = [str(case.public_id) for case in cases]
    return client.post(DO, {**hidden, "action": action, "case": ids, **typed})


def test_several_are_passed_and_each_keeps_its_own_decision(
    office: Office, log_in: LogIn, cases: list[Case]
) -> None:
    client = log_in("organiser")
    assert "批量办理" in text_of(client.get(reverse("desk_queue")))
    assert f"version={cases[0].programme_id}" in client.get(PAGE).content.decode()
    page = page_of(client, cases[0])
    assert page.content.decode().count('type="checkbox"') == 3
    answer = send(client, page, cases[:2], opinion="材料属实")
    assert answer.status_code == 200
    assert "已办理：2 件。未办理：0 件。" in text_of(answer)
    assert [office.steps(case)[0] == "town_check" for case in cases] == [False, False, True]
    rows = Decision.objects.filter(step="town_check").order_by("case")
    assert [(row.case_id, row.opinion) for row in rows] == [(case.pk, "材料属实") for case in cases[:2]]
    events = Event.objects.filter(action="town_check.pass")
    assert {event.subject_id for event in events} == {str(case.public_id) for case in cases[:2]}


def test_one_that_moved_on_is_told_and_stops_no_other(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("organiser")
    page = page_of(client, cases[0])
    office.do(cases[1], "town_check.return", "organiser", to="visit", opinion="再核实一次")
    answer = send(client, page, cases, opinion="同意上报")
    assert answer.status_code == 200
    told = text_of(answer)
    assert "已办理：2 件。未办理：1 件。" in told
    assert "您打开页面后，此件已有新的进展。" in told
    assert "同意上报" in told, "what was typed is not lost"
    assert office.steps(cases[1]) == ["visit"]


@pytest.mark.promise("S2")
def test_the_same_click_again_is_one_decision(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("organiser")
    page = page_of(client, cases[0])
    first, again = send(client, page, cases), send(client, page, cases)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "已办理：3 件。" in text_of(again)
    assert Decision.objects.filter(step="town_check").count() == 3


@pytest.mark.promise("R1")
def test_who_may_not_decide_is_refused_and_nothing_changes(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    page = page_of(log_in("organiser"), cases[0])
    assert send(log_in("reviewer"), page, cases).status_code == 403
    office.hire("far", "organiser", "other_county")
    assert send(log_in("far"), page, cases).status_code == 404
    office.user("nobody", office.person("路人甲"))
    assert send(log_in("nobody"), page, cases).status_code == 403
    assert all(office.steps(case) == ["town_check"] for case in cases)


@pytest.mark.promise("R5")
def test_a_relative_of_one_decides_the_others_only(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[0].pk).update(applicant=office.users["organiser"].person)
    client = log_in("organiser")
    answer = send(client, page_of(client, cases[0]), cases)
    assert "已办理：2 件。未办理：1 件。" in text_of(answer)
    assert office.steps(cases[0]) == ["town_check"]


def test_what_is_decided_case_by_case_is_not_offered(office: Office, log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("organiser")
    page = page_of(client, cases[0])
    answer = send(client, page, cases, action="town_check.return")
    assert answer.status_code == 422
    assert page_of(client, cases[0], "visit").status_code == 404
    assert client.get(PAGE, {"version": "x", "step": "visit"}).status_code == 404
    assert all(office.steps(case) == ["town_check"] for case in cases)


def test_without_a_tick_nothing_is_sent(log_in: LogIn, cases: list[Case]) -> None:
    client = log_in("organiser")
    answer = send(client, page_of(client, cases[0]), [])
    assert answer.status_code == 422
    assert "没有勾选" in text_of(answer)
    assert client.post(DO, {"case": "nonsense"}).status_code == 404
