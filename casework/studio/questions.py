"""What each section of a draft asks: typed places in its content. A place that is not asked for is not written (R3)."""
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem, Words
from casework.core.text import Text
from casework.forms.kinds import KINDS as FIELD_KINDS
from casework.programmes.reasons import DENIALS
from casework.programmes.spec import GROUPS, Programme
from casework.studio.places import Content, Path, named, value_at
from casework.studio.words import fact_words, value_words

MOST_TEXT = 4000
NOTHING = '""'  # how "not given" is written among the values of a condition
LIMIT_HELP = _("In office days, such as 5wd.")


@dataclass(frozen=True, slots=True)
class Question:
    """One input. path: its place in the content. kind: text, long, limit, whole, yes_no, choice. choices: value → words
    for a choice. empty: may be left empty, which takes the key away."""

    path: Path
    label: Words
    kind: str = "text"
    choices: Mapping[str, Words | Text] = field(default_factory=dict)
    empty: bool = True
    help: Words = ""

    @property
    def name(self) -> str:
        """Name of the input."""
        return named(self.path)


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that belong together. acts: buttons, each (what it does, words); see changes.py."""

    title: Words
    questions: tuple[Question, ...]
    key: str = ""
    acts: tuple[tuple[str, Words], ...] = ()
    note: Words = ""


def both(path: Path, label: Words, kind: str = "text", *, empty: bool = False) -> list[Question]:
    """A text in both languages."""
    zh, en = _("%(what)s (Chinese)"), _("%(what)s (English)")
    return [
        Question((*path, "zh"), zh % {"what": label}, kind, empty=empty),
        Question((*path, "en"), en % {"what": label}, kind, empty=empty),
    ]


def texts(content: Content) -> list[Block]:
    """The words for the applicant."""
    rules = content["programme"]
    head = [
        *both(("programme", "title"), _("Title")),
        *both(("programme", "summary"), _("Summary"), "long"),
        *both(("programme", "how_much"), _("How much"), "long", empty=True),
    ]
    blocks = [Block(_("Words of the service"), tuple(head))]
    for n in range(len(rules.get("who") or [])):
        path: Path = ("programme", "who", n)
        acts = ((f"remove:{named(path)}", _("Take away")),)
        blocks.append(Block(_("Who may apply"), tuple(both(path, _("Condition"))), named(path), acts))
    return [*blocks, Block("", (), acts=(("add:who", _("Add a condition")),))]


def papers(content: Content) -> list[Block]:
    """The papers an applicant hands in."""
    blocks = []
    for key in content["programme"].get("papers") or {}:
        path: Path = ("programme", "papers", key)
        asked = (
            *both((*path, "title"), _("Name of the paper")),
            *both((*path, "help"), _("Help"), empty=True),
            Question((*path, "required"), _("Must be handed in"), "yes_no"),
            Question((*path, "valid_months"), _("Counts for so many months"), "whole"),
        )
        blocks.append(Block(key, asked, named(path), ((f"remove:{named(path)}", _("Take away")),)))
    return [*blocks, Block("", (), acts=(("add:paper", _("Add a paper")),))]


def form(content: Content) -> list[Block]:
    """The questions of the form, page by page."""
    blocks = []
    for place, title, items in _item_lists(content):
        for n, item in enumerate(items):
            blocks.append(_item_block((*place, n), title, item, len(items)))
        blocks.append(Block("", (), acts=((f"add:field:{named(place)}", _("Add a question here")),)))
    return blocks


def _item_lists(content: Content) -> Iterator[tuple[Path, Words, list[dict[str, Any]]]]:
    for p, page in enumerate(content["form"].get("pages") or []):
        for g, group in enumerate(page.get("groups") or []):
            place: Path = ("form", "pages", p, "groups", g, "items")
            items = group.get("items") or []
            yield place, f"{_both(page['title'])} · {_both(group['title'])}", items
            for n, item in enumerate(items):
                if "repeat" in item:
                    yield (*place, n, "fields"), f"{_both(page['title'])} · {_both(item['title'])}", item["fields"]


def _both(words: Mapping[str, str]) -> str:
    return " / ".join(part for part in (words.get("zh"), words.get("en")) if part)


def _item_block(path: Path, title: Words, item: Mapping[str, Any], count: int) -> Block:
    asked: list[Question] = both((*path, "title"), _("Question"))
    if "repeat" not in item:
        kinds: dict[str, Words | Text] = {kind: kind for kind in sorted(FIELD_KINDS)}
        asked += [
            Question((*path, "kind"), _("Kind of field"), "choice", kinds, empty=False),
            *both((*path, "help"), _("Help"), empty=True),
            Question((*path, "required"), _("Must be answered"), "yes_no"),
        ]
        asked += [Question((*path, name), words, "whole") for name, words in _MEASURES.items() if name in item]
    acts = _row_acts(path, count)
    return Block(title, tuple(asked), named(path), acts, note=str(item.get("key") or item.get("repeat")))


_MEASURES: Mapping[str, Words] = MappingProxyType({"min": _("Least"), "max": _("Most"), "max_files": _("Most files")})


def _row_acts(path: Path, count: int) -> tuple[tuple[str, Words], ...]:
    place, acts = named(path), []
    row = path[-1]
    if isinstance(row, int) and row > 0:
        acts.append((f"up:{place}", _("Move up")))
    if isinstance(row, int) and row + 1 < count:
        acts.append((f"down:{place}", _("Move down")))
    return (*acts, (f"remove:{place}", _("Take away")))


TEST_WORDS: Mapping[str, Words] = MappingProxyType({
    "equals": _("is exactly"), "at_least": _("is at least"), "at_most": _("is at most"), "is_true": _("is true"),
    "contains": _("contains"), "in": _("is one of"),
})


def conditions(content: Content) -> list[Block]:
    """The table of conditions that end in a denial; the first that fits counts."""
    rows = content["programme"].get("eligibility") or []
    reasons: dict[str, Words | Text] = {code: reason.text for code, reason in DENIALS.items()}
    blocks = []
    for n, row in enumerate(rows):
        path: Path = ("programme", "eligibility", n)
        asked = [
            Question(
                (*path, "when", fact, test), f"{fact_words(fact)} {TEST_WORDS.get(test, test)}", "fact", empty=False,
                help=_("Money in fen: 1 yuan is 100.") if fact.endswith("_fen") else "",
            )
            for fact, tests in row["when"].items()
            for test in (tests if isinstance(tests, Mapping) else ())
        ]
        asked.append(Question((*path, "deny"), _("Reason of the denial"), "choice", reasons, empty=False))
        blocks.append(Block(f"{n + 1}", tuple(asked), named(path), _row_acts(path, len(rows))))
    return blocks


def route(content: Content) -> list[Block]:
    """The steps in their order: who does each, within what limit; a step can be switched off, on again and moved."""
    rules = content["programme"]
    blocks = []
    for group in GROUPS.get(str(rules.get("life", "application")), ()):
        steps = list((rules["route"].get(group) or {}).items())
        for n, (key, step) in enumerate(steps):
            path: Path = ("programme", "route", group, key)
            acts = [(f"up:{named(path)}", _("Move up"))] if n else []
            acts += [(f"down:{named(path)}", _("Move down"))] if n + 1 < len(steps) else []
            acts.append((f"off:{named(path)}", _("Switch off")))
            blocks.append(Block(_step_title(step), tuple(_of_step(path, step)), named(path), tuple(acts), note=key))
    return blocks


def _step_title(step: Mapping[str, Any]) -> str:
    return _both(step.get("title") or {})


def _of_step(path: Path, step: Mapping[str, Any]) -> Iterator[Question]:
    yield from both((*path, "title"), _("Name of the step"))
    yield Question((*path, "by"), _("Role and level"), "text", empty=False, help=_("Such as reviewer@county."))
    yield Question((*path, "limit"), _("Limit"), "limit", empty=False, help=LIMIT_HELP)
    for name, words in _STEP_DAYS.items():
        if name in step:
            yield Question((*path, name), words, "limit", empty=False, help=LIMIT_HELP)


_STEP_DAYS: Mapping[str, Words] = MappingProxyType({"days": _("Days of the notice"), "pause": _("Longest pause")})


def limits(content: Content) -> list[Block]:
    """The limits of the whole, who may start it, when, and how long it is kept."""
    total: Path = ("programme", "total")
    asked = [
        Question((*total, "limit"), _("Limit of the whole"), "limit", empty=False, help=LIMIT_HELP),
        Question((*total, "promise"), _("Promised to the applicant"), "limit", empty=False, help=LIMIT_HELP),
        Question((*total, "supplement"), _("Time to supplement"), "limit", help=LIMIT_HELP),
        Question(("programme", "open", "from"), _("Taken from (month-day)"), help=_("Such as 07-01.")),
        Question(("programme", "open", "to"), _("Taken until (month-day)"), help=_("Such as 08-31.")),
        Question(("programme", "retention"), _("Kept for"), help=_("Such as 15y, or permanent.")),
        Question(("programme", "exclusive_year"), _("Once a year for a household"), "yes_no"),
    ]
    return [Block(_("Limits"), tuple(asked))]


SECTIONS: Mapping[str, tuple[Words, Callable[[Content], list[Block]]]] = MappingProxyType({
    "texts": (_("Texts"), texts), "form": (_("Form"), form), "papers": (_("Papers"), papers),
    "conditions": (_("Conditions"), conditions), "route": (_("Route"), route), "limits": (_("Limits"), limits),
})


def shown(question: Question, content: Content) -> str:
    """The value of a question as it stands in its input."""
    value = value_at(content, question.path)
    if question.kind == "yes_no":
        default = question.path[-1] == "required" and question.path[1] == "papers"
        return "yes" if (default if value is None else value) else ""
    if isinstance(value, list):
        return ", ".join(str(part) or NOTHING for part in value)
    return "" if value is None else str(value)


def stands(question: Question, typed: str, content: Content) -> bool:
    """Is it typed as its page showed it? Then nobody changed it, and it is not written: a tick that was never set and
    one that was taken away look alike."""
    return _plainly(typed) == _plainly(shown(question, content))


def _plainly(text: str) -> str:
    """As a browser may send it: ends of lines of its own, blanks around."""
    return text.replace("\r\n", "\n").strip()


def read(question: Question, typed: str, content: Content) -> tuple[Any, list[Problem]]:
    """The typed value as the content keeps it, and what is wrong with it."""
    text = typed.strip()[:MOST_TEXT]
    if question.kind == "yes_no":
        return text == "yes", []
    if not text:
        if question.empty:
            return None, []
        return "", [Problem("NEEDED", _("This is needed."), place=question.name)]
    if "\x00" in text:
        return text, [Problem("TEXT", _("This holds a sign that cannot be kept."), place=question.name)]
    return _READ.get(question.kind, _as_text)(question, text, content)


def _as_text(question: Question, text: str, content: Content) -> tuple[Any, list[Problem]]:
    return text, []


def _as_whole(question: Question, text: str, content: Content) -> tuple[Any, list[Problem]]:
    if text.isascii() and text.isdigit() and len(text) < 12:
        return int(text), []
    return text, [Problem("WHOLE", _("Enter a whole number, such as 6."), place=question.name)]


def _as_limit(question: Question, text: str, content: Content) -> tuple[Any, list[Problem]]:
    """Days as they are written in the language; a bare number means office days."""
    days = f"{text}wd" if text.isascii() and text.isdigit() else text
    number = days.removesuffix("wd").removesuffix("d")
    if days != number and number.isascii() and number.isdigit() and len(number) < 4:
        return days, []
    return text, [Problem("LIMIT", _("Enter a limit such as 5wd."), place=question.name)]


def _as_choice(question: Question, text: str, content: Content) -> tuple[Any, list[Problem]]:
    if text in question.choices:
        return text, []
    return text, [Problem("CHOICE", _("Choose one of the list."), place=question.name)]


def _as_fact(question: Question, text: str, content: Content) -> tuple[Any, list[Problem]]:
    """What a fact is compared with: of the type it has now."""
    before = value_at(content, question.path)
    if isinstance(before, bool):
        return text in ("true", "yes", "True"), []
    if isinstance(before, list):
        parts = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
        return ["" if part == NOTHING else part for part in parts], []
    if isinstance(before, int):
        return _as_whole(question, text, content)
    return text, []


_READ: Mapping[str, Callable[[Question, str, Content], tuple[Any, list[Problem]]]] = MappingProxyType(
    {"whole": _as_whole, "limit": _as_limit, "choice": _as_choice, "fact": _as_fact}
)


def condition_words(when: Mapping[str, Any] | None, programme: Programme | None = None) -> str:
    """A closed condition in words: "category is one of deep, relative"."""
    parts = []
    for fact, tests in (when or {}).items():
        for test, wanted in (tests if isinstance(tests, Mapping) else {"equals": tests}).items():
            words = fact_words(fact, programme)
            if test == "is_true":
                parts.append(f"{words}: {value_words(bool(wanted))}")
            else:
                parts.append(f"{words} {TEST_WORDS.get(test, test)} {value_words(wanted, fact)}")
    return str(_("and")).join(f" {part} " for part in parts).strip()


def tidy(content: Content) -> Content:
    """Without the empty mappings that unanswered questions leave behind."""
    rules = content["programme"]
    for name in ("how_much", "open"):
        if name in rules and not rules[name]:
            del rules[name]
    return content
