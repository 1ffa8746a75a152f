"""Closed conditions as questions: what a fact is compared with, by its kind — ticks, yes or no, least and most.

A fact is chosen when its condition is added; the inputs that fit it are drawn from then on.
"""
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Words
from casework.core.text import Text
from casework.programmes import facts
from casework.programmes.loader import build
from casework.programmes.number_words import named as number_named
from casework.programmes.reading import ProgrammeFault
from casework.programmes.references import named as named_in
from casework.programmes.spec import Programme
from casework.studio import words
from casework.studio.measures import NO_MEASURES, Measures
from casework.studio.places import Content, Path, named, value_at
from casework.studio.questions import FORM, NOTHING, Act, Question

MEASURE_HELP = _("A figure, or a regional number of the list.")
COMPARED = MappingProxyType({
    "enum": "ticks", "multi": "ticks", "bool": "truth", "int": "whole", "year": "whole", "money": "yuan",
})
TRUE_FALSE: Mapping[str, Text] = MappingProxyType({"yes": Text("是", "yes"), "no": Text("否", "no")})
BOUNDS: Mapping[str, Words] = MappingProxyType({
    "at_least": _("is at least"), "at_most": _("is at most"), "above": _("is above"), "below": _("is below"),
})
TEST_WORDS: Mapping[str, Words] = MappingProxyType({
    "equals": _("is exactly"), **BOUNDS, "is_true": _("is true"), "contains": _("contains"), "in": _("is one of"),
})


@dataclass(frozen=True, slots=True)
class Fact:
    """What a condition can look at. kind: of the question it becomes. choices: its values in words."""

    key: str
    words: Text | str
    kind: str
    choices: Mapping[str, Text | str] = field(default_factory=dict)


