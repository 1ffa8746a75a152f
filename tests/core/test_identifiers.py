"""What may be typed into the fields that name people, units, cards and places (domain reference §4.1)."""
import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.core import identifiers
from casework.core.identifiers import (
    CREDIT_SIGNS,
    bank_card,
    birth_of,
    credit_check,
    credit_code,
    has_forbidden,
    icd10,
    id_check,
    is_credit_code,
    person_name,
    phone,
    region,
    resident_id,
)
from tests.office import id_number

TODAY = dt.date(2026, 11, 23)
FULL_WIDTH = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")


def codes(checked: identifiers.Checked) -> list[str]:
    """The codes of the problems."""
    return [problem.code for problem in checked[1]]


def an_id(value: str) -> list[str]:
    """The codes for an ID number on the day of the tests."""
    return codes(resident_id(value, TODAY))


# Resident ID.

@pytest.mark.parametrize("number", ["610825198001010018", "611002197506150022", "611000199012310037"])
def test_ids_of_the_domain_reference_are_right(number: str) -> None:
    assert resident_id(number, TODAY) == (number, [])


@pytest.mark.parametrize(("number", "code"), [
    ("610825198502290038", "ID_DATE"),  # 29 February of no leap year, with a right check digit
    ("610825198013010018", "ID_DATE"),
    ("610825184901010019", "ID_DATE"),
    ("610825000001010018", "ID_DATE"),
    ("610825198001010019", "ID_CHECK_DIGIT"),
    ("61082519800101001X", "ID_CHECK_DIGIT"),
    ("610825800101001", "ID_SHAPE"),  # the 15 digits of old cards
    ("6108251980010100181", "ID_SHAPE"),
    ("010825198001010018", "ID_SHAPE"),
    ("61082519800101OO18", "ID_SHAPE"),
    ("X10825198001010018", "ID_SHAPE"),
    ("", "ID_SHAPE"),
    ("610825198001010018\x00", "ID_SHAPE"),
    ("٦١٠٨٢٥١٩٨٠٠١٠١٠٠١٨", "ID_SHAPE"),
])
def test_wrong_ids_are_told_apart(number: str, code: str) -> None:
    assert an_id(number) == [code]


def test_a_birth_date_may_be_today_but_not_tomorrow() -> None:
    assert an_id(id_number(1, "20261123")) == []
    assert an_id(id_number(1, "20261124")) == ["ID_FUTURE"]
    assert an_id(id_number(1, "20240229")) == []


@pytest.mark.parametrize("typed", [
    "61000019900101002x", " 61000019900101002X ", "610000 19900101 002X", "610000\u300019900101\t002x\n",
    "61000019900101002X".translate(FULL_WIDTH),
])
def test_spaces_full_width_signs_and_a_small_x_are_forgiven(typed: str) -> None:
    assert resident_id(typed, TODAY) == ("61000019900101002X", [])


def test_the_birth_date_is_read_from_the_number() -> None:
    assert birth_of("611002197506150022") == dt.date(1975, 6, 15)


id_bodies = st.builds(
    lambda area, born, serial: f"{area}{born:%Y%m%d}{serial:03d}",
    st.integers(100_000, 999_999), st.dates(dt.date(1850, 1, 1), TODAY), st.integers(0, 999),
)


@given(id_bodies)
def test_exactly_one_check_character_fits(body: str) -> None:
    right = [sign for sign in "0123456789X" if not an_id(body + sign)]
    assert right == [id_check(body)]
    assert id_number(int(body[14:]), body[6:14], body[:6]) == body + right[0]  # the weights, reckoned by hand


