"""Income per head and the category of hardship: the worked cases of the domain reference §4.7, its edges, and what
holds for any household."""
import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.money import half_up
from casework.programmes.eligibility import first_denial
from casework.programmes.loader import load_catalogue
from casework.programmes.rules import RULES
from casework.programmes.rules.income import classify, exclusions, imputed
from tests.office import id_number

TODAY = dt.date(2026, 11, 23)
YUAN = 100
L = 1_000 * YUAN
NUMBERS = {"subsistence_line": L, "minimum_wage": 2_000 * YUAN}


def household(members: int, income: int, rigid: int, kind: str = "care", **changes: Any) -> dict[str, Any]:
    """Answers of a household whose members besides the applicant are pupils. income, rigid: yuan in twelve months."""
    return {
        "work": "employed", "id_no": id_number(1),
        "members": [{"name": "李小明", "relation": "child", "work": "student"} for _n in range(members - 1)],
        "incomes": [{"member": "self", "kind": "wage", "amount": income * YUAN}],
        "rigid": [{"member": "self", "kind": kind, "amount": rigid * YUAN, "reimbursed": 0}],
        "homes": 1, "business": "none", "vehicle": "none",
    } | changes


def judged(answers: dict[str, Any], **more: Any) -> tuple[int, str]:
    """(income per head and month in fen, category)."""
    facts = classify(answers, NUMBERS, TODAY, **more)
    return facts["pc_fen"], facts["category"]


def denial(facts: dict[str, Any]) -> str:
    """The reason the dossier's programme gives for these facts."""
    return first_denial(load_catalogue()["hardship_dossier"].eligibility, facts)


CASES = {
    1: (household(3, 48_000, 15_000), 916_67, "deep"),
    2: (household(4, 96_000, 12_000), 1_750_00, "relative"),
    3: (household(2, 60_000, 12_000), 2_000_00, "none"),
    4: (household(3, 120_000, 100_000, "medical"), 555_56, "deep"),
    5: (household(2, 300_000, 245_000, "medical"), 2_291_67, "accidental"),
    6: (household(2, 300_000, 239_000, "medical"), 2_541_67, "none"),
}


def check_case(number: int) -> None:
    """Exact to the fen, the category, and what the programme says to it."""
    answers, pc, category = CASES[number]
    facts = classify(answers, NUMBERS, TODAY)
    assert (facts["pc_fen"], facts["category"]) == (pc, category)
    assert denial(facts) == ("INCOME_ABOVE_LINE" if category == "none" else "")


def test_case_1_three_members_deep() -> None:
    check_case(1)


def test_case_2_four_members_relative() -> None:
    check_case(2)


def test_case_3_exactly_twice_the_line_is_none() -> None:
    check_case(3)


def test_case_4_a_great_illness_is_deep_because_the_first_match_wins() -> None:
    check_case(4)


def test_case_5_own_cost_over_four_fifths_of_the_income_is_accidental() -> None:
    check_case(5)


def test_case_6_own_cost_just_under_four_fifths_is_none() -> None:
    check_case(6)


@pytest.mark.parametrize("number", CASES)
def test_any_of_them_with_two_homes_is_denied_for_the_homes(number: int) -> None:
    answers, pc, category = CASES[number]
    facts = classify(answers | {"homes": 2}, NUMBERS, TODAY)
    assert facts["exclusions"] == ["EXCL_HOMES"] and denial(facts) == "EXCL_HOMES"
    # What the household earns is told all the same.
    assert (facts["pc_fen"], facts["category"]) == (pc, category)


def test_the_programme_calls_this_rule_by_its_name() -> None:
    assert RULES[load_catalogue()["hardship_dossier"].classify].function is classify


# Edges.

@pytest.mark.parametrize(("twelve_months", "pc", "category"), [
    (24_000_00 - 1, 1_000_00, "deep"),  # 999.9996 is shown as 1,000.00, and is still below the line
    (24_000_00, 1_000_00, "relative"),
    (48_000_00 - 1, 2_000_00, "relative"),
    (48_000_00, 2_000_00, "none"),
    (48_000_00 + 11, 2_000_00, "none"),
    (48_000_00 + 12, 2_000_01, "none"),  # 2,000.005 goes up
    (0, 0, "deep"),
    (-24_000_00, -1_000_00, "deep"),
])
def test_rounding_comes_last_and_never_decides(twelve_months: int, pc: int, category: str) -> None:
    answers = household(2, 60_000, 0)
    answers["rigid"] = [{"member": "self", "kind": "care", "amount": 60_000_00 - twelve_months}]
    assert judged(answers) == (pc, category)


