"""Every kind of field: what it accepts, what it refuses, and that it says so in both languages."""

import re
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from casework.forms.bind import Bound, bind, bind_json
from casework.forms.kinds import KINDS
from casework.forms.spec import FormFault, load_form
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from tests.forms.samples import FILE, LONG, OTHER_FILE, RIGHT, TODAY, WRONG, choices, form_of, item, words

CJK = re.compile(r"[\u4e00-\u9fff]")


def read(kind: str, typed: Any, **options: Any) -> Bound:
    """Bind one field of a kind."""
    return bind(form_of(item("it", kind, **options)), {"it": typed}, TODAY)


def own(bound: Bound) -> list[Any]:
    """Problems of the field itself; that it points at a row of another list is judged elsewhere."""
    return [problem for problem in bound.problems if not problem.warning]


def test_samples_name_every_kind() -> None:
    """A kind added to the table without samples here fails."""
    assert set(RIGHT) | {"union", "office"} == set(KINDS)
    assert set(WRONG) | {"union", "office"} == set(KINDS)


@pytest.mark.parametrize(("kind", "typed", "value"), [(k, t, v) for k, (_o, rows) in RIGHT.items() for t, v in rows])
def test_right_answers_are_read(kind: str, typed: str, value: Any) -> None:
    bound = read(kind, typed, **RIGHT[kind][0])
    assert (own(bound), bound.answers["it"]) == ([], value)


@pytest.mark.parametrize(("kind", "typed", "code"), [(k, t, c) for k, (_o, rows) in WRONG.items() for t, c in rows])
def test_wrong_answers_are_refused_in_both_languages_and_kept(kind: str, typed: str, code: str) -> None:
    bound = read(kind, typed, **WRONG[kind][0])
    assert not bound.ok
    assert [(problem.code, problem.place) for problem in own(bound)] == [(code, "it")]
    assert bound.typed("it") == [typed]
    assert CJK.search(told("zh-hans", kind, typed)) and not CJK.search(told("en", kind, typed))


def told(language: str, kind: str, typed: str) -> str:
    """The words of the problem in a language."""
    with translation.override(language):
        problem = own(read(kind, typed, **WRONG[kind][0]))[0]
        return f"{problem.message} {problem.mend}"


@pytest.mark.parametrize("kind", sorted(set(RIGHT) - {"bool"}))
def test_needed_answers_that_are_missing(kind: str) -> None:
    options = {**RIGHT[kind][0], "required": True}
    for typed in ("", "   ", "\u3000"):
        bound = read(kind, typed, **options)
        if kind in ("multi", "file") and typed:
            continue
        assert [problem.code for problem in bound.problems] == ["NEEDED"]
        assert "it" not in bound.answers
    assert [problem.code for problem in bind(bound.form, {}, TODAY).problems] == ["NEEDED"]


def test_a_question_that_must_be_answered_yes_or_no_is_not_answered_by_silence() -> None:
    form = form_of(item("it", "bool", required=True))
    assert [problem.code for problem in bind(form, {}, TODAY).problems] == ["NEEDED"]
    assert bind(form, {"it": "false"}, TODAY).ok
    assert bind(form_of(item("it", "bool")), {}, TODAY).answers == {"it": False}


def test_a_card_number_with_an_odd_check_digit_is_only_a_warning() -> None:
    bound = read("bank_card", "6222020000000001")
    assert bound.ok and [problem.code for problem in bound.problems] == ["CARD_LUHN"]
    assert bound.answers["it"] == "6222020000000001"


def test_several_choices_in_the_order_of_the_form_each_once() -> None:
    form = form_of(item("it", "multi", choices=choices(4), max=2))
    assert bind(form, {"it": ["c3", "c1", "c3"]}, TODAY).answers["it"] == ["c1", "c3"]
    assert [p.code for p in bind(form, {"it": ["c0", "c1", "c2"]}, TODAY).problems] == ["TOO_MANY"]


def test_so_many_files() -> None:
    form = form_of(item("it", "file", max_files=2, min_files=2))
    assert [p.code for p in bind(form, {"it": [FILE, FILE]}, TODAY).problems] == ["TOO_FEW_FILES"]
    assert bind(form, {"it": [FILE, OTHER_FILE]}, TODAY).answers["it"] == [FILE, OTHER_FILE]
    more = [FILE, OTHER_FILE, FILE.replace("1", "2")]
    assert [p.code for p in bind(form, {"it": more}, TODAY).problems] == ["TOO_MANY_FILES"]


@pytest.mark.django_db
def test_a_union_is_an_active_grassroots_one() -> None:
    county = tree.make("商州区总工会", Level.COUNTY, None, region="611002")
    union = tree.make("秦岭纺织厂工会", Level.GRASSROOTS, county, region="611002")
    assert read("union", str(union.public_id)).answers == {"it": str(union.public_id)}
    for wrong in (str(county.public_id), FILE, "1", "x\x00"):
        assert [problem.code for problem in read("union", wrong).problems] == ["UNION"]
    Organisation.objects.filter(pk=union.pk).update(closes_on="2020-01-01")
    assert [problem.code for problem in read("union", str(union.public_id)).problems] == ["UNION"]


