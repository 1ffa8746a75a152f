"""Regional numbers in the editor: what a condition can be compared with, and that a service lists what it names."""
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from casework.core.text import Text
from casework.programmes import lint_numbers, references, wording
from casework.programmes.loader import build
from casework.programmes.models import Parameter
from casework.programmes.number_words import named
from casework.programmes.reading import ProgrammeFault
from casework.studio import tables
from casework.studio.places import Content

MOST_ROWS = 2000
KINDS = {"money": "yuan", "whole": "whole"}
Measures = Mapping[str, Mapping[str, Text]]
NO_MEASURES: Measures = MappingProxyType({})


def known() -> Measures:
    """Kind of question → reference → words, of every whole number that is entered for some region; one query. It is
    given to the sections, which ask nothing of the database."""
    found: dict[str, dict[str, Text]] = {"yuan": {}, "whole": {}}
    for row in Parameter.objects.order_by("key", "-effective_from")[:MOST_ROWS]:
        for reference, kind in _leaves(row.key, row.value, ()):
            found[KINDS[kind]].setdefault(reference, named(reference))
    return found


def _leaves(key: str, value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(key, inner, (*path, str(name)))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield ".".join((key, *path)), tables.kind_of(key, path, value)


def settle(before: Content, after: Content) -> None:
    """A number that a condition names is frozen, one that only a text names is told; what nothing names any more is
    neither."""
    rules = after["programme"]
    wanted, gone = _compared(after), _compared(before) - _compared(after)
    numbers = [key for key in rules.get("numbers") or [] if key not in gone or key in _read(after)]
    numbers += sorted(wanted - set(numbers))
    told = [key for key in _in_texts(rules) if key not in numbers]
    for name, keys in (("numbers", numbers), ("told", told)):
        if keys or name in rules:
            rules[name] = keys
    if not told:
        rules.pop("told", None)


def _compared(content: Content) -> set[str]:
    rules = content["programme"]
    whens = [row.get("when") for row in rules.get("eligibility") or []]
    whens += [step.get("when") for group in rules["route"].values() for step in (group or {}).values()]
    return {references.key_of(name) for when in whens for _fact, _test, name in references.named(when)}


def _in_texts(rules: Mapping[str, Any]) -> list[str]:
    texts = [*(rules.get("who") or []), rules.get("how_much") or {}]
    said = " ".join(str(words) for text in texts for words in text.values())
    return list(dict.fromkeys(references.key_of(name) for name, _form in wording.places_in(said)))


def _read(content: Content) -> set[str]:
    """What rules, checks and steps read; everything there is while the draft cannot be read."""
    try:
        programme = build(content)
    except (ProgrammeFault, AttributeError, IndexError, KeyError, TypeError, ValueError):
        return set(content["programme"].get("numbers") or [])
    return {*lint_numbers.read(programme), *wording.keys_in(programme)}