@pytest.mark.parametrize(("cost", "category"), [(239_999_99, "none"), (240_000_00, "accidental")])
def test_four_fifths_of_the_income_are_enough(cost: int, category: str) -> None:
    answers = household(1, 300_000, 0)
    answers["rigid"] = [{"member": "self", "kind": "accident", "amount": cost}]
    assert judged(answers)[1] == category


@pytest.mark.parametrize("kind", ["care", "school", "work", "other"])
def test_only_illness_and_accident_are_events(kind: str) -> None:
    assert classify(household(2, 300_000, 245_000, kind), NUMBERS, TODAY)["category"] == "none"


def test_a_disaster_is_accidental_whatever_the_income() -> None:
    assert judged(household(1, 300_000, 0, disaster=True)) == (25_000_00, "accidental")
    assert judged(household(3, 48_000, 15_000, disaster=True))[1] == "deep"


def test_the_order_of_the_categories_is_a_number_of_the_region() -> None:
    facts = classify(CASES[4][0], NUMBERS | {"category_order": ["accidental", "deep", "relative"]}, TODAY)
    assert (facts["pc_fen"], facts["category"]) == (555_56, "accidental")


def test_what_was_reimbursed_is_no_spending() -> None:
    answers = household(3, 48_000, 0)
    answers["rigid"] = [
        {"member": "self", "kind": "medical", "amount": 20_000_00, "reimbursed": 5_000_00},
        {"member": "0", "kind": "medical", "amount": 100_00, "reimbursed": 500_00},  # more came back than was paid
    ]
    facts = classify(answers, NUMBERS, TODAY)
    assert (facts["rigid_fen"], facts["event_fen"], facts["pc_fen"]) == (15_000_00, 15_000_00, 916_67)


@pytest.mark.parametrize(("changes", "codes"), [
    ({}, []),
    ({"homes": 0}, []),
    ({"homes": 3}, ["EXCL_HOMES"]),
    ({"business": "own", "vehicle": "working"}, []),
    ({"business": "hiring"}, ["EXCL_BUSINESS"]),
    ({"private_school": True}, ["EXCL_SCHOOL"]),
    ({"study_abroad": True}, ["EXCL_SCHOOL"]),
    ({"vehicle": "private"}, ["EXCL_CAR"]),
    ({"homes": 2, "vehicle": "private"}, ["EXCL_HOMES", "EXCL_CAR"]),
])
def test_exclusions(changes: dict[str, Any], codes: list[str]) -> None:
    answers = household(3, 48_000, 15_000, **changes)
    assert exclusions(answers) == codes
    assert denial(classify(answers, NUMBERS, TODAY)) == (codes[0] if codes else "")


def test_a_refused_check_comes_before_everything() -> None:
    facts = classify(household(3, 48_000, 15_000, homes=2), NUMBERS, TODAY)
    assert denial(facts | {"check_refused": True}) == "CHECK_REFUSED"
    assert denial(facts | {"check_refused": False}) == "EXCL_HOMES"


# Lines.

def test_every_amount_that_was_reckoned_with_has_a_line_in_both_languages() -> None:
    answers = household(2, 30_000, 9_000, "medical")
    answers["members"][0] |= {"work": "jobless", "id_no": id_number(2)}
    answers["incomes"].append({"member": "0", "kind": "transfer", "amount": 600_00})
    facts = classify(answers, NUMBERS, TODAY)
    values = {line["key"]: line["value"] for line in facts["lines"]}
    assert values == {
        "income.0": 30_000_00, "income.1": 600_00, "imputed.0": 24_000_00, "rigid.0": 9_000_00, "income": 54_600_00,
        "rigid": 9_000_00, "members": 2, "pc": 1_900_00, "line": L,
    }
    assert (facts["income_fen"], facts["rigid_fen"], facts["members"], facts["line_fen"]) == (54_600_00, 9_000_00, 2, L)
    for line in facts["lines"]:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in line["zh"])
        assert line["en"].isascii() or "−" in line["en"]
        assert line["unit"] == ("people" if line["key"] == "members" else "fen")


