"""Words in both languages, and problems that carry them."""
import datetime as dt

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from casework.core import clock
from casework.core.problems import Problem, Refused
from casework.core.text import Text


@pytest.mark.parametrize(("language", "word"), [
    ("zh-hans", "困难"), ("zh", "困难"), ("en", "Hardship"), ("en-gb", "Hardship"),
])
def test_a_text_speaks_the_language_of_the_reader(language: str, word: str) -> None:
    text = Text("困难", "Hardship")
    with translation.override(language):
        assert str(text) == f"{text}" == word


def test_without_a_language_it_is_chinese() -> None:
    with translation.override(None):
        assert str(Text("困难", "Hardship")) == "困难"


def test_texts_are_built_from_pairs_and_bare_words() -> None:
    assert Text.of({"zh": "困难", "en": "Hardship"}) == Text.of(Text("困难", "Hardship")) == Text("困难", "Hardship")
    assert Text.of("ICD-10") == Text("ICD-10", "ICD-10")
    with pytest.raises(KeyError):
        Text.of({"zh": "困难"})


def test_a_refusal_keeps_its_problems_and_status() -> None:
    problems = (Problem(code, "no", place=code.lower()) for code in ("A", "B"))
    refused = Refused(problems, 409)
    assert [(problem.code, problem.place, problem.warning) for problem in refused.problems] == [
        ("A", "a", False), ("B", "b", False),
    ]
    assert (refused.status, Refused([]).status, str(refused)) == (409, 422, "A no; B no")


def test_one_problem_is_told_in_the_language_of_each_reader() -> None:
    problem = Problem("CARD_SHAPE", gettext_lazy("A card number has 12 to 19 digits."))
    told = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told.add(str(problem.message))
    assert len(told) == 2


def test_problems_cannot_be_changed_and_share_nothing() -> None:
    problem = Problem("A", "no")
    with pytest.raises(AttributeError):
        problem.code = "B"  # type: ignore[misc]
    problem.params["n"] = 1
    assert Problem("A", "no").params == {}


def test_the_clock_is_aware_and_in_utc() -> None:
    before = dt.datetime.now(dt.UTC)
    now = clock.now()
    assert now.utcoffset() == dt.timedelta(0) and before <= now <= dt.datetime.now(dt.UTC)
