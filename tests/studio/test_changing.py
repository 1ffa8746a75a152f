"""Changing the content of a draft: what a section asks is written to its place, and nothing else is."""
import copy
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.translation import override

from casework.demo import programmes as programmes_of_demo
from casework.demo import tables as tables_of_demo
from casework.programmes.loader import CATALOGUE, build, content_of
from casework.studio import changes, questions, tables, words
from casework.studio.places import value_at, with_value
from casework.studio.saving import read_section
from casework.studio.sections import SECTIONS


@pytest.fixture
def content() -> dict[str, Any]:
    return content_of(CATALOGUE / "living_aid")


def sent(section: str, content: dict[str, Any], **changed: str) -> tuple[dict[str, Any], list[Any]]:
    """The section as its page would send it, with some values changed; names with __ for the dots."""
    typed = QueryDict(mutable=True)
    for block in SECTIONS[section][1](content, content):
        for q in block.all:
            value = questions.shown(q, content)
            if q.kind != "yes_no" or value:
                typed[q.name] = value
    for name, value in changed.items():
        typed[name.replace("__", ".")] = value
    after, problems, _moved = read_section(typed, section, content, content)
    return after, problems


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("key", ["living_aid", "hardship_dossier"])
def test_a_section_sent_back_as_it_was_drawn_changes_nothing_that_counts(section: str, key: str) -> None:
    content = content_of(CATALOGUE / key)
    after, problems = sent(section, content)
    assert problems == [] and build(after) == build(content)


def test_a_limit_is_read_with_or_without_its_unit(content: dict[str, Any]) -> None:
    after, problems = sent("route", content, programme__route__accepted__review__limit="7")
    assert problems == [] and build(after).step("review").limit_wd == 7


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7", "7wd"), ("7wd", "7wd"), ("7 个工作日", "7wd"), ("7 working days", "7wd"), ("30 日", "30d"),
        ("30 days", "30d"),
    ],
)
def test_a_limit_is_typed_as_one_says_it(content: dict[str, Any], typed: str, kept: str) -> None:
    after, problems = sent("route", content, programme__route__accepted__review__limit=typed)
    assert problems == [] and value_at(after, ("programme", "route", "accepted", "review", "limit")) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("15 年", "15y"), ("15 years", "15y"), ("15", "15y"), ("永久", "permanent")]
)
def test_years_are_typed_as_one_says_them(content: dict[str, Any], typed: str, kept: str) -> None:
    after, problems = sent("limits", content, programme__retention=typed)
    assert problems == [] and value_at(after, ("programme", "retention")) == kept


@pytest.mark.parametrize(("language", "limit"), [("zh-hans", "10 个工作日"), ("en", "10 working days")])
def test_a_limit_is_shown_as_one_says_it(content: dict[str, Any], language: str, limit: str) -> None:
    with override(language):
        asked = [q for block in SECTIONS["route"][1](content, content) for q in block.all]
        found = {q.name: questions.shown(q, content) for q in asked}
    assert found["programme.route.accepted.review.limit"] == limit


def test_a_wrong_limit_is_told_at_its_place_and_kept_as_it_was_typed(content: dict[str, Any]) -> None:
    after, problems = sent("route", content, programme__route__accepted__review__limit="soon")
    assert [problem.place for problem in problems] == ["programme.route.accepted.review.limit"]
    assert value_at(after, ("programme", "route", "accepted", "review", "limit")) == "soon"


def test_a_place_that_the_section_does_not_ask_for_is_not_written(content: dict[str, Any]) -> None:
    after, _problems = sent("texts", content, programme__fund="everything", programme__version="9", state="published")
    assert after["programme"] == content["programme"]


def test_the_content_at_hand_is_never_changed_under_its_owner(content: dict[str, Any]) -> None:
    before = copy.deepcopy(content)
    with_value(content, ("programme", "title", "en"), "Other")
    changes.apply(content, content, "off:programme.route.accepted.county_notice")
    assert content == before


def test_a_step_switched_off_and_on_again_stands_where_it_stood(content: dict[str, Any]) -> None:
    off = changes.apply(content, content, "off:programme.route.accepted.review")
    assert "review" not in [step.key for step in build(off).steps()]
    assert [place for place, _title in changes.switched_off(off, content)] == ["programme.route.accepted.review"]
    on = changes.apply(off, content, "on:programme.route.accepted.review")
    assert build(on) == build(content)


def test_steps_and_rows_move_up_and_down(content: dict[str, Any]) -> None:
    moved = changes.apply(content, content, "down:programme.route.accepted.review")
    assert list(moved["programme"]["route"]["accepted"]) == ["approve", "review", "county_notice"]
    field = "form.pages.0.groups.0.items.1"
    up = changes.apply(content, content, f"up:{field}")
    assert [item["key"] for item in up["form"]["pages"][0]["groups"][0]["items"]][:2] == ["months", "year"]


def test_what_is_added_can_be_read_at_once(content: dict[str, Any]) -> None:
    for act in ("add:who", "add:paper", "add:field:form.pages.0.groups.0.items"):
        content = changes.apply(content, content, act)
    after = build(content)
    assert after.papers[-1].title.en == "New paper" and after.form.field("question_1") is not None