@given(id_bodies, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_mistyped_digit_is_found(body: str, place: int, digit: str) -> None:
    assume(body[place] != digit)
    number = body + id_check(body)
    assert an_id(number[:place] + digit + number[place + 1 :])


@given(id_bodies, st.integers(0, 15))
def test_two_neighbours_swapped_are_found(body: str, place: int) -> None:
    assume(body[place] != body[place + 1])
    number = body + id_check(body)
    assert an_id(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


# Credit code.

@pytest.mark.parametrize("code", ["81610825000000019E", "81611000MC0000020N", "91610825MA0000031R"])
def test_credit_codes_of_the_domain_reference_are_right(code: str) -> None:
    assert credit_code(code) == (code, []) and is_credit_code(code)
    assert credit_code(f" {code.lower()} ") == (code, [])
    assert credit_code(code.translate(FULL_WIDTH)) == (code, [])


@pytest.mark.parametrize(("code", "problem"), [
    ("81610825000000019F", "CREDIT_CHECK"),
    ("81610825000000019O", "CREDIT_SHAPE"),
    ("8161082500000001I9", "CREDIT_SHAPE"),
    ("81A10825000000019E", "CREDIT_SHAPE"),
    ("81610825000000019", "CREDIT_SHAPE"),
    ("", "CREDIT_SHAPE"),
])
def test_wrong_credit_codes(code: str, problem: str) -> None:
    assert codes(credit_code(code)) == [problem] and not is_credit_code(code)


credit_bodies = st.builds(
    lambda head, place, tail: f"{head}{place:06d}{tail}",
    st.text(CREDIT_SIGNS, min_size=2, max_size=2), st.integers(0, 999_999),
    st.text(CREDIT_SIGNS, min_size=9, max_size=9),
)


@given(credit_bodies)
def test_exactly_one_check_sign_fits_a_credit_code(body: str) -> None:
    assert [sign for sign in CREDIT_SIGNS if is_credit_code(body + sign)] == [credit_check(body)]
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(body, weights, strict=True))
    assert credit_check(body) == (CREDIT_SIGNS + "0")[31 - total % 31]


@given(credit_bodies, st.integers(0, 16), st.sampled_from(CREDIT_SIGNS))
def test_one_mistyped_sign_of_a_credit_code_is_found(body: str, place: int, sign: str) -> None:
    assume(body[place] != sign)
    code = body + credit_check(body)
    assert codes(credit_code(code[:place] + sign + code[place + 1 :]))


# Cards.

@pytest.mark.parametrize("typed", [
    "6217980000000000016", "6217 9800 0000 0000 016", "6217-9800-0000-0000-016",
    "6217980000000000016".translate(FULL_WIDTH),
])
def test_a_card_number_is_taken_as_it_is_embossed(typed: str) -> None:
    assert bank_card(typed) == ("6217980000000000016", [])


def test_a_wrong_luhn_digit_is_only_a_warning() -> None:
    number, problems = bank_card("6217980000000000017")
    assert number == "6217980000000000017"
    assert [(problem.code, problem.warning) for problem in problems] == [("CARD_LUHN", True)]


@pytest.mark.parametrize("typed", ["", "62179800000", "62179800000000000160", "6217980000000000O16", "户名李建国"])
def test_what_is_no_card_number_is_refused(typed: str) -> None:
    assert [(problem.code, problem.warning) for problem in bank_card(typed)[1]] == [("CARD_SHAPE", False)]


@given(st.integers(10**11, 10**18 - 1), st.integers(0, 17), st.integers(1, 9))
def test_one_mistyped_digit_of_a_card_is_noticed(body: int, place: int, by: int) -> None:
    number = next(f"{body}{digit}" for digit in range(10) if not bank_card(f"{body}{digit}")[1])
    assume(place < len(number))
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert codes(bank_card(wrong)) == ["CARD_LUHN"]


# Phones, regions, diagnoses.

@pytest.mark.parametrize(("typed", "number"), [
    ("13900001234", "13900001234"), ("19900001234", "19900001234"), ("+86 139 0000 1234", "13900001234"),
    ("１３９００００１２３４", "13900001234"), ("0914-2388888", "0914-2388888"), ("02988888888", "02988888888"),
    ("029-88888888-123", "029-88888888-123"),
])
def test_mobiles_and_landlines(typed: str, number: str) -> None:
    assert phone(typed) == (number, [])


@pytest.mark.parametrize("typed", [
    "", "12900001234", "1390000123", "139000012345", "2388888", "0914-238", "1390000123a", "029-88888888-1234567",
    "\u202e13900001234",
])
def test_what_is_no_phone_number(typed: str) -> None:
    assert codes(phone(typed)) == ["PHONE"]


@pytest.mark.parametrize(("typed", "right"), [
    ("610825", True), (" ６１１０００ ", True), ("000000", False), ("061000", False), ("61082", False),
    ("6108255", False), ("61082a", False), ("", False),
])
def test_regions_have_six_digits(typed: str, right: bool) -> None:
    assert codes(region(typed)) == ([] if right else ["REGION"])


@pytest.mark.parametrize(("typed", "code"), [
    ("C34.9", "C34.9"), ("c34.9", "C34.9"), ("I10", "I10"), (" ｃ３４．９ ", "C34.9"), ("M01.0*", "M01.0*"),
    ("A18.0+", "A18.0+"), ("C34.900x001", "C34.900x001"),
])
def test_diagnosis_codes(typed: str, code: str) -> None:
    assert icd10(typed) == (code, [])


@pytest.mark.parametrize("typed", ["", "34.9", "CC4.9", "C34.", "C3", "C34.123456789", "肺癌", "C34.9'"])
def test_what_is_no_diagnosis_code(typed: str) -> None:
    assert codes(icd10(typed)) == ["ICD"]


# Names.

@pytest.mark.parametrize("name", [
    "李建国", "欧阳娜娜", "张𠮷", "㐂子", "𬱖𠮷", "𠮷𠮷", "〇〇", "买买提·艾力", "迪丽热巴·迪力木拉提", "O'Neil",
    "Anna-Maria Müller", "张\ue863", "王\U000323b0", "葛󠄀城",
])
def test_rare_characters_and_the_middle_dot_are_welcome(name: str) -> None:
    assert person_name(name) == (name, [])


@pytest.mark.parametrize("dot", "•・‧∙⋅･·")
def test_all_middle_dots_become_one(dot: str) -> None:
    assert person_name(f"买买提{dot}艾力") == ("买买提·艾力", [])


def test_spaces_are_unified_and_trimmed_and_nothing_else_is_changed() -> None:
    assert person_name(" \u3000Anna\u3000\xa0 Maria ") == ("Anna Maria", [])
    # A compatibility character of a household register stays as it is.
    assert person_name("\ufa0a\uf900") == ("\ufa0a\uf900", [])


@pytest.mark.parametrize(("name", "code"), [
    ("李", "NAME_LENGTH"), ("𠮷", "NAME_LENGTH"), ("", "NAME_LENGTH"), ("   ", "NAME_LENGTH"),
    ("李" * 51, "NAME_LENGTH"),
    ("李2", "NAME_SIGNS"), ("李建国1", "NAME_SIGNS"), ("<b>李</b>", "NAME_SIGNS"), ("李\x00国", "NAME_SIGNS"),
    ("李\u202e国", "NAME_SIGNS"), ("李\u200b国", "NAME_SIGNS"), ("李\ud800国", "NAME_SIGNS"), ("李\n国", "NAME_SIGNS"),
    ("李😀国", "NAME_SIGNS"), ("=李国", "NAME_SIGNS"), ("··", "NAME_SIGNS"), ("- -", "NAME_SIGNS"),
    (". .", "NAME_SIGNS"),
])
def test_what_is_no_name(name: str, code: str) -> None:
    assert codes(person_name(name)) == [code]


def test_fifty_characters_outside_the_plane_are_fifty() -> None:
    assert codes(person_name("𠮷" * 50)) == []
    assert codes(person_name("𠮷" * 51)) == ["NAME_LENGTH"]


@given(st.text(st.characters(categories=("Lo",)), min_size=2, max_size=50))
def test_any_letters_make_a_name(name: str) -> None:
    assert person_name(name)[1] == []


@given(st.text(st.one_of(st.characters(categories=("L", "Mn")), st.sampled_from(" \u3000·•'-.")), max_size=60))
def test_a_name_that_passed_passes_again_unchanged(typed: str) -> None:
    name, problems = person_name(typed)
    assume(not problems)
    assert person_name(name) == (name, [])
    assert 2 <= len(name) <= 50 and not has_forbidden(name) and name == name.strip()


# Any text at all.

CHECKS: list[Callable[[str], identifiers.Checked]] = [
    lambda typed: resident_id(typed, TODAY), credit_code, bank_card, phone, region, person_name, icd10,
]
odd_text = st.text(st.characters(), max_size=40)


@pytest.mark.parametrize("check", CHECKS)
@given(typed=odd_text)
def test_any_text_gives_an_answer_and_a_right_value_is_stable(
    check: Callable[[str], identifiers.Checked], typed: str
) -> None:
    value, problems = check(typed)
    assert isinstance(value, str) and all(problem.code and problem.message and problem.mend for problem in problems)
    if not problems:
        assert check(value) == (value, []) and not has_forbidden(value)


@pytest.mark.parametrize(("text", "forbidden"), [
    ("王秀英", False), ("a\x00b", True), ("\x1b[31m", True), ("\ud83d", True), ("138\u202e", True), ("\u2028", True),
    ("\u2066", True), ("\ufeff", True), ("\x85", True), ("𠮷", False), ("", False), ("a b", False),
])
def test_hidden_signs_are_found(text: str, forbidden: bool) -> None:
    assert has_forbidden(text) is forbidden


def test_line_ends_are_allowed_where_lines_are() -> None:
    assert has_forbidden("一\r\n\t二") and not has_forbidden("一\r\n\t二", lines=True)
    assert has_forbidden("一\x0b二", lines=True) and has_forbidden("一\u2028二", lines=True)


# Words.

WRONG = [
    resident_id("1", TODAY), resident_id("610825198502290038", TODAY), resident_id("610825198001010019", TODAY),
    resident_id(id_number(1, "20261124"), TODAY), credit_code("1"), credit_code("81610825000000019F"), bank_card("1"),
    bank_card("6217980000000000017"), phone("1"), region("1"), person_name("1"), person_name("李"), icd10("1"),
]


@pytest.mark.parametrize("checked", WRONG)
def test_each_problem_is_told_in_both_languages_with_its_mend(checked: identifiers.Checked) -> None:
    for words in (checked[1][0].message, checked[1][0].mend):
        with translation.override("zh-hans"):
            chinese = str(words)
        with translation.override("en"):
            english = str(words)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese), chinese
        assert english.isascii() and english[0].isupper() and english.endswith(".")
        assert chinese.endswith("。")


def test_every_kind_of_problem_is_in_that_list() -> None:
    import inspect
    import re

    named = set(re.findall(r'"((?:ID|CREDIT|CARD|NAME)_[A-Z_]+|PHONE|REGION|ICD)"', inspect.getsource(identifiers)))
    assert named == {checked[1][0].code for checked in WRONG}
