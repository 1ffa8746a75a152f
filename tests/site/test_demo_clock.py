"""The clock of a demonstration: one click passes the days of a notice, and only where a demonstration may be."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import settings as real
from django.test import Client

from casework.core import clock
from casework.core.calendar import add_working_days, local_date
from casework.site.demo_clock import set_ahead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world_time() -> Iterator[None]:
    yield
    real.CLOCK_AHEAD_FILE.unlink(missing_ok=True)


def test_six_working_days_pass_with_one_click() -> None:
    before = local_date(clock.now())
    Client().post("/demo/clock/", {"days": "6"})
    assert local_date(clock.now()) == add_working_days(before, 6)
    Client().post("/demo/clock/", {"days": "1"})
    assert local_date(clock.now()) == add_working_days(before, 7)


def test_the_page_goes_back_only_to_this_site() -> None:
    answer = Client().post("/demo/clock/", {"days": "1", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("days", ["0", "-1", "9999", "", "x"])
def test_odd_numbers_of_days_change_nothing(days: str) -> None:
    assert Client().post("/demo/clock/", {"days": days}).status_code == 404
    assert clock.ahead() == dt.timedelta(0)


def test_outside_the_embedded_setting_there_is_no_such_page(settings: object) -> None:
    settings.EMBEDDED = False  # type: ignore[attr-defined]
    assert Client().post("/demo/clock/", {"days": "1"}).status_code == 404


def test_without_the_file_the_worlds_clock_counts(settings: object) -> None:
    set_ahead(3600)
    settings.CLOCK_AHEAD_FILE = None  # type: ignore[attr-defined]
    assert clock.ahead() == dt.timedelta(0)