def test_income_that_was_found_replaces_what_was_declared() -> None:
    answers = household(3, 48_000, 15_000)
    facts = classify(answers, NUMBERS, TODAY, found_income=120_000_00)
    assert (facts["pc_fen"], facts["category"], facts["income_fen"]) == (2_916_67, "none", 120_000_00)
    values = {line["key"]: line["value"] for line in facts["lines"]}
    # Both stand in the sheet: what was said and what was found.
    assert (values["income.0"], values["found"], values["income"]) == (48_000_00, 120_000_00, 120_000_00)
    assert judged(answers, found_income=0) == (-416_67, "deep")
    assert "found" not in {line["key"] for line in classify(answers, NUMBERS, TODAY)["lines"]}


# The minimum wage that is imputed.

def adult(born: str = "19800101", work: str = "jobless", **more: Any) -> dict[str, Any]:
    """A member with an ID number."""
    return {"name": "王秀英", "relation": "spouse", "work": work, "id_no": id_number(7, born)} | more


def test_the_minimum_wage_is_imputed_to_who_could_work_and_proves_nothing() -> None:
    answers = household(2, 36_000, 0) | {"members": [adult()]}
    assert imputed(answers, TODAY) == ["0"]
    assert judged(answers) == (2_500_00, "none")  # (36,000 + 12 × 2,000) ÷ 12 ÷ 2
    answers["members"] = [adult(work="unable")]
    assert judged(answers) == (1_500_00, "relative")


@pytest.mark.parametrize("work", ["student", "retired", "unable"])
def test_not_to_pupils_pensioners_and_the_disabled(work: str) -> None:
    assert imputed({"work": work, "id_no": id_number(1), "members": [adult(work=work)]}, TODAY) == []


@pytest.mark.parametrize("work", ["employed", "laid_off", "jobless"])
def test_also_to_the_applicant(work: str) -> None:
    answers = {"work": work, "id_no": id_number(1)}
    assert imputed(answers, TODAY) == ["self"]
    assert judged(answers) == (2_000_00, "none")


@pytest.mark.parametrize(("kind", "enough"), [
    ("wage", True), ("business", True), ("unemployment", True), ("transfer", False), ("property", False),
    ("support", False), ("basic_pension", False),
])
def test_earned_income_and_unemployment_benefit_are_proofs_and_nothing_else_is(kind: str, enough: bool) -> None:
    answers = {"work": "employed", "id_no": id_number(1), "incomes": [{"member": "self", "kind": kind, "amount": 100}]}
    assert imputed(answers, TODAY) == ([] if enough else ["self"])


def test_unemployment_benefit_is_not_counted_twice() -> None:
    """Seen red with the minimum wage imputed on top: 1,500 + 2,000 a month for one who gets 1,500."""
    benefit = [{"member": "self", "kind": "unemployment", "amount": 18_000_00}]
    answers = {"work": "jobless", "id_no": id_number(1), "incomes": benefit}
    assert judged(answers) == (1_500_00, "relative")


def test_a_version_that_names_the_earlier_rule_keeps_its_figures() -> None:
    benefit = [{"member": "self", "kind": "unemployment", "amount": 18_000_00}]
    answers = {"work": "jobless", "id_no": id_number(1), "incomes": benefit}
    earlier = RULES["hardship_category"].classify(answers, NUMBERS, TODAY, found_income=None)
    assert (earlier["pc_fen"], earlier["category"]) == (3_500_00, "none")
    for case, pc, category in CASES.values():
        again = RULES["hardship_category"].classify(case, NUMBERS, TODAY, found_income=None)
        assert (again["pc_fen"], again["category"]) == (pc, category)


def test_a_basic_pension_is_listed_and_not_counted() -> None:
    answers = household(2, 36_000, 0)
    answers["incomes"].append({"member": "0", "kind": "basic_pension", "amount": 2_400_00})
    facts = classify(answers, NUMBERS, TODAY)
    assert (facts["income_fen"], facts["pc_fen"]) == (36_000_00, 1_500_00)
    listed = next(line for line in facts["lines"] if line["key"] == "income.1")
    assert (listed["value"], listed["zh"]) == (0, "收入 2（城乡居民基础养老金，不计入）")


