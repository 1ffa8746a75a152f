"""A question of the studio: one typed place in the content of a draft, how it is shown and how it is read."""
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.core import money
from casework.core.problems import Problem, Words
from casework.core.text import Text
from casework.programmes.number_words import named as number_named
from casework.programmes.references import NUMBER, is_reference
from casework.studio import spans
from casework.studio.places import Content, Path, named, value_at

MOST_TEXT = 4000
NOTHING = '""'  # how "not given" is written among the values of a condition
LIMIT_HELP = _("Such as 5 working days; in calendar days, such as 30 days.")
KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
# Where a condition stands in the form, a single value is written by itself.
FORM = "form"


@dataclass(frozen=True, slots=True)
class Question:
    """One input. path: its place in the content. kind: text, long, or one of the readers below. choices: value → words.
    empty: may be left empty, which takes the key away. default: what a tick says where nothing is written."""

    path: Path
    label: Words | Text
    kind: str = "text"
    choices: Mapping[str, Words | Text] = field(default_factory=dict)
    empty: bool = True
    help: Words = ""
    default: bool = False

    @property
    def name(self) -> str:
        """Name of the input."""
        return named(self.path)


@dataclass(frozen=True, slots=True)
class Act:
    """A button. value: what it does, see changes.py. picks: what is chosen for it beside it, value → words."""

    value: str
    words: Words
    picks: Mapping[str, Words | Text] = field(default_factory=dict)
    pick_words: Words = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that belong together. key: the place they stand at. more: what is seldom changed, folded away."""

    title: Words | Text
    questions: tuple[Question, ...] = ()
    key: str = ""
    acts: tuple[Act, ...] = ()
    note: Words = ""
    more: tuple[Question, ...] = ()

    @property
    def all(self) -> tuple[Question, ...]:
        """Every question of the block."""
        return (*self.questions, *self.more)


def both(path: Path, label: Words, kind: str = "text", *, empty: bool = False) -> list[Question]:
    """A text in both languages."""
    zh, en = _("%(what)s (Chinese)"), _("%(what)s (English)")
    return [
        Question((*path, "zh"), zh % {"what": label}, kind, empty=empty),
        Question((*path, "en"), en % {"what": label}, kind, empty=empty),
    ]


def row_acts(path: Path, count: int) -> tuple[Act, ...]:
    """Buttons of one row of several: up, down, away."""
    place, row, acts = named(path), path[-1], []
    if isinstance(row, int) and row > 0:
        acts.append(Act(f"up:{place}", _("Move up")))
    if isinstance(row, int) and row + 1 < count:
        acts.append(Act(f"down:{place}", _("Move down")))
    return (*acts, Act(f"remove:{place}", _("Take away")))


def shown(question: Question, content: Content) -> str:
    """The value of a question as it stands in its input."""
    value = value_at(content, question.path)
    if question.kind in _SHOWN:
        return _SHOWN[question.kind](question, value)
    return "" if value is None else str(value)


def _tick(question: Question, value: Any) -> str:
    return "yes" if (question.default if value is None else value) else ""


def _ticks(question: Question, value: Any) -> str:
    """The values a fact is compared with, however the condition is written."""
    if isinstance(value, Mapping):
        value = value.get("in", value.get("equals", value.get("contains")))
    values = value if isinstance(value, list) else [] if value is None else [value]
    return ", ".join(str(part) or NOTHING for part in values)


def _truth(question: Question, value: Any) -> str:
    """What a fact has to be; in a table a truth is a test of its own."""
    if isinstance(value, Mapping):
        value = value.get("is_true", value.get("equals"))
    return "yes" if value else "no"


def _whole(question: Question, value: Any) -> str:
    return str(number_named(value[NUMBER])) if is_reference(value) else "" if value is None else str(value)


def _yuan(question: Question, value: Any) -> str:
    if is_reference(value):
        return str(number_named(value[NUMBER]))
    return money.show(value).replace(",", "") if isinstance(value, int) else str(value or "")


_SHOWN: Mapping[str, Callable[[Question, Any], str]] = MappingProxyType({
    "yes_no": _tick, "ticks": _ticks, "contains": _ticks, "truth": _truth, "yuan": _yuan,
    "whole": _whole,
    "limit": lambda _question, value: spans.limit_words(str(value or "")),
    "years": lambda _question, value: spans.years_words(str(value or "")),
    "key": lambda question, value: str(value if question.path[0] == FORM and value else question.path[-2]),
})


def typed(question: Question, post: QueryDict) -> str | None:
    """What was typed for a question, None where its input was not sent. A tick that is not set is never sent."""
    if question.name not in post:
        return "" if question.kind == "yes_no" else None
    text = post.get(question.name, "")
    if question.kind == "ticks":
        return ", ".join(value for value in post.getlist(question.name) if value)
    level = post.get(f"{question.name}.level", "")
    return f"{text}@{level}" if question.kind == "who" and text and level else text


def stands(question: Question, text: str, content: Content) -> bool:
    """Is it typed as its page showed it? Then nobody changed it, and it is not written: a tick that was never set and
    one that was taken away look alike."""
    before = shown(question, content)
    if question.kind == "ticks":
        return set(_parts(text)) == set(_parts(before))
    return _plainly(text) == _plainly(before)


def _plainly(text: str) -> str:
    """As a browser may send it: ends of lines of its own, blanks around."""
    return text.replace("\r\n", "\n").strip()


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    return ["" if part == NOTHING else part for part in parts]


Read = tuple[Any, list[Problem]]


def read(question: Question, text: str) -> Read:
    """The typed value as the content keeps it, and what is wrong with it."""
    text = text.strip()[:MOST_TEXT]
    if question.kind == "yes_no":
        return text == "yes", []
    if not text:
        if question.empty:
            return None, []
        return "", [Problem("NEEDED", _("This is needed."), place=question.name)]
    if "\x00" in text:
        return text, [Problem("TEXT", _("This holds a sign that cannot be kept."), place=question.name)]
    return _READ.get(question.kind, _as_text)(question, text)


def _as_text(question: Question, text: str) -> Read:
    return text, []


def _measured(question: Question, text: str) -> dict[str, str] | None:
    """A regional number by its name in words, None for a figure."""
    found = [reference for reference, words in question.choices.items() if text in (reference, str(words))]
    return {NUMBER: found[0]} if found else None


def _as_whole(question: Question, text: str) -> Read:
    if measure := _measured(question, text):
        return measure, []
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text), []
    return text, [Problem("WHOLE", _("Enter a whole number, such as 6."), place=question.name)]


def _as_yuan(question: Question, text: str) -> Read:
    if measure := _measured(question, text):
        return measure, []
    try:
        return money.fen(text), []
    except ValueError:
        return text, [Problem("MONEY", _("This is not an amount in yuan."), place=question.name)]


def _as_limit(question: Question, text: str) -> Read:
    limit = spans.limit_of(text)
    if limit is None:
        return text, [Problem("LIMIT", _("Enter a limit such as 5 working days."), place=question.name)]
    return limit, []


def _as_years(question: Question, text: str) -> Read:
    years = spans.years_of(text)
    if years is None:
        return text, [Problem("YEARS", _("Enter years such as 15, or for good."), place=question.name)]
    return years, []


def _as_choice(question: Question, text: str) -> Read:
    if text in question.choices:
        return text, []
    return text, [Problem("CHOICE", _("Choose one of the list."), place=question.name)]


def _as_ticks(question: Question, text: str) -> Read:
    """One of several values. Without choices they are typed, one after the other."""
    parts = _parts(text)
    unknown = [part for part in parts if question.choices and (part or NOTHING) not in question.choices]
    if unknown:
        return {"in": parts}, [Problem("CHOICE", _("Choose one of the list."), place=question.name)]
    return parts[0] if len(parts) == 1 and question.path[0] == FORM else {"in": parts}, []


def _as_contained(question: Question, text: str) -> Read:
    return {"contains": text}, _as_choice(question, text)[1]


def _as_truth(question: Question, text: str) -> Read:
    truth = text == "yes"
    return truth if question.path[0] == FORM else {"is_true": truth}, []


def _as_key(question: Question, text: str) -> Read:
    if KEY.fullmatch(text):
        return text, []
    words = _("A key is 2 to 40 small letters, digits and _, such as income_proof.")
    return text, [Problem("KEY", words, place=question.name)]


def _as_word(question: Question, text: str) -> Read:
    if KEY.fullmatch(text):
        return text, []
    words = _("A word is 2 to 40 small letters, digits and _, such as id_card.")
    return text, [Problem("WORD", words, place=question.name)]


def _as_who(question: Question, text: str) -> Read:
    """A role, and one of the levels that can be chosen; the applicant stands at none."""
    role, _at, level = text.partition("@")
    if role == Role.APPLICANT:
        return role, []
    if role in Role.values and (level in question.choices or not (level or question.choices)):
        return text, []
    return text, [Problem("CHOICE", _("Choose one of the list."), place=question.name)]


_READ: Mapping[str, Callable[[Question, str], Read]] = MappingProxyType({
    "whole": _as_whole, "yuan": _as_yuan, "limit": _as_limit, "years": _as_years, "choice": _as_choice,
    "ticks": _as_ticks, "contains": _as_contained, "truth": _as_truth, "key": _as_key, "word": _as_word,
    "who": _as_who,
})
