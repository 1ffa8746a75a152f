"""No sum stands in a programme: conditions and texts name regional numbers, by region and day."""

import datetime as dt
import re
from typing import Any

import pytest

from casework.core.text import Text
from casework.demo import programmes as demo
from casework.demo import tables
from casework.programmes import entered, references, wording
from casework.programmes.eligibility import fits
from casework.programmes.facts import condition
from casework.programmes.loader import CATALOGUE, build, content_of, load_catalogue
from casework.programmes.models import Parameter
from casework.programmes.reading import ProgrammeFault
from casework.programmes.rules import RuleFault
from casework.programmes.rules.terms import terms
from casework.workflows.awards import compared

NUMBERS: dict[str, Any] = {key: value for key, _region, value in demo.NUMBERS} | dict(tables.TABLES)
ABOVE = {"award_fen": {"above": {"number": "limit"}}}


def content(**when: Any) -> dict[str, Any]:
    found = content_of(CATALOGUE / "mutual_claim_hospital")
    found["programme"]["route"]["accepted"]["review"]["when"] = {"award_fen": when}
    return found


@pytest.mark.parametrize(("fen", "holds"), [(300_000, False), (300_001, True)])
def test_a_condition_compares_with_the_number_it_names(fen: int, holds: bool) -> None:
    assert fits(ABOVE, {"award_fen": fen}, {"limit": 300_000}) is holds
    inside = {"award_fen": {"below": {"number": "limit.city.top_fen"}}}
    assert fits(inside, {"award_fen": fen}, {"limit": {"city": {"top_fen": 300_001}}}) is not holds


@pytest.mark.parametrize("numbers", [{}, {"limit": {"top": 1}}, {"limit": "3000"}, {"limit": True}, {"limit": None}])
def test_a_number_that_is_missing_or_no_whole_number_is_never_guessed(numbers: dict[str, Any]) -> None:
    with pytest.raises(RuleFault) as fault:
        fits(ABOVE, {"award_fen": 1}, numbers)
    assert fault.value.where == "limit"


@pytest.mark.parametrize("wanted", [{"number": 3}, {"nummer": "limit"}, {"number": "limit", "or": 1}])
def test_a_reference_is_written_in_one_way(wanted: Any) -> None:
    with pytest.raises(ProgrammeFault, match="number: its name"):
        build(content(above=wanted))


def test_a_condition_is_told_with_the_name_and_the_value_of_its_number() -> None:
    claim = load_catalogue()["mutual_claim_hospital"]
    when = claim.step("review").when or {}
    assert condition(claim, when) == ("核定金额 > 互助理赔快速给付限额", "award > Fast-track limit of mutual claims")
    told = condition(claim, when, {"fast_track_mutual": 300_000})
    assert told.zh == "核定金额 > 3,000.00（互助理赔快速给付限额）"
    assert told.en == "award > 3,000.00 (Fast-track limit of mutual claims)"


@pytest.mark.parametrize(("table", "zh", "en"), [
    ({"kind": "marginal", "cap_year_fen": 3_000_000,
      "tiers": [{"to_fen": 500_000, "percent": 20}, {"to_fen": 2_000_000, "percent": "32.5"}, {"percent": 50}]},
     "5,000 元以内 20%，5,000 至 20,000 元 32.5%，20,000 元以上 50%，每年最高 30,000 元",
     "to 5,000 yuan 20 %, 5,000 to 20,000 yuan 32.5 %, above 20,000 yuan 50 %, at most 30,000 yuan a year"),
    ({"kind": "marginal", "deductible_fen": 50_000, "tiers": [{"percent": 60}]},
     "500 元以上 60%", "above 500 yuan 60 %"),
    ({"kind": "bands", "from_fen": 100_000, "bands": [{"to_fen": 200_000, "sum_fen": 15_050}, {"sum_fen": 50_000}]},
     "1,000 至 2,000 元给付 150.50 元，2,000 元以上给付 500 元",
     "1,000 to 2,000 yuan gives 150.50 yuan, above 2,000 yuan gives 500 yuan"),
    ({"kind": "rate", "percent": 80, "cap_event_fen": 100_000}, "按 80%，每次最高 1,000 元",
     "80 %, at most 1,000 yuan each time"),
    ({"kind": "rate", "percent": 60, "deductible_fen": 50_000}, "500 元以上部分按 60%",
     "of what is above 500 yuan 60 %"),
    ({"kind": "fixed", "sum_fen": 100_000, "cap_life_fen": 300_000}, "1,000 元，累计最高 3,000 元",
     "1,000 yuan, at most 3,000 yuan in all"),
    ({"kind": "fixed", "sums": {"key_university": 500_000, "other": 300_000}}, "重点大学 5,000 元，其他 3,000 元",
     "key university 5,000 yuan, other 3,000 yuan"),
    ({"kind": "daily", "day_fen": 5_000, "days_most": 180}, "每天 50 元，最多 180 天",
     "50 yuan a day, for at most 180 days"),
    ({"kind": "shares", "share_fen": 1_000_000, "shares_most": 3}, "每份 10,000 元，最多 3 份",
     "10,000 yuan a share, at most 3 shares"),
    ({"kind": "grade", "sum_fen": 1_000_000, "percents": [100, 50]}, "以 10,000 元为基数，1 级 100%、2 级 50%",
     "of 10,000 yuan grade 1 100 %, grade 2 50 %"),
    ({"kind": "multiple", "times": 10, "months_most": 3}, "月低保标准的 10 倍，最多 3 个月",
     "10 times the monthly line, for at most 3 months"),
    ({"kind": "multiple", "times": {"deep": 10}}, "深度困难月低保标准的 10 倍",
     "Deep hardship 10 times the monthly line"),
    ({"deep": {"kind": "rate", "percent": 100}, "relative": {"kind": "rate", "percent": 80}},
     "深度困难：按 100%；相对困难：按 80%", "Deep hardship: 100 %; Relative hardship: 80 %"),
])
def test_every_kind_of_table_is_told_in_words(table: dict[str, Any], zh: str, en: str) -> None:
    assert terms(table) == (zh, en)


