"""An office at its desks: a federation with cases on their way, and a browser for each person."""
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from casework.core import clock
from tests.office import Office

LogIn = Callable[[str], Client]


@pytest.fixture
def office(db: None, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def log_in(office: Office) -> LogIn:
    """A client of one person of the federation."""

    def go(who: str) -> Client:
        client = Client()
        client.force_login(office.users[who])
        return client

    return go
