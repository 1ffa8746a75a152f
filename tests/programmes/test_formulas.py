"""The formula kinds of the domain reference §5.1: its worked examples to the fen, and what holds for every table."""
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.demo.tables import TABLES
from casework.programmes.rules import RuleFault
from casework.programmes.rules.awards import NOTHING, Earlier, award_by, check_table
from casework.programmes.rules.formulas import FORMULAS, Base
from casework.programmes.rules.rule import check_number

YUAN = 100
HOSPITAL: Any = dict(TABLES)["mutual_hospital"]
DEDUCTIBLE: dict[str, Any] = {
    "kind": "marginal", "deductible_fen": 10_000 * YUAN, "cap_year_fen": 50_000 * YUAN,
    "tiers": [{"to_fen": 40_000 * YUAN, "percent": 80}, {"percent": 90}],
}
BANDS: dict[str, Any] = {
    "kind": "bands", "from_fen": 10_000 * YUAN,
    "bands": [
        *({"to_fen": to * 1_000 * YUAN, "sum_fen": fen * YUAN}
          for to, fen in ((20, 1_500), (30, 3_000), (40, 6_000), (50, 10_000), (80, 20_000), (100, 30_000))),
        {"sum_fen": 50_000 * YUAN},
    ],
}
GRADES: dict[str, Any] = {"kind": "grade", "sum_fen": 100_000 * YUAN, "percents": list(range(100, 0, -10))}
OTHERS: tuple[dict[str, Any], ...] = (
    {"kind": "rate", "percent": "12.5", "deductible_fen": 30_000, "cap_event_fen": 900_000, "cap_life_fen": 2_000_000},
    {"kind": "fixed", "sum_fen": 300_000, "cap_year_fen": 500_000},
    {"kind": "daily", "day_fen": 5_000, "days_most": 180},
    {"kind": "shares", "share_fen": 1_000_000, "shares_most": 3},
    {"kind": "multiple", "times": {"higher": 10, "high": 6}, "cap_year_fen": 600_000},
    {"kind": "multiple", "times": 1, "months_most": 12},
)
EVERY = (HOSPITAL, DEDUCTIBLE, BANDS, GRADES, *OTHERS)


def worth(table: Any, fen: int, earlier: Earlier = NOTHING) -> int:
    """What a table gives for a sum, in fen."""
    return award_by(table, Base(fen=fen), earlier).fen


@pytest.mark.parametrize(("table", "yuan", "due"), [
    (HOSPITAL, 7_200, 1_660), (HOSPITAL, 32_000, 10_300), (HOSPITAL, 0, 0), (HOSPITAL, 5_000, 1_000),
    (HOSPITAL, 20_000, 5_500), (HOSPITAL, 50_000, 17_500), (HOSPITAL, 75_000, 30_000), (HOSPITAL, 900_000, 30_000),
    (DEDUCTIBLE, 46_000, 29_400), (DEDUCTIBLE, 70_000, 50_000), (DEDUCTIBLE, 10_000, 0), (DEDUCTIBLE, 40_000, 24_000),
])
def test_marginal_tiers(table: Any, yuan: int, due: int) -> None:
    assert worth(table, yuan * YUAN) == due * YUAN


def test_a_second_claim_of_the_year_goes_on_where_the_first_ended() -> None:
    assert worth(HOSPITAL, 10_000 * YUAN, Earlier(7_200 * YUAN, 1_660 * YUAN)) == 3_000 * YUAN


@pytest.mark.parametrize(("fen", "due"), [
    (999_999, 0), (1_000_000, 1_500), (2_000_000, 1_500), (2_000_001, 3_000), (3_000_000, 3_000), (4_000_000, 6_000),
    (4_000_001, 10_000), (5_000_001, 20_000), (8_000_001, 30_000), (10_000_000, 30_000), (10_000_001, 50_000),
])
def test_fixed_sums_by_band(fen: int, due: int) -> None:
    assert worth(BANDS, fen) == due * YUAN


def test_days_shares_grades_and_multiples() -> None:
    daily, held, months = OTHERS[2], OTHERS[3], OTHERS[5]
    assert award_by(daily, Base(days=12)).fen == 60_000
    assert award_by(daily, Base(days=181)).fen == award_by(daily, Base(days=180)).fen == 900_000
    assert [award_by(held, Base(shares=n)).fen for n in (0, 2, 3, 9)] == [0, 2_000_000, 3_000_000, 3_000_000]
    assert [award_by(GRADES, Base(grade=n)).fen for n in (1, 2, 10)] == [10_000_000, 9_000_000, 1_000_000]
    assert award_by(OTHERS[4], Base(line_fen=72_000, keys=("bachelor", "high"))).fen == 432_000
    assert award_by(months, Base(line_fen=72_000, months=15)).fen == 12 * 72_000


