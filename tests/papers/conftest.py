"""An office with a case, and a short way to order a paper."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from casework.audit import record
from casework.audit.models import Event
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.papers import order
from casework.papers.models import Paper
from tests.papers.samples import data_of

STAMP = {
    "user": None, "person": "", "name": "test", "role": "", "organisation": "", "via": "online", "system": "test",
    "address": "",
}  # fmt: skip
Ordering = Callable[..., Paper]


@pytest.fixture
def county(db: None) -> Organisation:
    """A county with its sign for numbers."""
    return tree.make("商州区总工会", Level.COUNTY, None, region="611002", short_name="商州工", phone="0914-2388888")


def event_of(subject: str, now: dt.datetime) -> Event:
    """Something that happened."""
    return record.record("setting", subject, "test", STAMP, {}, now)


@pytest.fixture
def ordering(county: Organisation, moment: dt.datetime) -> Ordering:
    """order(kind) in a transaction of its own, for a fresh event each time."""
    turns = iter(range(1000))

    def run(kind: str = "acceptance_notice", **changes: Any) -> Paper:
        with transaction.atomic():
            event = event_of(f"paper-{next(turns)}", moment)
            return order.order(kind, None, event, data_of(kind) | changes, moment, organisation=county)

    return run
