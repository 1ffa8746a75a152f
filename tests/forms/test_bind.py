"""Binding: nothing typed is lost, problems stand where their field stands, rows keep their bounds, conditions hold."""

from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from casework.forms.bind import Bound, as_raw, bind, bind_json, row_numbers
from casework.forms.rows import without_gaps, without_row
from casework.forms.spec import FormFault, FormSpec, holds
from tests.forms.samples import EVERY_KIND, TODAY, choices, form_of, item, repeat

EVERY = form_of(*EVERY_KIND)
NAMES = [one["key"] for one in EVERY_KIND if "repeat" not in one and one["kind"] != "union"]
PLACES = st.sampled_from(
    [*NAMES, *(f"members.{n}.{key}" for n in (0, 1, 2, 7, 40) for key in ("name", "pupil", "school"))]
)
TYPED = st.dictionaries(PLACES, st.lists(st.text(max_size=30), min_size=1, max_size=3), max_size=12)


def household(**more: Any) -> FormSpec:
    """Rows of people, and an answer that points at one of them."""
    return form_of(
        people=[
            repeat(
                "members",
                item("name", "person_name", required=True),
                item("pupil", "bool"),
                item("school", "text", required=True, when={"pupil": True}),
                min=1,
                max=3,
                **more,
            )
        ],
        money=[
            repeat("incomes", item("whose", "member_ref", of="members", required=True), item("amount", "money"), max=5),
            item("head", "member_ref", of="members"),
        ],
    )


def codes(bound: Bound) -> list[tuple[str, str]]:
    """What is wrong and where."""
    return [(problem.code, problem.place) for problem in bound.problems]


def texts(raw: dict[str, list[str]]) -> list[str]:
    """Everything typed, wherever its row went. Only a choice that pointed at nobody may be opened again."""
    return sorted(value for name, values in raw.items() if name != "whose" for value in values)


@given(TYPED)
def test_whatever_is_typed_comes_back(typed: dict[str, list[str]]) -> None:
    bound = bind(EVERY, typed, TODAY)
    assert bound.raw == without_gaps(EVERY, as_raw(typed))
    assert texts(bound.raw) == texts(typed)
    assert as_raw(bound.raw) == bound.raw
    again = bind(EVERY, bound.raw, TODAY)
    assert (again.answers, again.raw, codes(again)) == (bound.answers, bound.raw, codes(bound))


@given(TYPED)
def test_every_problem_stands_at_a_field_or_list_of_the_form(typed: dict[str, list[str]]) -> None:
    bound = bind(EVERY, typed, TODAY)
    for problem in bound.problems:
        head, _dot, rest = problem.place.partition(".")
        assert EVERY.field(problem.place) is not None or (head == "members" and not rest), problem.place
        if rest:
            assert int(rest.partition(".")[0]) in row_numbers("members", bound.raw)


def test_a_posted_form_is_read_like_a_mapping() -> None:
    posted = QueryDict("some=c1&some=c2&line=%F0%A0%AE%B7&members.0.name=%E5%BC%A0%E4%B8%89")
    bound = bind(EVERY, posted, TODAY)
    assert bound.answers["some"] == ["c1", "c2"] and bound.answers["line"] == "𠮷"
    assert bound.answers["members"] == [{"name": "张三", "pupil": False}]


def test_names_that_are_no_field_reach_no_answer() -> None:
    """Promise R3 at the bottom: a form lists its fields."""
    forged = {
        name: ["x"] for name in ("state", "amount_total", "org", "role", "owner", "is_staff", "id", "members.0.id")
    }
    assert set(bind(EVERY, forged, TODAY).answers) == {"yes", "yes_or_no", "members"}
    assert bind(EVERY, forged, TODAY).answers["members"] == [{"pupil": False}]
    found = bind_json(EVERY, {"state": "closed", "members": [{"name": "张三", "id": 4}]}, TODAY)
    assert {("UNKNOWN_FIELD", "state"), ("UNKNOWN_FIELD", "members.0.id")} <= set(codes(found))


def test_so_many_unknown_names_are_told_in_short() -> None:
    found = bind_json(EVERY, {"x" * 5000: 1, **{f"y{n}": 1 for n in range(500)}}, TODAY)
    told = [problem for problem in found.problems if problem.code == "UNKNOWN_FIELD"]
    assert len(told) == 50 and max(len(problem.place) for problem in told) == 100


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (0, [("TOO_FEW", "members")]),
        (1, []),
        (3, []),
        (4, [("TOO_MANY", "members")]),
    ],
)
def test_as_many_rows_as_the_form_wants(rows: int, expected: list[tuple[str, str]]) -> None:
    bound = bind(household(), {f"members.{n}.name": "张三" for n in range(rows)}, TODAY)
    assert codes(bound) == expected
    assert len(bound.answers["members"]) == min(rows, 3)
    assert len(bound.rows(next(iter(bound.form.items())))) == max(rows, 1)  # type: ignore[arg-type]


