"""The amount of living aid: caps by category, the lower of cap and request, to the fen."""
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.programmes.loader import load_catalogue
from casework.programmes.rules import RULES
from casework.programmes.rules.amounts import living_aid

TABLE = {"deep_multiple": 10, "relative_multiple": 8, "accidental_percent": 15, "accidental_cap_fen": 1_000_000}
L = 72_000
NUMBERS = {"subsistence_line": L, "living_aid": TABLE}


def award(category: str, amount: int, loss: int | None = None, **changes: Any) -> int:
    """The award in fen."""
    found = living_aid({"amount": amount, "loss": loss}, NUMBERS | changes, category)["award_fen"]
    assert isinstance(found, int)
    return found


def test_the_programme_calls_this_rule_by_its_name() -> None:
    assert RULES[load_catalogue()["living_aid"].award].function is living_aid


@pytest.mark.parametrize(("category", "times"), [("deep", 10), ("relative", 8)])
def test_a_multiple_of_the_line_is_the_most(category: str, times: int) -> None:
    cap = times * L
    assert award(category, cap - 1) == cap - 1
    assert award(category, cap) == cap
    assert award(category, cap + 1) == cap
    assert award(category, 10**12) == cap
    assert award(category, 0) == 0


def test_the_loss_says_nothing_of_deep_or_relative_hardship() -> None:
    assert award("deep", 500_000, loss=1) == 500_000


@pytest.mark.parametrize(("loss", "most"), [
    (0, 0),
    (None, 0),
    (1_000_000, 150_000),
    (3, 0),  # 0.45 fen
    (10, 2),  # 1.5 fen, half-up
    (30, 5),  # 4.5 fen: not to the even 4
    (6_666_666, 1_000_000),  # 999,999.9 fen
    (6_666_667, 1_000_000),
    (66_666_667, 1_000_000),
])
def test_accidental_hardship_gets_a_share_of_the_loss_up_to_a_cap(loss: int | None, most: int) -> None:
    assert award("accidental", 10**12, loss) == most
    assert award("accidental", most, loss) == most
    assert award("accidental", max(0, most - 1), loss) == max(0, most - 1)


@pytest.mark.parametrize("category", ["none", "", "unknown"])
def test_no_category_no_money(category: str) -> None:
    assert award(category, 500_000, 500_000) == 0


def test_the_numbers_are_those_of_the_region() -> None:
    assert award("deep", 10**9, subsistence_line=66_000) == 660_000
    assert award("deep", 10**9, living_aid=TABLE | {"deep_multiple": 12}) == 12 * L
    assert award("accidental", 10**9, 10_000, living_aid=TABLE | {"accidental_percent": 20}) == 2_000
    assert award("accidental", 10**9, 10**9, living_aid=TABLE | {"accidental_cap_fen": 5}) == 5


def test_an_incomplete_request_is_worth_nothing() -> None:
    assert living_aid({"amount": 0}, NUMBERS, "deep")["award_fen"] == 0
    assert living_aid({"amount": None}, NUMBERS, "accidental")["award_fen"] == 0


@pytest.mark.parametrize(("category", "loss", "cap"), [
    ("deep", None, 10 * L), ("relative", None, 8 * L), ("accidental", 2_000_000, 300_000), ("none", None, 0),
])
def test_who_asks_for_no_sum_gets_what_the_rule_gives(category: str, loss: int | None, cap: int) -> None:
    found = living_aid({"loss": loss}, NUMBERS, category)
    assert (found["award_fen"], found["award_limit"]) == (cap, "none" if category == "none" else found["award_limit"])
    assert found["award_fen"] == living_aid({"loss": loss, "amount": 10**9}, NUMBERS, category)["award_fen"]
    *_before, told, award = found["award_lines"]
    assert (told["value"], award["value"]) == (cap, cap)
    assert "未填申请金额" in told["zh"]
    assert "No amount asked for" in told["en"]
    assert "申请金额" not in found["award_says"]["zh"]


def test_the_lines_show_how_the_award_was_found_in_both_languages() -> None:
    lines = living_aid({"amount": 900_000}, NUMBERS, "deep")["award_lines"]
    assert [line["value"] for line in lines] == [L, 10 * L, 900_000, 10 * L]
    lines += living_aid({"amount": 900_000, "loss": 2_000_000}, NUMBERS, "accidental")["award_lines"]
    assert [line["value"] for line in lines[4:]] == [L, 300_000, 900_000, 300_000]
    assert "10,000.00" in lines[5]["zh"] and "10,000.00" in lines[5]["en"]
    for line in lines:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in line["zh"])
        assert line["en"].replace("×", "x").isascii()
        assert line["unit"] == "fen"


fen = st.integers(0, 10**12)
categories = st.sampled_from(["deep", "relative", "accidental", "none", ""])


@given(categories, fen, fen, st.integers(0, 10**7))
def test_never_more_than_asked_nor_than_the_cap(category: str, amount: int, loss: int, line: int) -> None:
    found = living_aid({"amount": amount, "loss": loss}, NUMBERS | {"subsistence_line": line}, category)["award_fen"]
    cap = {"deep": 10 * line, "relative": 8 * line, "accidental": min(loss * 15 // 100 + 1, 1_000_000)}
    assert isinstance(found, int)
    assert 0 <= found <= min(amount, cap.get(category, 0))


@given(categories, fen, fen, fen, fen)
def test_asking_for_more_or_having_lost_more_never_gives_less(
    category: str, amount: int, more: int, loss: int, worse: int
) -> None:
    assert award(category, amount, loss) <= award(category, amount + more, loss + worse)


@given(fen, fen)
def test_deep_hardship_never_gets_less_than_relative(amount: int, loss: int) -> None:
    assert award("relative", amount, loss) <= award("deep", amount, loss)
