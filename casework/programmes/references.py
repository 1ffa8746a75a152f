"""Regional numbers that a condition or a text names: "subsistence_line", or a part of a table such as
"living_aid.deep_multiple"."""

from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes.rules.faults import RuleFault

NUMBER = "number"


def is_reference(wanted: Any) -> bool:
    """Does a test compare with a regional number, {number: name}?"""
    return isinstance(wanted, Mapping) and set(wanted) == {NUMBER} and isinstance(wanted[NUMBER], str)


def key_of(reference: str) -> str:
    """The number itself, which is what a programme lists and a case freezes."""
    return reference.partition(".")[0]


def part(numbers: Mapping[str, Any], reference: str) -> Any:
    """The value under a reference, None where there is none."""
    value: Any = numbers
    for name in reference.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def whole(numbers: Mapping[str, Any], reference: str) -> int:
    """The whole number under a reference. Raises RuleFault: nothing is guessed."""
    value = part(numbers, reference)
    if value is None:
        raise RuleFault(reference, Text("缺少该数值", "this number is missing"))
    if isinstance(value, bool) or not isinstance(value, int):
        raise RuleFault(reference, Text("条件要与整数比较", "a condition compares with a whole number"))
    return value


def named(when: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str]]:
    """(fact, test, reference) of each regional number that a closed condition names."""
    for fact, tests in (when or {}).items():
        for test, wanted in tests.items() if isinstance(tests, Mapping) else ():
            if is_reference(wanted):
                yield fact, test, wanted[NUMBER]
