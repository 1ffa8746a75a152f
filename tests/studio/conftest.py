"""The federation with two policy officers of the city."""
import datetime as dt

import pytest
from django.test import Client

from tests.office import Office


class Desk:
    """A browser of one login."""

    def __init__(self, office: Office, who: str) -> None:
        self.client = Client()
        self.client.force_login(office.users[who])

    def get(self, url: str, status: int = 200) -> str:
        """The page."""
        answer = self.client.get(url)
        assert answer.status_code == status, (url, answer.status_code)
        return answer.content.decode()

    def post(self, url: str, status: int = 302, **typed: str | list[str]) -> str:
        """What a form sends; the address it leads to, or the page that refuses."""
        answer = self.client.post(url, {name.replace("__", "."): value for name, value in typed.items()})
        assert answer.status_code == status, (url, answer.status_code, answer.content.decode()[:2000])
        return answer["Location"] if status == 302 else answer.content.decode()


@pytest.fixture
def office(moment: dt.datetime, settings: object) -> Office:
    office = Office(moment)
    for name in ("policy", "policy_2"):
        if name not in office.users:
            office.hire(name, "policy_officer", "city")
    return office


@pytest.fixture
def policy(office: Office) -> Desk:
    return Desk(office, "policy")


@pytest.fixture
def second(office: Office) -> Desk:
    return Desk(office, "policy_2")