def items_of(content: Content) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every field of the form with its place, those of rows and the rows themselves, too."""
    for p, page in enumerate(content["form"].get("pages") or []):
        for g, group in enumerate(page.get("groups") or []):
            for n, item in enumerate(group.get("items") or []):
                place: Path = (FORM, "pages", p, "groups", g, "items", n)
                yield place, item
                for m, inner in enumerate(item.get("fields") or ()):
                    yield (*place, "fields", m), inner


def _of_item(item: Mapping[str, Any]) -> Fact | None:
    """A field as a fact. What cannot be compared, and what names a person, is none."""
    kind = COMPARED.get(str(item.get("kind")))
    if kind is None or item.get("sensitive"):
        return None
    choices = {code: Text.of(pair) for code, pair in (item.get("choices") or {}).items()}
    return Fact(str(item["key"]), Text.of(item["title"]), kind, choices)


def _answers(items: Iterable[tuple[Path, Mapping[str, Any]]]) -> dict[str, Fact]:
    found = (_of_item(item) for _place, item in items)
    return {fact.key: fact for fact in found if fact is not None}


def answers_for(content: Content, path: Path) -> dict[str, Fact]:
    """The answers a field can be compared with: those of its own row, and those outside of rows; never itself."""
    row = path[:-2] if path[-2] == "fields" else ()
    near = [(place, item) for place, item in items_of(content) if place != path and place != row
            and (place[-2] != "fields" or place[:-2] == row)]
    return _answers(near)


def answers_before(content: Content, path: Path) -> dict[str, Fact]:
    """Those of them that are there when it is read (programmes.lint_form): a new condition rests on these."""
    before = {str(item.get("key")) for _place, item in takewhile(lambda found: found[0] != path, items_of(content))}
    return {key: fact for key, fact in answers_for(content, path).items() if key in before}


def facts_for(content: Content) -> dict[str, Fact]:
    """The facts that tables and routes can look at: those of the rules, checks and steps, and the answers that can be
    kept as facts."""
    answers = _answers((place, item) for place, item in items_of(content) if place[-2] != "fields")
    try:
        known = facts.known(build(content))
    except (ProgrammeFault, AttributeError, IndexError, KeyError, TypeError, ValueError):
        known = facts.CARRIED
    told = [key for key in words.FACTS if key in known]
    return {**{key: fact_of(key) for key in told}, **{key: fact for key, fact in answers.items() if key not in told}}


def fact_of(key: str, tests: Any = None) -> Fact:
    """A fact by its name; one that is told nowhere by the tests it stands in."""
    name = words.FACTS.get(key, key)
    if key in words.CHOSEN:
        return Fact(key, name, "contains" if key in words.LISTS else "ticks", words.CHOSEN[key])
    if key in words.TRUTHS or isinstance(tests, bool) or (isinstance(tests, Mapping) and "is_true" in tests):
        return Fact(key, name, "truth")
    if key.endswith("_fen"):
        return Fact(key, name, "yuan")
    bound = isinstance(tests, Mapping) and set(tests) <= set(BOUNDS)
    return Fact(key, name, "whole" if key in words.WHOLE or bound else "ticks")


def begun(path: Path, fact: Fact) -> Any:
    """The tests a new condition begins with."""
    if fact.kind in ("whole", "yuan"):
        return {"at_least": 0 if fact.kind == "whole" else 100}
    if fact.kind == "truth":
        return True if path[0] == FORM else {"is_true": True}
    first = next(iter(fact.choices), "")
    if fact.kind == "contains":
        return {"contains": first}
    return first if path[0] == FORM else {"in": [first]}


def questions_of(
    content: Content, path: Path, known: Mapping[str, Fact], measures: Measures = NO_MEASURES
) -> list[Question]:
    """The inputs of a condition. path: of its mapping "when". measures: regional numbers it can be compared with."""
    asked: list[Question] = []
    for key, tests in (value_at(content, path) or {}).items():
        asked += _of_fact((*path, key), known.get(key) or fact_of(key, tests), tests, measures)
    return asked


def _of_fact(path: Path, fact: Fact, tests: Any, measures: Measures) -> Iterator[Question]:
    if fact.kind in ("whole", "yuan"):
        yield from _of_number(path, fact, tests, measures)
    elif fact.kind == "truth":
        yield Question(path, fact.words, "truth", TRUE_FALSE, empty=False)
    else:
        label = f"{fact.words} {TEST_WORDS['contains' if fact.kind == 'contains' else 'in']}"
        yield Question(path, label, fact.kind, _with_present(fact, tests), empty=False)


def _of_number(path: Path, fact: Fact, tests: Any, measures: Measures) -> Iterator[Question]:
    unit = f" ({Text('元', 'yuan')})" if fact.kind == "yuan" else ""
    if not isinstance(tests, Mapping):
        yield Question(path, f"{fact.words} {TEST_WORDS['equals']}{unit}", fact.kind, empty=False)
        return
    for name in tests if set(tests) - set(BOUNDS) else BOUNDS:
        label, choices = f"{fact.words} {TEST_WORDS.get(name, name)}{unit}", dict(measures.get(fact.kind, {}))
        choices |= {reference: number_named(reference) for _fact, test, reference in named_in({fact.key: tests})
                    if test == name}
        yield Question((*path, name), label, fact.kind, choices, help=MEASURE_HELP if choices else "")


def _with_present(fact: Fact, tests: Any) -> Mapping[str, Text | str]:
    """The choices, with those that stand in the condition and are no more. Empty where the values are typed."""
    if not fact.choices:
        return {}
    if isinstance(tests, Mapping):
        tests = tests.get("in", tests.get("equals", tests.get("contains")))
    present = tests if isinstance(tests, list) else [tests]
    choices: dict[str, Text | str] = {**fact.choices, **{str(one): str(one) for one in present if one is not None}}
    choices |= fact.choices
    return {code or NOTHING: told for code, told in choices.items()}


def acts_of(
    content: Content, path: Path, known: Mapping[str, Fact], *, last: bool, offered: Mapping[str, Fact] | None = None
) -> tuple[Act, ...]:
    """Add a condition, take one away. last: may the last one go, too?
    offered: what a new one can rest on, where not all."""
    when = value_at(content, path) or {}
    picks = {key: fact.words for key, fact in (known if offered is None else offered).items() if key not in when}
    add = Act(f"add:when:{named(path[:-1])}", _("Add this condition"), picks, _("Fact of the new condition"))
    away = [
        Act(f"remove:{named((*path, key))}", _("Take away: %(fact)s") % {"fact": fact.words})
        for key, fact in ((key, known.get(key) or fact_of(key)) for key in when)
    ]
    return (*([add] if picks else []), *(away if last or len(when) > 1 else ()))


def condition_words(
    when: Mapping[str, Any] | None, programme: Programme | None = None, numbers: Mapping[str, Any] | None = None
) -> str:
    """A closed condition in words: "category is one of deep, relative". numbers: whose values are told."""
    parts = []
    for fact, tests in (when or {}).items():
        for test, wanted in (tests if isinstance(tests, Mapping) else {"equals": tests}).items():
            name = words.fact_words(fact, programme)
            if test == "is_true":
                parts.append(f"{name}: {words.value_words(bool(wanted))}")
            else:
                told = words.value_words(wanted, fact, programme, numbers)
                parts.append(f"{name} {TEST_WORDS.get(test, test)} {told}")
    return str(_("and")).join(f" {part} " for part in parts).strip()