@pytest.mark.parametrize(
    "act",
    [
        "remove:programme.key", "remove:programme.route", "up:programme.who.0", "down:form.pages.0.groups.0.items.99",
        "explode:programme.who.0", "add:field:programme.total", "on:programme.route.accepted.review", "remove:", "",
        "remove:programme.papers.none", "up:programme.route.accepted.review",
    ],
)
def test_an_act_or_place_that_no_button_has_is_refused(content: dict[str, Any], act: str) -> None:
    with pytest.raises(changes.UnknownAct):
        changes.apply(content, content, act)


TIERS = {"kind": "marginal", "tiers": [{"to_fen": 500_000, "percent": 20}, {"percent": 50}], "cap_year_fen": 3_000_000}


def cells(value: Any) -> dict[str, str]:
    found = {}
    for part in tables.parts_of("mutual_hospital", value):
        rows = part.rows if isinstance(part, tables.Table) else ((part,),)
        found |= {cell.name: cell.shown for row in rows for cell in row}
    return found


def test_a_table_sent_back_as_it_was_drawn_is_the_same_table() -> None:
    assert tables.read("mutual_hospital", TIERS, cells(TIERS)) == (TIERS, [])


def test_money_is_typed_in_yuan_and_kept_in_fen_and_rows_come_and_go() -> None:
    typed = cells(TIERS)
    assert typed["value.tiers.0.to_fen"] == "5000.00" and typed["value.tiers.2.to_fen"] == ""
    typed |= {"value.tiers.0.to_fen": "6000", "value.tiers.1.to_fen": "20000", "value.tiers.1.percent": "30"}
    typed |= {"value.tiers.2.percent": "40"}
    value, problems = tables.read("mutual_hospital", TIERS, typed)
    assert problems == []
    assert value["tiers"] == [
        {"to_fen": 600_000, "percent": 20}, {"to_fen": 2_000_000, "percent": 30}, {"percent": 40}
    ]
    typed |= {"value.tiers.0.to_fen": "", "value.tiers.0.percent": ""}
    assert len(tables.read("mutual_hospital", TIERS, typed)[0]["tiers"]) == 2


def test_a_list_of_words_has_room_for_one_more_and_an_emptied_one_goes_away() -> None:
    plan = {"diseases": ["C", "I21"], "excluded_causes": []}
    typed = cells(plan)
    assert tables.read("mutual_plan_critical", plan, typed) == (plan, [])
    typed |= {"value.diseases.0": "", "value.diseases.2": "D61", "value.excluded_causes.0": "work_injury"}
    found, problems = tables.read("mutual_plan_critical", plan, typed)
    assert (found, problems) == ({"diseases": ["I21", "D61"], "excluded_causes": ["work_injury"]}, [])
    grades: dict[str, Any] = {"percents": ["12.5", "10"]}
    assert tables.read("table", grades, cells(grades) | {"value.percents.2": "5"})[0] == grades
    grades = {"percents": [100, 50]}
    assert tables.read("table", grades, cells(grades) | {"value.percents.0": ""})[0] == {"percents": [None, 50]}


def test_a_ceiling_without_limit_is_an_empty_cell() -> None:
    ceilings = {"county": 2_000_000, "province": None}
    assert cells(ceilings) == {"value.county": "20000.00", "value.province": ""}
    assert tables.read("approval_levels_medical", ceilings, {"value.county": "30000"})[0] == {
        "county": 3_000_000, "province": None
    }


def test_what_is_no_number_is_told_at_its_cell() -> None:
    _value, problems = tables.read("mutual_hospital", TIERS, {"value.tiers.0.percent": "a fifth"})
    assert [problem.place for problem in problems] == ["value.tiers.0.percent"]


def test_all_that_stands_under_a_name_of_money_is_typed_in_yuan() -> None:
    sums = {"kind": "fixed", "sums": {"advice": 10_000, "other": 5_050}}
    assert cells(sums)["value.sums.advice"] == "100.00"
    assert tables.read("legal_aid_fee", sums, {"value.sums.advice": "150"})[0]["sums"] == {
        "advice": 15_000, "other": 5_050
    }


def test_rows_of_mappings_and_ticks_come_back_as_they_were() -> None:
    standard = {
        "items": [
            {"key": "dues", "group": {"zh": "组织", "en": "Organisation"}, "full": 10},
            {"key": "wages", "group": {"zh": "否决", "en": "Veto"}, "full": 0, "veto": True},
        ],
        "reward_fen": {"qualified": 200_000},
    }
    typed = cells(standard)
    assert tables.read("standard_home", standard, typed) == (standard, [])
    typed |= {"value.items.0.group.en": "Union", "value.items.1.veto": ""}
    items = tables.read("standard_home", standard, typed)[0]["items"]
    assert items[0]["group"] == {"zh": "组织", "en": "Union"} and "veto" not in items[1]


def test_every_number_of_the_demonstration_and_its_parts_has_words() -> None:
    for key, value in (*tables_of_demo.TABLES, *((key, value) for key, _region, value in programmes_of_demo.NUMBERS)):
        for part in tables.parts_of(key, value):
            rows = part.rows if isinstance(part, tables.Table) else ((part,),)
            names = {key, *(name for row in rows for cell in row for name in cell.path if isinstance(name, str))}
            assert names <= set(words.NUMBERS), key
