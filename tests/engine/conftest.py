"""The federation the engine is tried in."""

import datetime as dt

import pytest

from tests.office import Office


@pytest.fixture
def office(moment: dt.datetime) -> Office:
    """A fresh federation on an ordinary Monday morning."""
    return Office(moment)