@pytest.mark.django_db
def test_an_office_is_an_active_federation_of_a_county_or_city() -> None:
    county = tree.make("商州区总工会", Level.COUNTY, None, region="611002")
    union = tree.make("秦岭纺织厂工会", Level.GRASSROOTS, county, region="611002")
    assert read("office", str(county.public_id)).answers == {"it": str(county.public_id)}
    for wrong in (str(union.public_id), "nonsense"):
        assert [problem.code for problem in read("office", wrong).problems] == ["OFFICE"]


@given(st.sampled_from(sorted(set(KINDS) - {"union", "office"})), st.text(max_size=40))
def test_no_text_breaks_a_kind(kind: str, typed: str) -> None:
    """Whatever is typed: no exception, a problem or a value, and the text stands there as it was."""
    bound = read(kind, typed, **RIGHT[kind][0])
    assert bound.typed("it") == [typed]
    assert bound.problems or "it" in bound.answers or not typed.strip()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(set(KINDS) - {"union", "office"})), ANYTHING)
def test_no_json_breaks_a_kind(kind: str, value: Any) -> None:
    bound = bind_json(form_of(item("it", kind, **RIGHT[kind][0])), {"it": value}, TODAY)
    assert all(problem.place == "it" for problem in bound.problems)


@pytest.mark.parametrize("kind", sorted(set(RIGHT) - {"multi", "file"}))
def test_what_is_read_can_be_typed_again(kind: str) -> None:
    """clear(value) typed into the same field gives the same value: prefilled forms say what was answered."""
    options, rows = RIGHT[kind]
    for typed, value in rows:
        again = KINDS[kind].clear(read(kind, typed, **options).answers["it"])
        assert read(kind, again, **options).answers["it"] == value


@pytest.mark.parametrize("kind", ["resident_id", "phone", "bank_card", "icd"])
def test_numbers_that_identify_are_shown_masked(kind: str) -> None:
    options, rows = RIGHT[kind]
    bound = read(kind, rows[0][0], **options)
    field = bound.form.field("it")
    assert field is not None and field.sensitive
    shown = KINDS[kind].show(bound.answers["it"], field)
    assert "*" in shown and bound.answers["it"] not in shown
    assert KINDS[kind].show(shown, field) == shown


def test_longest_text_of_a_page_comes_back() -> None:
    bound = read("longtext", LONG, max=500)
    assert bound.typed("it") == [LONG] and bound.problems[0].params == {}
    assert "500" in str(bound.problems[0].message)


@pytest.mark.parametrize(
    ("declaration", "where"),
    [
        ({"key": "x", "kind": "novel", "title": words("x")}, "kind"),
        ({"key": "x y", "kind": "text", "title": words("x")}, "items[0]"),
        ({"key": "x", "kind": "text"}, "items[0]"),
        ({"key": "x", "kind": "text", "title": {"zh": "x"}}, "title"),
        ({"key": "x", "kind": "text", "title": words("x"), "requird": True}, "items[0]"),
        ({"key": "x", "kind": "enum", "title": words("x")}, "items[0]"),
        ({"key": "x", "kind": "int", "near": 0, "title": words("x")}, "near"),
        ({"key": "x", "kind": "year", "near": "0", "title": words("x")}, "near"),
        ({"key": "x", "kind": "year", "near": -1, "title": words("x")}, "near"),
        ({"key": "x", "kind": "year", "near": True, "title": words("x")}, "near"),
        ({"key": "x", "kind": "year", "near": 0, "max": 2030, "title": words("x")}, "near"),
    ],
)
def test_a_wrong_declaration_says_where(declaration: dict[str, Any], where: str) -> None:
    page = {"key": "p", "title": words("p"), "groups": [{"key": "g", "title": words("g"), "items": [declaration]}]}
    with pytest.raises(FormFault) as caught:
        load_form({"pages": [page]}, "forms/x")
    assert caught.value.where.endswith(where) and caught.value.message


@pytest.mark.parametrize(
    ("kind", "near", "fits", "others"),
    [
        ("year", None, ["2025", "2026", "2027"], ["2024", "2028"]),
        ("year", 0, ["2026"], ["2025", "2027"]),
        ("year", 2, ["2024", "2028"], ["2023", "2029"]),
        ("school_year", None, ["2025-2026", "2026-2027"], ["2024-2025", "2027-2028"]),
        ("school_year", 0, ["2026-2027"], ["2025-2026", "2027-2028"]),
        ("school_year", 2, ["2024-2025", "2026-2027"], ["2023-2024", "2027-2028"]),
    ],
)
def test_how_near_a_year_must_be(kind: str, near: int | None, fits: list[str], others: list[str]) -> None:
    form = form_of(item("x", kind, **({} if near is None else {"near": near})))
    assert all(bind(form, {"x": text}, TODAY).ok for text in fits)
    for text in others:
        problems = bind(form, {"x": text}, TODAY).problems
        assert [problem.place for problem in problems] == ["x"]
        assert near != 0 or fits[0] in str(problems[0].message), "which one can be named is told"
