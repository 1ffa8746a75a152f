"""Mutual claims and medical aid (domain §5.1, §5.2): what the household bore itself, by its table, never above the real
cost; tuition and temporary aid by theirs."""
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.demo.tables import TABLES
from casework.programmes.rules import RULES, RuleFault
from casework.programmes.rules.medical import own_cost, self_in_list

YUAN = 100
NUMBERS: dict[str, Any] = {**dict(TABLES), "subsistence_line": 72_000}
TIERS = {"kind": "marginal", "cap_year_fen": 20_000 * YUAN,
         "tiers": [{"to_fen": 10_000 * YUAN, "percent": 90}, {"percent": 70}]}


def award(name: str, answers: dict[str, Any], category: str = "", earlier: dict[str, int] | None = None,
          **numbers: Any) -> dict[str, Any]:
    """The facts of an award."""
    return RULES[name].award(answers, NUMBERS | numbers, category, earlier)


def stay(yuan: int) -> dict[str, Any]:
    """A stay in hospital with so much left to the insured within the list."""
    return {"total": (yuan + 9_000) * YUAN, "insured_paid": 6_000 * YUAN, "catastrophic": 1_000 * YUAN,
            "other": 500 * YUAN, "outside_list": 1_500 * YUAN}


def ill(yuan: int, **more: Any) -> dict[str, Any]:
    """A treatment of which so much is left to the household."""
    return {"treatment": [{"total": (yuan + 100) * YUAN, "insured": 60 * YUAN, "mutual": 40 * YUAN}], **more}


def test_the_base_of_a_claim_is_what_the_insured_paid_within_the_list() -> None:
    assert self_in_list(stay(7_200)) == 7_200 * YUAN
    assert self_in_list({"total": 5, "insured_paid": 9}) == 0
    assert self_in_list({}) == 0


def test_two_claims_of_a_year_to_the_fen() -> None:
    first = award("mutual_claim_hospital", stay(7_200))
    assert (first["award_fen"], first["award_base_fen"]) == (1_660 * YUAN, 7_200 * YUAN)
    earlier = {"base_fen": first["award_base_fen"], "paid_fen": first["award_fen"]}
    second = award("mutual_claim_hospital", stay(10_000), earlier=earlier)
    assert second["award_fen"] == 3_000 * YUAN
    assert second["award_lines"][-1]["value"] == 3_000 * YUAN
    assert "10,000.00" in second["award_says"]["zh"] and "3,000.00" in second["award_says"]["en"]
    assert award("mutual_claim_hospital", stay(32_000))["award_fen"] == 10_300 * YUAN


def test_a_policy_officer_changes_the_kind_of_the_table_and_nothing_else() -> None:
    bands = {"kind": "bands", "from_fen": 10_000 * YUAN,
             "bands": [{"to_fen": 20_000 * YUAN, "sum_fen": 1_500 * YUAN}, {"sum_fen": 3_000 * YUAN}]}
    assert award("mutual_claim_hospital", stay(20_000), mutual_hospital=bands)["award_fen"] == 1_500 * YUAN
    assert award("mutual_claim_hospital", stay(9_999), mutual_hospital=bands)["award_fen"] == 0
    rate = {"kind": "rate", "percent": 60, "cap_event_fen": 100_000}
    assert award("mutual_claim_hospital", stay(20_000), mutual_hospital=rate)["award_fen"] == 100_000


def test_the_cap_of_the_year_is_told() -> None:
    found = award("mutual_claim_hospital", stay(90_000), earlier={"base_fen": 8_000_000, "paid_fen": 3_000_000})
    assert (found["award_fen"], found["award_limit"]) == (0, "year")
    assert "年度封顶" in found["award_says"]["zh"] and "cap of the year" in found["award_says"]["en"]


@pytest.mark.parametrize(("yuan", "category", "due"), [
    (15_000, "deep", 15_000), (26_000, "deep", 20_000), (15_000, "relative", 12_000), (26_000, "relative", 16_000),
    (15_000, "none", 0), (15_000, "", 0), (0, "deep", 0),
])
def test_medical_aid_by_category(yuan: int, category: str, due: int) -> None:
    assert award("medical_aid", ill(yuan), category)["award_fen"] == due * YUAN


