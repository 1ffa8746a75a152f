"""Whoever logs in is led to a page that opens, and so is everything the header offers him."""
import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from casework.access.duties import actor_of
from casework.core import clock
from casework.site.navigation import main_page
from tests import walk
from tests.office import ENQUIRY_STAFF, STAFF, Office

pytestmark = pytest.mark.django_db
MORE = {"officer_of_data": ("data_protection_officer", "city"), "policy": ("policy_officer", "city"),
        "trainer": ("trainer", "county"), "employer": ("employer_rep", "county")}


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with one login of every role."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    for name, (role, place) in (ENQUIRY_STAFF | MORE).items():
        made.hire(name, role, place)
    walk.member(made)
    return made


@pytest.mark.parametrize("who", [*STAFF, *ENQUIRY_STAFF, *MORE, "worker"])
def test_the_first_page_and_every_entry_of_the_header_open(office: Office, who: str) -> None:
    client = Client()
    client.force_login(office.users[who])
    page = client.get(reverse(main_page(actor_of(office.users[who], office.now))))
    assert page.status_code == 200
    entries = html.fromstring(page.content).xpath("//header//nav//a/@href")
    assert entries
    for entry in entries:
        assert client.get(entry).status_code == 200, entry


def test_the_work_of_a_finance_officer_comes_first(office: Office) -> None:
    assert main_page(actor_of(office.users["finance"], office.now)) == "desk_funds"
    assert main_page(actor_of(office.users["supervisor"], office.now)) == "desk_cases"
