"""Limits in working days: the vectors of the domain reference, and a model that counts day by day (promise T1).

The model knows the State Council's lists by itself, written out below from the notices, and finds a due day in a row of
working days instead of stepping towards it. To see it fail: take a make-up day out of calendar_data, count the day of
the start, or use the UTC date of the start.
"""
import bisect
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core import calendar
from casework.core.calendar import (
    add_calendar_days,
    add_working_days,
    due_moment,
    is_published,
    is_working,
    local_date,
    working_days_between,
)
from casework.workflows import clocks
from casework.workflows.models import Task
from tests.conftest import SHANGHAI

DATES = {"S": 10_000, "L": 200_000}
# Year: (days off, make-up days at weekends), month-day, as the notices say. The last days of 2018 belong to the list
# of 2019.
NOTICES = {
    2018: (
        "01-01 02-15..02-21 04-05..04-07 04-29..05-01 06-18 09-24 10-01..10-07 12-30..12-31",
        "02-11 02-24 04-08 04-28 09-29 09-30 12-29",
    ),
    2019: (
        "01-01 02-04..02-10 04-05..04-07 05-01..05-04 06-07..06-09 09-13..09-15 10-01..10-07",
        "02-02 02-03 04-28 05-05 09-29 10-12",
    ),
    2025: (
        "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}
# Two stretches without a gap. After 2026 nothing is published: Monday to Friday.
STRETCHES = ((2018, 2019), (2025, 2029))
LONGEST = 90

days_known = st.one_of(
    st.dates(dt.date(2018, 1, 1), dt.date(2019, 6, 30)), st.dates(dt.date(2025, 1, 1), dt.date(2029, 6, 30))
)
limits = st.integers(0, LONGEST)


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for number in range((last - first).days + 1):
        yield first + dt.timedelta(days=number)


def _read(year: int, words: str) -> set[dt.date]:
    found: set[dt.date] = set()
    for word in words.split():
        first, _dots, last = word.partition("..")
        found |= set(_days(dt.date.fromisoformat(f"{year}-{first}"), dt.date.fromisoformat(f"{year}-{last or first}")))
    return found


def _working_row(first_year: int, last_year: int) -> list[dt.date]:
    off, made_up = set(), set()
    for year, (words_off, words_made_up) in NOTICES.items():
        off |= _read(year, words_off)
        made_up |= _read(year, words_made_up)
    every = _days(dt.date(first_year, 1, 1), dt.date(last_year, 12, 31))
    return [day for day in every if day in made_up or (day.weekday() < 5 and day not in off)]


ROWS = [_working_row(*stretch) for stretch in STRETCHES]


def model(start: dt.date, n: int) -> dt.date:
    """The n-th working day after start, by its place in the row of working days."""
    if n == 0:
        return start
    row = ROWS[0] if start.year < 2020 else ROWS[1]
    return row[bisect.bisect_right(row, start) + n - 1]


def at(day: str, time: str = "10:00:00") -> dt.datetime:
    """A local time in UTC, as it is stored."""
    return dt.datetime.fromisoformat(f"{day}T{time}+08:00").astimezone(dt.UTC)


def check_vector(start: str, n: int, due: str) -> None:
    """The due day, and both moments of it, for a start at any hour of the local day."""
    assert add_working_days(dt.date.fromisoformat(start), n) == dt.date.fromisoformat(due)
    for time in ("00:00:00", "07:59:59", "08:00:00", "10:00:00", "23:59:59"):
        online, window = due_moment(at(start, time), n), due_moment(at(start, time), n, window=True)
        assert online.at == at(due, "00:00:00") + dt.timedelta(days=1)
        assert window.at == at(due, "18:00:00")
        assert not online.provisional and not window.provisional
    assert due_moment(at(start, "00:00:00") - dt.timedelta(seconds=1), n).at <= online.at


# The vectors of the domain reference, §4.2.

@pytest.mark.promise("T1")
def test_vector_1_the_spring_festival_with_a_saturday_made_up() -> None:
    check_vector("2026-02-11", 5, "2026-02-25")


@pytest.mark.promise("T1")
def test_vector_2_a_sunday_made_up_before_the_mid_autumn_festival() -> None:
    check_vector("2026-09-18", 5, "2026-09-24")


@pytest.mark.promise("T1")
def test_vector_3_over_the_first_of_may() -> None:
    check_vector("2026-04-30", 3, "2026-05-08")


@pytest.mark.promise("T1")
def test_vector_4_over_the_national_day() -> None:
    check_vector("2026-09-30", 5, "2026-10-13")


@pytest.mark.promise("T1")
def test_vector_5_spring_festival_of_2018() -> None:
    check_vector("2018-02-09", 5, "2018-02-22")


@pytest.mark.promise("T1")
def test_vector_6_two_weekend_days_made_up_in_2018() -> None:
    check_vector("2018-09-28", 3, "2018-10-08")


@pytest.mark.promise("T1")
def test_vector_7_three_ordinary_weeks() -> None:
    check_vector("2026-11-23", 15, "2026-12-14")


# Against the model.

@pytest.mark.promise("T1")
def test_ten_thousand_dates_agree_with_the_day_by_day_model(size: str) -> None:
    chance = random.Random(20261123)
    starts = [day for row in ROWS for day in _days(row[0], row[-1] - dt.timedelta(days=200))]
    wrong = []
    for _number in range(DATES[size]):
        start, n = chance.choice(starts), chance.randint(0, LONGEST)
        due = add_working_days(start, n)
        if due != model(start, n) or working_days_between(start, due) != n:
            wrong.append((start, n, due, model(start, n)))
    assert wrong == []


@pytest.mark.promise("T1")
def test_every_day_of_the_known_years_is_judged_as_the_notices_say() -> None:
    for row, (first, last) in zip(ROWS, STRETCHES, strict=True):
        working = set(row)
        every = _days(dt.date(first, 1, 1), dt.date(last, 12, 31))
        assert [day for day in every if is_working(day) != (day in working)] == []


@pytest.mark.promise("T1")
@given(days_known, limits)
def test_a_due_day_is_a_working_day_after_the_start(start: dt.date, n: int) -> None:
    due = add_working_days(start, n)
    assert due == model(start, n)
    assert due == start if n == 0 else (due > start and is_working(due))


@pytest.mark.promise("T1")
@given(days_known, limits, st.integers(0, 30), st.integers(0, 30))
def test_adding_is_monotone(start: dt.date, n: int, later: int, more: int) -> None:
    """A later start or a longer limit never ends earlier; one more working day always ends later."""
    assert add_working_days(start, n) <= add_working_days(start + dt.timedelta(days=later), n)
    assert add_working_days(start, n) <= add_working_days(start, n + more)
    assert add_working_days(start, n) < add_working_days(start, n + 1)
    assert add_calendar_days(start, n) <= add_calendar_days(start, n + more)


@pytest.mark.promise("T1")
@given(days_known, limits, limits)
def test_a_then_b_days_are_a_plus_b_days(start: dt.date, a: int, b: int) -> None:
    middle = add_working_days(start, a)
    end = add_working_days(middle, b)
    assert end == add_working_days(start, a + b)
    assert working_days_between(start, middle) + working_days_between(middle, end) == a + b


@pytest.mark.promise("T1")
@given(days_known, st.integers(1, 40), st.integers(0, 60), st.integers(0, 60))
def test_a_pause_moves_a_limit_by_exactly_its_working_days(start: dt.date, n: int, until: int, pause: int) -> None:
    """What was left when the clock stopped is left when it runs on, whatever days the pause began and ended on."""
    stopped = min(start + dt.timedelta(days=until), add_working_days(start, n))
    resumed = stopped + dt.timedelta(days=pause)
    lasted = working_days_between(stopped, resumed)
    left = working_days_between(stopped, add_working_days(start, n))
    assert working_days_between(resumed, add_working_days(start, n + lasted)) == left


@pytest.mark.promise("T1")
@given(days_known, st.integers(1, 40), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=4))
def test_pauses_of_a_task_add_up(start: dt.date, limit: int, pauses: list[tuple[int, int]]) -> None:
    """Several pauses, each written into the task as it ends, move it as one pause of their sum does."""
    opened = dt.datetime.combine(start, dt.time(9), SHANGHAI)
    stepwise = Task(opened_at=opened, limit_wd=limit, paused_wd=0)
    day, total = start, 0
    for gap, length in pauses:
        stopped = day + dt.timedelta(days=gap)
        day = stopped + dt.timedelta(days=length)
        lasted = working_days_between(stopped, day)
        total += lasted
        stepwise.paused_wd += lasted
        clocks.set_task_due(stepwise)
    clocks.set_task_due(stepwise)
    assert stepwise.due_at == due_moment(opened, limit + total).at
    assert stepwise.amber_at <= stepwise.due_at
    assert local_date(stepwise.due_at - dt.timedelta(seconds=1)) == model(start, limit + total)


# Special days.

@pytest.mark.parametrize("day", ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
                                 "2018-02-11", "2018-04-28", "2018-12-29", "2025-01-26"])