@pytest.mark.parametrize(("born", "counts"), [
    ("20101124", False),  # sixteen tomorrow
    ("20101123", True),
    ("19661124", True),  # sixty tomorrow
    ("19661123", False),
    ("20080229", True),
])
def test_working_age_begins_and_ends_on_the_birthday(born: str, counts: bool) -> None:
    answers = {"work": "retired", "members": [adult(born)]}
    assert imputed(answers, TODAY) == (["0"] if counts else [])


def test_each_member_is_judged_alone() -> None:
    answers = {
        "work": "employed", "id_no": id_number(1), "members": [adult(), adult(work="student"), adult()],
        "incomes": [{"member": "2", "kind": "wage", "amount": 1}],
    }
    assert imputed(answers, TODAY) == ["self", "0"]


def test_an_empty_form_is_a_household_of_one_without_income() -> None:
    assert judged({}) == (0, "deep")
    assert judged({"members": None, "incomes": None, "rigid": None, "homes": None}) == (0, "deep")


# What holds for any household.

amounts = st.integers(0, 10**9)
spending = st.fixed_dictionaries({
    "member": st.just("self"), "amount": amounts, "reimbursed": st.one_of(st.none(), amounts),
    "kind": st.sampled_from(["medical", "care", "school", "work", "accident", "other"]),
})
earning = st.fixed_dictionaries({
    "member": st.just("self"), "amount": amounts, "kind": st.sampled_from(["wage", "transfer", "property"]),
})
households = st.fixed_dictionaries({
    "members": st.lists(st.just({"work": "student"}), max_size=6), "incomes": st.lists(earning, max_size=5),
    "rigid": st.lists(spending, max_size=5), "disaster": st.booleans(),
})
RANK = ("deep", "relative", "accidental", "none")


@given(households)
def test_the_result_is_the_exact_fraction_rounded_once(answers: dict[str, Any]) -> None:
    facts = classify(answers, NUMBERS, TODAY)
    net = sum(max(0, row["amount"] - (row["reimbursed"] or 0)) for row in answers["rigid"])
    people = 1 + len(answers["members"])
    exact = Fraction(sum(row["amount"] for row in answers["incomes"]) - net, 12 * people)
    assert facts["pc_fen"] == half_up(exact)
    assert abs(facts["pc_fen"] - exact) <= Fraction(1, 2)
    assert (facts["category"] == "deep") == (exact < L)
    assert facts["category"] != "relative" or L <= exact < 2 * L
    assert facts["category"] != "none" or exact >= 2 * L


@given(households, spending)
def test_more_rigid_spending_never_raises_the_income_nor_worsens_the_standing(
    answers: dict[str, Any], more: dict[str, Any]
) -> None:
    before = classify(answers, NUMBERS, TODAY)
    after = classify(answers | {"rigid": [*answers["rigid"], more]}, NUMBERS, TODAY)
    assert after["pc_fen"] <= before["pc_fen"]
    assert after["event_fen"] >= before["event_fen"]
    assert RANK.index(after["category"]) <= RANK.index(before["category"])


@given(households, earning)
def test_more_income_never_lowers_the_income_per_head(answers: dict[str, Any], more: dict[str, Any]) -> None:
    before = classify(answers, NUMBERS, TODAY)
    after = classify(answers | {"incomes": [*answers["incomes"], more]}, NUMBERS, TODAY)
    assert after["pc_fen"] >= before["pc_fen"]
    assert RANK.index(after["category"]) >= RANK.index(before["category"])


@given(households, st.randoms())
def test_the_order_of_the_rows_does_not_matter(answers: dict[str, Any], chance: Any) -> None:
    mixed = answers | {key: chance.sample(answers[key], len(answers[key])) for key in ("incomes", "rigid")}
    one, other = classify(answers, NUMBERS, TODAY), classify(mixed, NUMBERS, TODAY)
    assert all(one[key] == other[key] for key in ("pc_fen", "category", "income_fen", "rigid_fen", "event_fen"))


@given(households)
def test_the_same_answers_give_the_same_facts_and_are_left_as_they_were(answers: dict[str, Any]) -> None:
    kept = repr(answers)
    assert classify(answers, NUMBERS, TODAY) == classify(answers, NUMBERS, TODAY)
    assert repr(answers) == kept
