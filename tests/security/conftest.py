"""One federation for all tests of a module that only look at it: what a test changes is rolled back after it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from casework.core import clock
from tests.conftest import SHANGHAI
from tests.office import Office
from tests.security.house import House, build

MORNING = dt.datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI).astimezone(dt.UTC)


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: Any) -> Iterator[House]:
    """The federation with its cases; the pages read its clock."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        frame = transaction.atomic()
        frame.__enter__()
        try:
            office = Office(MORNING)
            patch.setattr(clock, "now", lambda: office.now)
            yield build(office)
        finally:
            transaction.set_rollback(True)
            frame.__exit__(None, None, None)