def test_rounding_is_half_up_and_once() -> None:
    tiers = {"kind": "marginal", "tiers": [{"to_fen": 1, "percent": 50}, {"percent": "33.3"}]}
    assert worth({"kind": "rate", "percent": 50}, 3) == 2  # 1.5 fen
    assert worth({"kind": "rate", "percent": "12.5"}, 4) == 1  # 0.5 fen
    assert worth(tiers, 4) == 1  # 0.5 + 0.999: rounded part by part it were 2


def test_caps_of_event_year_and_life() -> None:
    table = {"kind": "rate", "percent": 100, "per": "event", "cap_event_fen": 3_000, "cap_year_fen": 6_000,
             "cap_life_fen": 10_000}
    def given(fen: int, paid: int, life: int) -> tuple[int, str]:
        award = award_by(table, Base(fen=fen), Earlier(0, paid, life))
        return award.fen, award.limit

    assert given(2_500, 0, 0) == (2_500, "")
    assert given(9_000, 0, 0) == (3_000, "event")
    assert given(3_000, 4_000, 4_000) == (2_000, "year")
    assert given(3_000, 6_000, 6_000) == (0, "year")
    assert given(3_000, 0, 9_500) == (500, "life")
    assert given(3_000, 0, 12_000) == (0, "life")


def test_a_claim_that_was_cut_is_not_made_up_for_by_the_next() -> None:
    """The year had 7,200, of which an officer granted 1,000 instead of 1,660."""
    assert worth(HOSPITAL, 10_000 * YUAN, Earlier(7_200 * YUAN, 1_000 * YUAN)) == 3_000 * YUAN


def test_a_table_that_became_poorer_takes_nothing_back_and_gives_nothing_twice() -> None:
    assert worth(HOSPITAL, 1_000 * YUAN, Earlier(7_200 * YUAN, 29_900 * YUAN)) == 0
    assert worth(HOSPITAL, 200_000 * YUAN, Earlier(7_200 * YUAN, 29_900 * YUAN)) == 100 * YUAN


@pytest.mark.parametrize(("table", "where"), [
    (None, "x"), ([], "x"), ({}, "x"), ({"kind": "magic"}, "x.kind"), ({"tiers": []}, "x.kind"),
    ({"kind": "marginal"}, "x.tiers"), ({"kind": "marginal", "tiers": []}, "x.tiers"),
    ({"kind": "marginal", "tiers": [{"to_fen": 5, "percent": 5}]}, "x.tiers[0].to_fen"),
    ({"kind": "marginal", "tiers": [{"to_fen": 5, "percent": 5}, {"to_fen": 5, "percent": 5}, {"percent": 1}]},
     "x.tiers[1].to_fen"),
    ({"kind": "marginal", "tiers": [{"percent": 101}]}, "x.tiers[0].percent"),
    ({"kind": "marginal", "tiers": [{"percent": 12.5}]}, "x.tiers[0].percent"),
    ({"kind": "marginal", "tiers": [{"percent": -1}]}, "x.tiers[0].percent"),
    ({"kind": "marginal", "tiers": [{}]}, "x.tiers[0]"),
    ({"kind": "marginal", "tiers": [{"percent": 5, "form": 3}]}, "x.tiers[0]"),
    ({"kind": "rate", "percent": 5, "tires": []}, "x"),
    ({"kind": "rate", "percent": 5, "deductible_fen": 1.5}, "x.deductible_fen"),
    ({"kind": "rate", "percent": 5, "cap_year_fen": "much"}, "x.cap_year_fen"),
    ({"kind": "rate", "percent": 5, "cap_life_fen": -1}, "x.cap_life_fen"),
    ({"kind": "rate", "percent": 5, "per": "week"}, "x.per"),
    ({"kind": "bands", "bands": [{"to_fen": 9, "sum_fen": 7}, {"sum_fen": 6}]}, "x.bands"),
    ({"kind": "fixed"}, "x.sum_fen"), ({"kind": "fixed", "sums": {"a": True}}, "x.sums.sum"),
    ({"kind": "daily", "day_fen": 5}, "x.days_most"), ({"kind": "shares"}, "x.share_fen"),
    ({"kind": "grade", "sum_fen": 5}, "x.percents"),
    ({"kind": "grade", "sum_fen": 5, "percents": [1, 2]}, "x.percents"), ({"kind": "multiple"}, "x.times"),
    ({"kind": "multiple", "times": {"a": "ten"}}, "x.times"),
])
def test_a_faulty_table_says_where_what_and_how_to_mend_it(table: Any, where: str) -> None:
    with pytest.raises(RuleFault) as caught:
        check_table(table, "x")
    fault = caught.value
    assert fault.where == where
    assert fault.what.zh and fault.what.en.isascii() and fault.mend.zh and fault.mend.en
    with pytest.raises(RuleFault):
        award_by(table, Base(fen=100, days=1, grade=1, line_fen=100, keys=("a",)), where="x")