def test_make_up_days_are_worked(day: str) -> None:
    made_up = dt.date.fromisoformat(day)
    assert made_up.weekday() >= 5 and is_working(made_up)
    assert add_working_days(made_up - dt.timedelta(days=1), 1) == made_up


@pytest.mark.parametrize("day", ["2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06", "2026-10-07", "2018-12-31"])
def test_holidays_in_the_week_are_not_worked(day: str) -> None:
    holiday = dt.date.fromisoformat(day)
    assert holiday.weekday() < 5 and not is_working(holiday)


def test_an_unpublished_year_counts_monday_to_friday_and_says_so() -> None:
    assert is_published(2026) and not is_published(2027)
    assert is_working(dt.date(2027, 2, 8)) and not is_working(dt.date(2027, 2, 7))
    inside, over = due_moment(at("2026-12-24"), 5), due_moment(at("2026-12-24"), 6)
    assert (inside.at, inside.provisional) == (at("2027-01-01", "00:00:00"), False)
    assert (over.at, over.provisional) == (at("2027-01-02", "00:00:00"), True)
    assert due_moment(at("2027-03-01"), 3).provisional
    assert not due_moment(at("2007-03-01"), 3).at < at("2007-03-05") and due_moment(at("2007-03-01"), 3).provisional


def test_a_provisional_day_moves_when_the_year_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The year's list arrives as one more file; the same count then gives the final day."""
    start = at("2026-12-30")
    before = due_moment(start, 3)
    (tmp_path / "2027.toml").write_text('off = ["01-01..01-03"]\nworking = ["01-09"]\n')
    for table in calendar._DATA.glob("*.toml"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    monkeypatch.setattr(calendar, "_DATA", tmp_path)
    calendar._year.cache_clear()
    try:
        after = due_moment(start, 3)
        assert is_working(dt.date(2027, 1, 9)) and not is_working(dt.date(2027, 1, 1))
    finally:
        monkeypatch.undo()
        calendar._year.cache_clear()
    assert (before.at, before.provisional) == (at("2027-01-05", "00:00:00"), True)
    assert (after.at, after.provisional) == (at("2027-01-06", "00:00:00"), False)


def test_the_leap_day_is_a_day_like_others() -> None:
    assert add_working_days(dt.date(2024, 2, 28), 1) == dt.date(2024, 2, 29)
    assert add_working_days(dt.date(2024, 2, 29), 1) == dt.date(2024, 3, 1)
    assert add_working_days(dt.date(2028, 2, 28), 2) == dt.date(2028, 3, 1)
    assert add_calendar_days(dt.date(2028, 2, 14), 15) == dt.date(2028, 2, 29)
    assert due_moment(at("2028-02-28"), 1).at == at("2028-03-01", "00:00:00")
    # No leap day in 2026: the last of February is a Saturday that was made up.
    assert add_working_days(dt.date(2026, 2, 27), 1) == dt.date(2026, 2, 28)


# The edge of the day.

@pytest.mark.promise("T1")
@given(days_known, limits)
def test_online_ends_at_24_and_the_window_at_closing_time(start: dt.date, n: int) -> None:
    """One second before 24:00 is still the last day; 24:00 is not. The window has closed six hours before."""
    moment = dt.datetime.combine(start, dt.time(12), SHANGHAI)
    online, window = due_moment(moment, n).at, due_moment(moment, n, window=True).at
    second, last = dt.timedelta(seconds=1), model(start, n)
    assert local_date(online - second) == last and local_date(online) == last + dt.timedelta(days=1)
    assert window.astimezone(SHANGHAI).replace(tzinfo=None) == dt.datetime.combine(last, dt.time(18))
    assert online - window == dt.timedelta(hours=6)


@pytest.mark.promise("T1")
@given(days_known, limits)
def test_one_second_around_midnight_changes_the_day_of_the_start(start: dt.date, n: int) -> None:
    midnight = dt.datetime.combine(start, dt.time.min, SHANGHAI)
    second = dt.timedelta(seconds=1)
    before = start - dt.timedelta(days=1)
    for moment, day in ((midnight - second, before), (midnight, start), (midnight + second, start)):
        if day.year in (2017, 2024):
            continue  # before what the model knows
        in_utc = moment.astimezone(dt.UTC)
        assert local_date(in_utc) == local_date(moment) == day
        assert local_date(due_moment(in_utc, n).at - second) == model(day, n)


@pytest.mark.promise("T1")
def test_the_date_of_the_office_counts_not_the_date_of_utc() -> None:
    """07:59:59 in Shanghai is still yesterday in UTC, and 00:30 of a Saturday there is Friday here, in the world."""
    early = dt.datetime(2026, 11, 22, 23, 59, 59, tzinfo=dt.UTC)
    assert (early.date(), local_date(early)) == (dt.date(2026, 11, 22), dt.date(2026, 11, 23))
    assert due_moment(early, 1).at == at("2026-11-25", "00:00:00")
    late = dt.datetime(2026, 11, 23, 16, 0, tzinfo=dt.UTC)
    assert local_date(late) == dt.date(2026, 11, 24)
    assert local_date(late - dt.timedelta(seconds=1)) == dt.date(2026, 11, 23)
    elsewhere = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=-7)))
    assert due_moment(elsewhere, 1) == due_moment(elsewhere.astimezone(dt.UTC), 1)
    new_year = dt.datetime(2026, 12, 31, 16, 0, tzinfo=dt.UTC)
    assert local_date(new_year) == dt.date(2027, 1, 1) and due_moment(new_year, 0).provisional


