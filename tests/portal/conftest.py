"""A federation with people who apply, and a browser for each of them."""
import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from casework.core import clock
from tests import walk
from tests.office import Office

LogIn = Callable[[str], Client]


@pytest.fixture
def office(db: None, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The federation with two workers; the pages read its clock."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    walk.member(made, "worker")
    walk.member(made, "neighbour")
    return made


@pytest.fixture
def log_in(office: Office) -> LogIn:
    """A client of one person of the federation."""

    def go(who: str) -> Client:
        client = Client()
        client.force_login(office.users[who])
        return client

    return go
