"""Money: fen in, fen out, rounded half-up once and only at the end."""
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.money import MOST_FEN, capitals, fen, half_up, show, show_wan, yuan

amounts = st.integers(-MOST_FEN, MOST_FEN)


@pytest.mark.parametrize(("typed", "value"), [
    ("1234.50", 123_450), ("1,234.50", 123_450), ("1,234,567.89", 123_456_789), ("12", 1_200), ("12.5", 1_250),
    ("0", 0), ("0.05", 5), ("007", 700), (" 12 ", 1_200), ("¥12", 1_200), ("￥12.00", 1_200), ("12元", 1_200),
    ("１，２３４．５０元", 123_450), ("12。5", 1_250), ("-3.10", -310), (12, 1_200), (Decimal("0.05"), 5),
    (Decimal("12.00"), 1_200), ("1000000000000.00", MOST_FEN), (-0, 0),
])
def test_amounts_as_people_type_them(typed: Any, value: int) -> None:
    assert fen(typed) == value and isinstance(fen(typed), int)


@pytest.mark.parametrize("typed", [
    "", " ", "12.345", "0.001", "1.2.3", "12,34", "1,2345", "12,", ",12", ".5", "5.", "1e3", "1E3", "NaN", "Infinity",
    "inf", "--1", "+1", "1 000", "12 34", "0x10", "一百", "壹佰元整", "1/3", "12万", "$5", "1_000", "٣", "1\x00",
    "1000000000000.01", "9" * 40, True, False, 1.1, None, Decimal("0.001"), Decimal("NaN"), Decimal("1E+3"),
])
def test_everything_else_is_refused_and_nothing_is_rounded_on_the_way_in(typed: Any) -> None:
    with pytest.raises(ValueError, match="amount"):
        fen(typed)


@pytest.mark.parametrize("length", [10_000, 1_100_000])
def test_endless_rows_of_digits_are_refused_like_others(length: int) -> None:
    with pytest.raises(ValueError, match="amount"):
        fen("9" * length)
    with pytest.raises(ValueError, match="amount"):
        fen("0" * length + "1")


@pytest.mark.parametrize(("value", "words"), [
    (0, "0.00"), (5, "0.05"), (100, "1.00"), (123_450, "1,234.50"), (-123_456_789, "-1,234,567.89"),
    (MOST_FEN, "1,000,000,000,000.00"),
])
def test_amounts_as_people_read_them(value: int, words: str) -> None:
    assert show(value) == words


@given(amounts)
def test_what_is_shown_can_be_typed_again(value: int) -> None:
    assert fen(show(value)) == fen(f"{yuan(value):.2f}") == fen(yuan(value)) == value
    assert yuan(value) * 100 == value


@given(amounts, st.integers(-2, 2))
def test_a_third_decimal_is_never_taken(value: int, more: int) -> None:
    typed = f"{yuan(value):.2f}{abs(more)}"
    with pytest.raises(ValueError, match="amount"):
        fen(typed)


@pytest.mark.parametrize(("value", "words"), [
    (0, "0.00"), (1_234_567_89, "123.46"), (10_000_00, "1.00"), (50_00, "0.01"), (49_99, "0.00"), (150_00, "0.02"),
    (250_00, "0.03"), (-50_00, "-0.01"), (123_456_789_000_00, "12,345,678.90"),
])
def test_ten_thousands_are_rounded_half_up(value: int, words: str) -> None:
    assert show_wan(value) == words


@pytest.mark.parametrize(("value", "words"), [
    (0, "零元整"), (1, "壹分"), (10, "壹角"), (1_00, "壹元整"), (10_00, "壹拾元整"), (10_05, "壹拾元零伍分"),
    (1_000_00, "壹仟元整"), (1_234_50, "壹仟贰佰叁拾肆元伍角"), (7_200_00, "柒仟贰佰元整"),
    (107_000_53, "壹拾万柒仟元伍角叁分"),
])
def test_capitals_of_vouchers(value: int, words: str) -> None:
    assert capitals(value) == words


@pytest.mark.parametrize(("value", "whole"), [
    (Fraction(1, 2), 1), (Fraction(3, 2), 2), (Fraction(5, 2), 3), (Fraction(-1, 2), -1), (Fraction(-5, 2), -3),
    (Fraction(1, 3), 0), (Fraction(2, 3), 1), (Fraction(-2, 3), -1), (Fraction(7), 7), (Fraction(0), 0),
    (Decimal("0.5"), 1), (Decimal("2.5"), 3), (Decimal("-2.5"), -3), (Decimal("2.4999"), 2),
])
def test_halves_go_away_from_zero(value: Fraction | Decimal, whole: int) -> None:
    assert half_up(value) == whole


@given(st.fractions(-(10**9), 10**9))
def test_rounding_takes_the_nearest_and_is_the_same_on_both_sides_of_zero(value: Fraction) -> None:
    assert abs(half_up(value) - value) <= Fraction(1, 2)
    assert half_up(-value) == -half_up(value)
    assert half_up(value + 1) == half_up(value) + 1 or value < 0 <= value + 1


@given(st.decimals(-(10**9), 10**9, places=4))
def test_decimals_and_fractions_round_alike(value: Decimal) -> None:
    assert half_up(value) == half_up(Fraction(value))


def test_rounding_twice_would_be_another_amount() -> None:
    """0.4499… of a fen: once gives 0, over tenths it would give 1."""
    value = Fraction(449, 1000)
    assert half_up(value) == 0
    assert half_up(Fraction(half_up(value * 100), 100)) == 0
    assert half_up(Fraction(half_up(Fraction(half_up(value * 100), 10)), 10)) == 1
