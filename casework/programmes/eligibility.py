"""Closed conditions over the facts of a case; the first row that fits names the reason. No expression strings."""
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from casework.core.text import Text
from casework.programmes import references
from casework.programmes.rules.faults import RuleFault
from casework.programmes.spec import Eligibility

TESTS = ("equals", "in", "at_least", "at_most", "above", "below", "is_true", "contains")
# Tests that may compare with a regional number.
MEASURED = ("equals", "at_least", "at_most", "above", "below")
NONE: Mapping[str, Any] = MappingProxyType({})
MEND = Text("请政策管理人员改正该服务的条件。", "The policy officer corrects the condition of the service.")


def first_denial(rows: Iterable[Eligibility], facts: Mapping[str, Any], numbers: Mapping[str, Any] = NONE) -> str:
    """The reason code of the first row whose conditions all hold, or "". numbers: regional numbers that the conditions
    compare with. Raises RuleFault for one that is not there."""
    for row in rows:
        if fits(row.when, facts, numbers):
            return row.deny
    return ""


def fits(when: Mapping[str, Any], facts: Mapping[str, Any], numbers: Mapping[str, Any] = NONE) -> bool:
    """Do all tests of a closed condition hold over the facts? Raises RuleFault, also for what cannot be compared."""
    return all(_holds(key, facts.get(key), tests, numbers) for key, tests in when.items())


def _holds(key: str, value: Any, tests: Any, numbers: Mapping[str, Any]) -> bool:
    try:
        return _fits(value, tests, numbers)
    except TypeError as error:
        what = Text("不能与条件中的值比较", "it cannot be compared with the value of the condition")
        raise RuleFault(key, what, MEND) from error


def _fits(value: Any, tests: Any, numbers: Mapping[str, Any]) -> bool:
    """A fact that is missing fits no test: nothing is guessed."""
    if value is None:
        return False
    if not isinstance(tests, Mapping):
        return bool(value == tests)
    return all(_one(value, name, _wanted(wanted, numbers)) for name, wanted in tests.items())


def _wanted(wanted: Any, numbers: Mapping[str, Any]) -> Any:
    return references.whole(numbers, wanted[references.NUMBER]) if references.is_reference(wanted) else wanted


def _one(value: Any, name: str, wanted: Any) -> bool:
    match name:
        case "equals":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case "is_true":
            return bool(value) is bool(wanted)
        case "contains":
            return wanted in value
        case _:
            return _measured(value, name, wanted)


def _measured(value: Any, name: str, wanted: Any) -> bool:
    match name:
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "above":
            return bool(value > wanted)
        case "below":
            return bool(value < wanted)
    raise ValueError(f"{name} is not a test: there are {', '.join(TESTS)}")


def shape_faults(when: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    """(fact, what and how to mend it) of each test that no condition can hold."""
    for fact, tests in when.items():
        for test, wanted in tests.items() if isinstance(tests, Mapping) else ():
            if test not in TESTS:
                there = ", ".join(TESTS)
                yield fact, Text(
                    f"{test} 不是比较方法：可用的有 {there}", f"{test} is not a test: there are {there}"
                )
            elif isinstance(wanted, Mapping) and not (test in MEASURED and references.is_reference(wanted)):
                these = ", ".join(MEASURED)
                yield fact, Text(
                    f"{test} 要与一个值比较；{these} 也可与地区数值比较：{{number: 数值名}}",
                    f"{test} compares with a value or, for {these}, with {{number: its name}}",
                )