def test_a_flood_of_rows_is_cut() -> None:
    typed = {f"members.{n}.name": "张三" for n in range(999)}
    assert len(bind(household(), typed, TODAY).answers["members"]) == 3
    odd = {f"members.{n}.name": "x" for n in ("-1", "1e3", "٣", "1000", "a", "")}
    assert bind(household(), odd, TODAY).answers["members"] == []


def test_a_problem_in_a_row_is_named_by_the_row_that_is_drawn() -> None:
    """Rows 0 and 5 were typed (the ones between were removed on the page): they are drawn as 0 and 1."""
    bound = bind(household(), {"members.0.name": "张三", "members.5.name": "4"}, TODAY)
    assert codes(bound) == [("NAME_SIGNS", "members.1.name")]
    assert bound.typed("members.1.name") == ["4"]


@pytest.mark.parametrize("data", ["x", 5, {"0": {}}, [1, "x", None]])
def test_rows_that_are_no_rows(data: Any) -> None:
    found = bind_json(household(), {"members": data}, TODAY)
    assert found.problems and all(problem.place.startswith("members") for problem in found.problems)


def test_an_answer_that_points_at_nobody_is_refused() -> None:
    typed = {"members.0.name": "张三", "incomes.0.whose": "0", "incomes.1.whose": "1", "head": "2"}
    assert codes(bind(household(), typed, TODAY)) == [("MEMBER", "incomes.1.whose"), ("MEMBER", "head")]
    on_its_page = bind(household(), typed, TODAY, page="money")
    assert codes(on_its_page) == [("MEMBER", "incomes.1.whose"), ("MEMBER", "head")]


def test_taking_a_row_away_moves_the_answers_that_point_at_it() -> None:
    form = household()
    typed = as_raw(
        {
            "members.0.name": "甲甲",
            "members.1.name": "乙乙",
            "members.2.name": "丙丙",
            "head": "2",
            "incomes.0.whose": "1",
            "incomes.1.whose": "2",
            "incomes.2.whose": "self",
            "incomes.0.amount": "1",
        }
    )
    left = without_row(form, typed, "members", 1)
    assert (left["members.0.name"], left["members.1.name"]) == (["甲甲"], ["丙丙"])
    assert (left["incomes.1.whose"], left["incomes.2.whose"], left["head"]) == (["1"], ["self"], ["1"])
    assert left["incomes.0.whose"] == [""], "whoever it was for is asked again, never somebody else"
    assert codes(bind(form, left, TODAY)) == [("NEEDED", "incomes.0.whose")]
    assert without_row(form, typed, "incomes", 0)["incomes.0.whose"] == ["2"]


@given(st.sets(st.integers(0, 60), max_size=6), st.integers(0, 60))
def test_rows_after_taking_one_away_have_no_gaps(numbers: set[int], gone: int) -> None:
    form = household()
    raw = {f"members.{n}.name": [f"人{n}"] for n in numbers}
    left = without_row(form, raw, "members", gone)
    stay = sorted(numbers - {gone})
    assert left == {f"members.{new}.name": [f"人{old}"] for new, old in enumerate(stay)}


# Conditions


def test_what_is_not_asked_is_not_read_and_not_needed() -> None:
    form = household()
    without = bind(form, {"members.0.name": "张三", "members.0.school": "一中"}, TODAY)
    assert without.ok and without.answers["members"] == [{"name": "张三", "pupil": False}]
    assert without.typed("members.0.school") == ["一中"], "it stays in the draft for the one who ticks again"
    asked = bind(form, {"members.0.name": "张三", "members.0.pupil": "true"}, TODAY)
    assert codes(asked) == [("NEEDED", "members.0.school")]