@pytest.mark.parametrize(("yuan", "due"), [(15_000, 12_500), (30_000, 20_000), (10_000, 9_000)])
def test_medical_aid_in_tiers_as_elsewhere(yuan: int, due: int) -> None:
    assert award("medical_aid", ill(yuan), "deep", medical_aid={"deep": TIERS})["award_fen"] == due * YUAN
    assert award("medical_aid", ill(yuan), "relative", medical_aid=TIERS)["award_fen"] == due * YUAN


def test_medical_aid_pays_at_most_what_all_others_left() -> None:
    found = award("medical_aid", ill(1_000, other_aid=[{"amount": 300 * YUAN}]), "deep")
    assert (found["award_fen"], found["award_limit"]) == (700 * YUAN, "rest")
    generous = {"deep": {"kind": "fixed", "sum_fen": 500_000}}
    assert award("medical_aid", ill(1_000), "deep", medical_aid=generous)["award_fen"] == 1_000 * YUAN
    assert award("medical_aid", ill(0, other_aid=[{"amount": 5}]), "deep", medical_aid=generous)["award_fen"] == 0


def test_a_category_without_a_table_is_a_fault_and_no_guess() -> None:
    with pytest.raises(RuleFault) as caught:
        award("medical_aid", ill(1_000), "accidental", medical_aid={"deep": TIERS})
    assert caught.value.where == "medical_aid.accidental"


payers = st.fixed_dictionaries(
    {key: st.integers(0, 10**8) for key in ("total", "insured", "catastrophic", "civil_aid", "mutual", "commercial")}
)


@given(st.lists(payers, max_size=5), st.lists(st.integers(0, 10**7), max_size=3), st.sampled_from(["deep", "relative"]))
def test_with_everybody_else_never_more_than_the_real_cost(
    rows: list[dict[str, int]], others: list[int], category: str
) -> None:
    answers = {"treatment": rows, "other_aid": [{"amount": amount} for amount in others]}
    paid = award("medical_aid", answers, category)["award_fen"]
    assert 0 <= paid <= max(0, own_cost(answers) - sum(others))


@pytest.mark.parametrize(("answers", "table", "due"), [
    ({"stage": "bachelor"}, NUMBERS["tuition_aid"], 3_000),
    ({"stage": "bachelor", "key_university": True}, NUMBERS["tuition_aid"], 5_000),
    ({"stage": "bachelor", "amount": 100_000}, NUMBERS["tuition_aid"], 1_000),
    ({"stage": "college"}, {"kind": "multiple", "times": {"higher": 10, "high": 6}}, 7_200),
    ({"stage": "vocational"}, {"kind": "multiple", "times": {"higher": 10, "high": 6}}, 4_320),
])
def test_tuition_aid_by_university_or_stage(answers: dict[str, Any], table: Any, due: int) -> None:
    assert award("tuition_aid", answers, tuition_aid=table)["award_fen"] == due * YUAN


def test_temporary_aid_has_a_cap_a_year() -> None:
    assert award("temporary_aid", {"amount": 200_000})["award_fen"] == 200_000
    assert award("temporary_aid", {"amount": 200_000}, earlier={"paid_fen": 200_000})["award_fen"] == 100_000
    assert award("temporary_aid", {"amount": 900_000})["award_fen"] == 300_000


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.kind == "award"])
def test_a_rule_without_its_numbers_fails_by_name(name: str) -> None:
    with pytest.raises(RuleFault) as caught:
        RULES[name].award({"amount": 5}, {}, "deep", None)
    assert caught.value.where.partition(".")[0] in RULES[name].numbers
    with pytest.raises(RuleFault):
        RULES[name].check({})


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.kind == "award"])
def test_nonsense_in_the_numbers_or_answers_is_a_fault_of_the_rule(name: str) -> None:
    for numbers in (dict.fromkeys(RULES[name].numbers, "nonsense"), dict.fromkeys(RULES[name].numbers)):
        with pytest.raises(RuleFault):
            RULES[name].award({"amount": 5}, numbers, "deep", None)
