"""A finance desk to attack, and what is left of money afterwards."""
import datetime as dt

import pytest

from tests.funds.desk import Money


@pytest.fixture
def desk(transactional_db: None, moment: dt.datetime) -> Money:
    """A finance desk whose work is really committed."""
    return Money(moment)


@pytest.fixture
def money(db: None, moment: dt.datetime) -> Money:
    """A finance desk inside the transaction of the test."""
    return Money(moment)
