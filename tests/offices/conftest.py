"""The federation of the tests with the administrator of its city, whose pages read the office's clock."""

import datetime as dt

import pytest

from casework.core import clock
from tests.office import Office
from tests.offices.desk import Desk


@pytest.fixture
def office(moment: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A tree, one person for each role."""
    made = Office(moment)
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def admin(office: Office) -> Desk:
    """The administrator of the city at his desk."""
    return Desk(office, "admin")