def test_what_is_missing_from_the_case_is_no_guess_either() -> None:
    for table, base in ((GRADES, Base(grade=0)), (GRADES, Base(grade=11)), (OTHERS[4], Base(keys=("higher",))),
                        (OTHERS[4], Base(line_fen=5, keys=("no stage",))), (OTHERS[2], Base(days=-1)),
                        (HOSPITAL, Base(fen=-1))):
        with pytest.raises(RuleFault):
            award_by(table, base)


def test_the_tables_of_the_demonstration_are_sound_and_every_kind_is_tried_here() -> None:
    for key, value in TABLES:
        check_number(key, value)
    assert {table["kind"] for table in EVERY} == set(FORMULAS)


# What holds for any table

fen = st.integers(0, 10**10)
percents = st.integers(0, 100)
bounds = st.lists(st.integers(1, 10**8), max_size=5, unique=True).map(sorted)


@st.composite
def money_tables(draw: st.DrawFn, event_cap: bool = False) -> dict[str, Any]:
    """Any marginal, banded or flat table, with or without a deductible and caps."""
    kind, tops = draw(st.sampled_from(["marginal", "bands", "rate"])), [*draw(bounds), None]
    if kind == "bands":
        sums = sorted(draw(st.lists(st.integers(0, 10**8), min_size=len(tops), max_size=len(tops))))
        table: dict[str, Any] = {
            "kind": kind, "from_fen": draw(st.integers(0, 10**6)),
            "bands": [{"to_fen": top, "sum_fen": one} for top, one in zip(tops, sums, strict=True)],
        }
    elif kind == "marginal":
        table = {"kind": kind, "tiers": [{"to_fen": top, "percent": draw(percents)} for top in tops]}
    else:
        table = {"kind": kind, "percent": f"{draw(percents)}.{draw(st.integers(0, 9))}".replace("100.", "99.")}
    if kind != "bands" and draw(st.booleans()):
        table["deductible_fen"] = draw(st.integers(0, 10**6))
    if draw(st.booleans()):
        table["cap_year_fen"] = draw(st.integers(0, 10**8))
    if event_cap and draw(st.booleans()):
        table["cap_event_fen"] = draw(st.integers(0, 10**8))
    return table


def year_of(table: dict[str, Any], claims: list[int]) -> list[int]:
    """What each claim of a year gets, one after the other."""
    paid: list[int] = []
    for n, claim in enumerate(claims):
        paid.append(worth(table, claim, Earlier(sum(claims[:n]), sum(paid), sum(paid))))
    return paid


@given(money_tables(), fen, fen)
def test_more_cost_never_gives_less(table: dict[str, Any], base: int, more: int) -> None:
    assert 0 <= worth(table, base) <= worth(table, base + more)


@given(money_tables(), st.lists(fen, min_size=1, max_size=6), st.randoms())
def test_neither_order_nor_splitting_changes_the_sum_of_a_year(
    table: dict[str, Any], claims: list[int], rng: Any
) -> None:
    whole = worth(table, sum(claims))
    assert sum(year_of(table, claims)) == whole
    rng.shuffle(claims)
    assert sum(year_of(table, claims)) == whole
    half = claims[0] // 3
    assert sum(year_of(table, [half, claims[0] - half, *claims[1:]])) == whole


@given(money_tables(event_cap=True), st.lists(fen, min_size=1, max_size=6))
def test_caps_hold_and_nothing_is_taken_back(table: dict[str, Any], claims: list[int]) -> None:
    paid = year_of(table, claims)
    assert min(paid) >= 0
    assert sum(paid) <= table.get("cap_year_fen", 10**15)
    assert max(paid) <= table.get("cap_event_fen", 10**15)


@given(money_tables(event_cap=True), fen, fen, fen)
def test_no_history_gives_more_than_the_year_is_worth(table: dict[str, Any], base: int, before: int, paid: int) -> None:
    award = award_by(table, Base(fen=base), Earlier(before, paid, paid))
    assert 0 <= award.fen <= worth({k: v for k, v in table.items() if k != "cap_event_fen"}, base + before)
    assert paid + award.fen <= max(paid, table.get("cap_year_fen", 10**15))


@given(st.sampled_from(EVERY), fen, st.integers(0, 400), st.integers(0, 9), st.integers(1, 10), st.integers(0, 30))
def test_every_line_is_told_in_both_languages(
    table: dict[str, Any], base: int, days: int, shares: int, grade: int, months: int
) -> None:
    given_ = Base(base, days, shares, grade, months, 72_000, ("high",))
    award = award_by(table, given_, Earlier(5_000, 1_000, 2_000))
    assert award.lines
    for line in award.lines:
        assert line["unit"] == "fen" and isinstance(line["value"], int) and line["value"] >= 0
        assert any("\u4e00" <= sign <= "\u9fff" for sign in line["zh"])
        assert line["en"].replace("×", "x").isascii()