def test_a_condition_looks_at_its_row_first_then_at_the_form() -> None:
    form = form_of(
        item("ill", "bool"),
        repeat("members", item("ill", "bool", required=True), item("since", "text", required=True, when={"ill": True})),
    )
    bound = bind(form, {"ill": "true", "members.0.ill": "false", "members.1.ill": "true"}, TODAY)
    assert codes(bound) == [("NEEDED", "members.1.since")]
    outer = form_of(item("ill", "bool"), repeat("members", item("since", "text", required=True, when={"ill": True})))
    assert codes(bind(outer, {"ill": "true", "members.0.since": ""}, TODAY)) == [("NEEDED", "members.0.since")]
    assert bind(outer, {"ill": "false", "members.0.since": ""}, TODAY).ok


def test_a_condition_may_ask_for_an_answer_of_another_page() -> None:
    form = form_of(
        first=[item("work", "enum", choices=choices(3), required=True)],
        second=[item("since", "date", required=True, when={"work": "c1"})],
    )
    assert codes(bind(form, {"work": "c1"}, TODAY, page="second")) == [("NEEDED", "since")]
    assert bind(form, {"work": "c2"}, TODAY, page="second").ok
    assert bind(form, {}, TODAY, page="second").ok, "the other page's own gaps are not this page's problem"


def test_a_hidden_list_is_not_read() -> None:
    form = form_of(item("any", "bool"), repeat("rows", item("x", "text"), min=1, when={"any": True}))
    assert bind(form, {"rows.0.x": "y"}, TODAY).answers == {"any": False}
    assert codes(bind(form, {"any": "true"}, TODAY)) == [("TOO_FEW", "rows")]


@pytest.mark.parametrize(
    ("condition", "answers", "true"),
    [
        (None, {}, True),
        ({}, {}, True),
        ({"a": "x"}, {"a": "x"}, True),
        ({"a": "x"}, {"a": "y"}, False),
        ({"a": "x"}, {}, False),
        ({"a": True}, {"a": False}, False),
        ({"a": False}, {"a": False}, True),
        ({"a": {"in": ["x", "y"]}}, {"a": "y"}, True),
        ({"a": {"in": ["x"]}}, {"a": ["z", "x"]}, True),
        ({"a": {"in": ["x"]}}, {"a": ["z"]}, False),
        ({"a": {"in": ["x"]}}, {}, False),
        ({"a": {"at_least": 2}}, {"a": 2}, True),
        ({"a": {"at_least": 2}}, {"a": 1}, False),
        ({"a": {"at_least": 2}}, {}, False),
        ({"a": {"at_most": 2}}, {"a": 2}, True),
        ({"a": {"at_most": 2}}, {"a": 3}, False),
        ({"a": {"at_least": 1, "at_most": 2}}, {"a": 3}, False),
        ({"a": "x", "b": "y"}, {"a": "x"}, False),
    ],
)
def test_closed_conditions(condition: dict[str, Any] | None, answers: dict[str, Any], true: bool) -> None:
    assert holds(condition, answers) is true


def test_an_empty_form_has_no_problems_yet_and_its_least_rows() -> None:
    bound = Bound.empty(household())
    assert bound.ok and bound.answers == {} and bound.raw == {}
    assert bound.rows(next(iter(bound.form.items()))) == [0]  # type: ignore[arg-type]


def test_derived_fields_are_never_read() -> None:
    form = form_of(item("x", "money"), item("y", "money"), item("total", "money", derived="difference", of=["x", "y"]))
    assert bind(form, {"total": "5", "x": "7"}, TODAY).answers == {"x": 700, "total": 700}
    assert bind_json(form, {"total": 5, "x": 700}, TODAY).answers == {"x": 700, "total": 700}
    assert bind(form, {"total": "5"}, TODAY).answers == {}


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("6217 9800 0000 0000 016", "6217980000000000016", []), ("6217980000000000016", "", ["AGAIN"]),
        ("6217980000000000016", "6217980000000000061", ["NOT_THE_SAME"]), ("", "6217980000000000016", ["NEEDED"]),
        ("621798", "621798", ["CARD_SHAPE"]), ("6217980000000000017", "6217980000000000017", ["CARD_LUHN"]),
    ],
)
def test_what_is_typed_twice_must_be_the_same_twice(first: str, second: str, wanted: list[str]) -> None:
    form = form_of(item("card", "bank_card", required=True, twice=True))
    bound = bind(form, {"card": first, "card.again": second}, TODAY)
    assert codes(bound) == [(code, "card") for code in wanted]
    assert set(bound.answers) <= {"card"}, "the second time is no answer"
    assert bind_json(form, bound.answers, TODAY).ok or not bound.ok


def test_no_row_asks_for_anything_twice() -> None:
    with pytest.raises(FormFault, match="typed twice"):
        form_of(repeat("rows", item("card", "bank_card", twice=True)))
