"""Numbers by region and date: the nearest region counts, then the latest date; nothing is guessed."""
import datetime as dt
import itertools
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.programmes.models import Parameter
from casework.programmes.parameters import MissingParameter, _rank, regions_of, snapshot, value

pytestmark = pytest.mark.django_db


def enter(region: str, day: str, number: Any, key: str = "subsistence_line") -> None:
    """Enter a number."""
    Parameter.objects.create(key=key, region=region, effective_from=dt.date.fromisoformat(day), value=number)


def found(region: str, day: str) -> Any:
    """The subsistence line of a region on a day."""
    return value("subsistence_line", region, dt.date.fromisoformat(day))


def test_the_nearest_region_counts_before_the_latest_date() -> None:
    enter("", "2026-09-01", 1)
    enter("610000", "2026-08-01", 2)
    enter("611000", "2026-07-01", 3)
    enter("611002", "2026-01-01", 4)
    regions = ("611002", "611021", "611000", "610825", "440300")
    assert [found(region, "2026-11-23") for region in regions] == [4, 3, 3, 2, 1]


def test_the_latest_date_that_is_not_after_the_day_counts() -> None:
    for day, number in (("2026-07-01", 70_000), ("2026-01-01", 66_000), ("2027-01-01", 72_000)):
        enter("611002", day, number)
    days = ("2026-01-01", "2026-06-30", "2026-07-01", "2026-12-31", "2027-01-01", "2030-01-01")
    assert [found("611002", day) for day in days] == [66_000, 66_000, 70_000, 70_000, 72_000, 72_000]


def test_before_the_county_had_its_own_the_city_counts() -> None:
    enter("611000", "2026-01-01", 66_000)
    enter("611002", "2026-07-01", 70_000)
    assert [found("611002", day) for day in ("2026-06-30", "2026-07-01")] == [66_000, 70_000]


@pytest.mark.parametrize(("region", "day"), [("611002", "2025-12-31"), ("610825", "2026-11-23"), ("", "2026-11-23")])
def test_a_number_that_was_not_entered_is_missing_and_said_so(region: str, day: str) -> None:
    enter("611000", "2026-01-01", 66_000)
    with pytest.raises(MissingParameter) as caught:
        found(region, day)
    [problem] = caught.value.problems
    assert (problem.code, caught.value.status) == ("PARAMETER_MISSING", 422)
    assert problem.params == {"key": "subsistence_line", "region": region, "day": day}
    with translation.override("en"):
        assert "subsistence_line" in str(problem.message) and problem.mend


def test_the_problem_is_told_in_chinese_too() -> None:
    with pytest.raises(MissingParameter) as caught:
        found("611002", "2026-11-23")
    with translation.override("zh-hans"):
        for words in (str(caught.value.problems[0].message), str(caught.value.problems[0].mend)):
            assert any("\u4e00" <= sign <= "\u9fff" for sign in words), words


def test_a_snapshot_holds_every_value_and_where_it_came_from(django_assert_num_queries: Any) -> None:
    table = {"deep_multiple": 10, "accidental_cap_fen": 1_000_000}
    enter("611002", "2026-07-01", 70_000)
    enter("611002", "2026-01-01", 66_000)
    enter("610000", "2026-01-01", table, "living_aid")
    enter("", "2026-01-01", 1, "minimum_wage")
    with django_assert_num_queries(1):
        numbers = snapshot(["subsistence_line", "living_aid"], "611002", dt.date(2026, 11, 23))
    assert numbers == {
        "subsistence_line": 70_000, "living_aid": table,
        "_from": {"subsistence_line": ["611002", "2026-07-01"], "living_aid": ["610000", "2026-01-01"]},
    }
    assert snapshot([], "611002", dt.date(2026, 11, 23)) == {"_from": {}}


def test_a_snapshot_without_one_of_them_is_none() -> None:
    enter("", "2026-01-01", 1)
    with pytest.raises(MissingParameter):
        snapshot(["subsistence_line", "minimum_wage"], "611002", dt.date(2026, 11, 23))


def test_a_value_of_nought_or_nothing_is_a_value() -> None:
    enter("", "2026-01-01", 5)
    enter("611002", "2026-01-01", 0)
    assert found("611002", "2026-11-23") == 0


def test_one_value_a_region_and_day() -> None:
    enter("611002", "2026-01-01", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        enter("611002", "2026-01-01", 2)


@pytest.mark.parametrize(("region", "near"), [
    ("611002", ["611002", "611000", "610000", ""]), ("611000", ["611000", "610000", ""]), ("610000", ["610000", ""]),
])
def test_regions_around_one(region: str, near: list[str]) -> None:
    assert regions_of(region) == near


days = st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1))
places = st.sampled_from(["", "610000", "611000", "611002", "611021", "440000"])
tables = itertools.count()  # numbers are only added, so every example has a key of its own
Row = tuple[str, dt.date]


@given(
    st.lists(st.tuples(places, days), max_size=12, unique=True),
    st.sampled_from(["611002", "611021", "611000", "610000"]), days,
)
def test_any_table_gives_the_row_a_person_would_choose(entered: list[Row], region: str, day: dt.date) -> None:
    """Read the table as a person does: the own region's rows, newest first; then the city's, the province's, all."""
    key = f"line_{next(tables)}"
    Parameter.objects.bulk_create(
        Parameter(key=key, region=place, effective_from=start, value=n) for n, (place, start) in enumerate(entered)
    )
    wanted = None
    for place in regions_of(region):
        known = [(start, n) for n, (where, start) in enumerate(entered) if where == place and start <= day]
        if known:
            wanted = max(known)[1]
            break
    if wanted is None:
        with pytest.raises(MissingParameter):
            value(key, region, day)
    else:
        assert value(key, region, day) == wanted


def test_rank_puts_the_own_region_first() -> None:
    near = regions_of("611002")
    own, city = (Parameter(region=place, effective_from=dt.date(2026, 1, 1)) for place in ("611002", "611000"))
    assert _rank(own, near) < _rank(city, near)
