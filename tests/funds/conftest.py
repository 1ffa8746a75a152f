"""The finance desk as a fixture."""

import datetime as dt

import pytest

from tests.funds.desk import Money


@pytest.fixture
def money(db: None, moment: dt.datetime) -> Money:
    """A fresh finance desk."""
    return Money(moment)