BY_THE_LOCAL = Text(
    "按当地标准核定，请选择您所在的地区，或向当地工会询问。",
    "By the local standard: choose your region, or ask your union.",
)


def test_a_sentence_whose_number_is_not_entered_gives_way_to_the_local_standard() -> None:
    text = Text("最高 {top_fen:yuan} 元。按{table:terms}。另有 {more}。",
                "At most {top_fen:yuan} yuan. By {table:terms}.")
    told = wording.filled(text, {"top_fen": 150_050, "table": {"kind": "rate"}})
    assert told == (f"最高 1,500.50 元。{BY_THE_LOCAL.zh}", f"At most 1,500.50 yuan. {BY_THE_LOCAL.en}")
    assert wording.filled(text, {}) == BY_THE_LOCAL, "said once"


def test_an_aside_whose_number_is_not_entered_is_left_out() -> None:
    text = Text("低于低保标准（每月 {line:yuan} 元）的 {times} 倍", "below {times} times the line ({line:yuan} yuan)")
    assert wording.filled(text, {"times": 2}) == ("低于低保标准的 2 倍", "below 2 times the line")
    assert wording.filled(text, {"line": 72_000, "times": 2}).zh == "低于低保标准（每月 720 元）的 2 倍"


@pytest.mark.parametrize("key", [path.name for path in CATALOGUE.iterdir()])
def test_no_text_of_a_service_has_holes_where_numbers_are_not_entered(key: str) -> None:
    programme = build(content_of(CATALOGUE / key))
    for text in (*programme.who, programme.how_much):
        for gone in NUMBERS:
            told = wording.filled(text, {one: value for one, value in NUMBERS.items() if one != gone})
            assert not re.search(r"[{}]|（）|\(\)|（按|\(the local", f"{told.zh} {told.en}"), told
            assert [bool(said) for said in told] == [bool(said) for said in text]


@pytest.mark.parametrize("key", [path.name for path in CATALOGUE.iterdir()])
def test_the_catalogue_names_only_numbers_that_can_be_told_and_compared(key: str) -> None:
    programme = load_catalogue()[key]
    for text in (*programme.who, programme.how_much):
        said = wording.filled(text, NUMBERS)
        assert not {"{", "}"} & set(said.zh + said.en) and wording.LOCAL.zh not in said.zh
    assert all(references.whole(NUMBERS, name) for _place, name in compared(programme))


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "code"), [(5, []), ({"a": 1}, ["NUMBER_NOT_WHOLE"]), (None, ["NUMBER_NOT_ENTERED"])])
def test_the_check_of_a_draft_looks_at_what_is_entered(value: Any, code: list[str]) -> None:
    if value is not None:
        Parameter.objects.create(key="fast_track_mutual", effective_from=dt.date(2026, 1, 1), value=value)
    found = list(entered.findings(content(above={"number": "fast_track_mutual"})))
    assert [one.code for one in found] == code
    assert all(one.where.endswith("route.accepted.review.when.award_fen.above") for one in found)
    assert build(content(above=3)).step("review").when == {"award_fen": {"above": 3}}