# Limits in calendar days.

@pytest.mark.parametrize(("start", "n", "end"), [
    ("2026-11-23", 15, "2026-12-08"),
    ("2026-11-23", 5, "2026-11-30"),  # a Saturday moves to Monday
    ("2026-09-16", 15, "2026-10-08"),  # the first of the holiday week moves behind it
    ("2026-09-05", 15, "2026-09-20"),  # a Sunday that was made up stays
    ("2026-11-28", 0, "2026-11-30"),
])
def test_calendar_days_that_end_on_a_day_off_move_on(start: str, n: int, end: str) -> None:
    assert add_calendar_days(dt.date.fromisoformat(start), n) == dt.date.fromisoformat(end)


@given(days_known, limits)
def test_calendar_days_end_on_the_first_working_day_from_there(start: dt.date, n: int) -> None:
    end, plain = add_calendar_days(start, n), start + dt.timedelta(days=n)
    assert is_working(end) and end >= plain
    assert not any(is_working(day) for day in _days(plain, end - dt.timedelta(days=1)))


@given(days_known, days_known)
def test_working_days_between_turned_dates_are_none(a: dt.date, b: dt.date) -> None:
    assert working_days_between(max(a, b), min(a, b)) == 0


@pytest.mark.parametrize("n", [-1, 4001, 10**9])
def test_absurd_limits_are_refused(n: int) -> None:
    for add in (add_working_days, add_calendar_days):
        with pytest.raises(ValueError, match="limit"):
            add(dt.date(2026, 11, 23), n)


def test_the_version_names_the_tables_a_due_date_was_counted_with() -> None:
    tables, _plus, package = calendar.CALENDAR_VERSION.partition("+")
    assert len(tables) == 12 and package.startswith("holidays-")
