"""Reason codes: every code has words and a clause in both languages, and says how to appeal."""
import pytest

from casework.core.text import Text
from casework.programmes.reasons import CATEGORIES, DENIALS, ENDINGS, NOT_ACCEPTED, RETURNS, Reason, text_of
from casework.programmes.rules.income import ORDER

# Domain reference §4.10, as far as the programmes of this release need them.
DENIED = (
    "INCOME_ABOVE_LINE EXCL_HOMES EXCL_BUSINESS EXCL_SCHOOL EXCL_CAR FALSE_DATA CHECK_REFUSED NO_DOSSIER DUPLICATE_AID "
    "OBJECTION_UPHELD"
)
REFUSED = "NOT_OUR_MATTER NOT_OUR_LEVEL NOT_MEMBER NO_AUTHORITY OUT_OF_WINDOW ALREADY_OPEN"
RETURNED = "NAME_MISMATCH CARD_CLOSED CARD_TYPE BANK_INFO LIMIT OTHER"


def in_both(text: Text) -> bool:
    """Chinese in Chinese, and English without it."""
    return any("\u4e00" <= sign <= "\u9fff" for sign in text.zh) and text.en.isascii() and len(text.en) > 2


def test_the_codes_of_the_domain_reference_are_there() -> None:
    assert set(DENIED.split()) <= set(DENIALS)
    assert set(REFUSED.split()) == set(NOT_ACCEPTED)
    assert set(RETURNED.split()) == set(RETURNS)
    assert set(CATEGORIES) == {*ORDER, "none"}


@pytest.mark.parametrize(("code", "reason"), [*DENIALS.items(), *NOT_ACCEPTED.items()])
def test_a_reason_has_words_clause_and_appeal(code: str, reason: Reason) -> None:
    assert in_both(reason.text) and in_both(reason.clause) and in_both(reason.appeal)
    assert "15" in reason.appeal.zh and "15" in reason.appeal.en
    assert text_of(code) == reason.text


@pytest.mark.parametrize("table", [ENDINGS, RETURNS, CATEGORIES])
def test_other_codes_have_words(table: dict[str, Text]) -> None:
    for code, words in table.items():
        assert in_both(words) and code == code.strip()


def test_an_unknown_code_stands_for_itself() -> None:
    assert text_of("SOMETHING_ELSE") == Text("SOMETHING_ELSE", "SOMETHING_ELSE")


def test_no_code_means_two_things() -> None:
    codes = [code for table in (DENIALS, NOT_ACCEPTED, RETURNS, CATEGORIES) for code in table]
    assert len(codes) == len(set(codes))
