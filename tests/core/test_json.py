"""Canonical JSON: the examples of RFC 8785, our own kinds of values, and what has none."""
import datetime as dt
import json
import random
import uuid
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
import rfc8785
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as st

from casework.core.json import LARGEST, canonical
from casework.core.text import Text
from tests.conftest import SHANGHAI


def test_the_example_of_the_rfc() -> None:
    """All of it but 1E30, which we refuse: see below."""
    data = {
        "numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonical(data) == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    ).encode()


def test_keys_are_sorted_by_utf_16_as_the_rfc_shows() -> None:
    data = {
        "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\U0001f600": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical(data)).values()) == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


@pytest.mark.parametrize(("value", "text"), [
    (0.0, "0"), (-0.0, "0"), (5e-324, "5e-324"), (-5e-324, "-5e-324"), (9007199254740991.0, "9007199254740991"),
    (4.35, "4.35"), (1e-6, "0.000001"), (1e-7, "1e-7"), (9.999999999999997e-7, "9.999999999999997e-7"),
    (333333333.3333332, "333333333.3333332"), (333333333.33333325, "333333333.33333325"), (0, "0"), (2.0, "2"),
    (LARGEST - 1, "9007199254740991"), (-LARGEST + 1, "-9007199254740991"), (1424953923781206.2, "1424953923781206.2"),
])
def test_numbers_are_written_as_the_rfc_shows(value: float, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize(("value", "text"), [
    (dt.datetime(2026, 11, 23, 16, 0, tzinfo=SHANGHAI), '"2026-11-23T08:00:00.000000Z"'),
    (dt.datetime(2026, 11, 23, 8, 0, 0, 7, tzinfo=dt.UTC), '"2026-11-23T08:00:00.000007Z"'),
    (dt.date(2026, 2, 3), '"2026-02-03"'),
    (uuid.UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ((1, "二"), '[1,"二"]'),
    (MappingProxyType({"b": 1, "a": ()}), '{"a":[],"b":1}'),
    (gettext_lazy("Copy it from the certificate."), None),
    (Text("甲", "A"), '["甲","A"]'),
    ("𠮷\u2028/é", '"𠮷\u2028/é"'),
    ({}, "{}"),
])
def test_our_own_kinds_of_values(value: Any, text: str | None) -> None:
    assert canonical(value).decode() == (text if text is not None else json.dumps(str(value), ensure_ascii=False))


@pytest.mark.parametrize("value", [
    Decimal("1.5"), {1: "a"}, {None: 1}, b"bytes", {1, 2}, object(), dt.time(8), dt.timedelta(1), [Decimal(1)],
    {"a": {2: 3}},
])
def test_foreign_kinds_have_none(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize("value", [
    float("nan"), float("inf"), -float("inf"), LARGEST, -LARGEST, 2**64, dt.datetime(2026, 1, 1), "\ud800",
    {"\udfff": 1}, [["\ud83d"]], 9007199254740992.0, -1e18, 1e30,
])
def test_values_that_would_be_read_back_as_others_have_none(value: Any) -> None:
    """A whole float of 2^53 and more is written as digits and comes back as an integer; jsonb does so with 1e30."""
    with pytest.raises(ValueError):
        canonical(value)


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST + 1, LARGEST - 1) | st.text(max_size=8)
    | st.floats(-LARGEST, LARGEST, exclude_min=True, exclude_max=True),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(plain_values)
@example({"\U0001f600": 1, "\ufb33": 2})
@example([1e-5, -1.5e-7, 0.00012, -0.0, 3.0, 1234567890123.5])
@example({"\x7f\u2028\x00\x1f\"\\/": "\x7f\u2028\x00\x1f\"\\/\b\t"})
def test_whoever_writes_it_writes_what_the_rfc_says(value: Any) -> None:
    """Seen red without either kind of rarity: tiny numbers, and keys outside the first plane."""
    assert canonical(value) == rfc8785.dumps(value)


@given(plain_values)
def test_reading_back_and_writing_again_gives_the_same_bytes(value: Any) -> None:
    """This is what lets the event log store JSON and check the hash later, on either engine."""
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(st.text(max_size=5), plain_values, max_size=6), st.integers())
def test_the_order_of_the_keys_does_not_matter(value: dict[str, Any], seed: int) -> None:
    rows = list(value.items())
    random.Random(seed).shuffle(rows)
    assert canonical(dict(rows)) == canonical(value)


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)))
def test_one_moment_has_one_text_in_every_zone(moment: dt.datetime) -> None:
    aware = moment.replace(tzinfo=dt.UTC)
    assert canonical(aware) == canonical(aware.astimezone(SHANGHAI))
    assert dt.datetime.fromisoformat(json.loads(canonical(aware))) == aware
