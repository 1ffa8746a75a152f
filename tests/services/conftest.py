"""The federation the stories of the services happen in; at the end of each every record agrees with every other."""

import datetime as dt
from collections.abc import Iterator

import pytest

from casework.oversight.invariants import invariants
from tests.office import Office


@pytest.fixture
def office(moment: dt.datetime) -> Iterator[Office]:
    """A fresh federation on an ordinary Monday morning; it must be whole when the story is over."""
    office = Office(moment)
    yield office
    assert invariants(office.now) == []
