"""Closed conditions over the facts of a case; the first row that fits names the reason. No expression strings."""
from collections.abc import Iterable, Mapping
from typing import Any

from casework.programmes.spec import Eligibility

TESTS = ("equals", "in", "at_least", "at_most", "is_true", "contains")


def first_denial(rows: Iterable[Eligibility], facts: Mapping[str, Any]) -> str:
    """The reason code of the first row whose conditions all hold, or ""."""
    for row in rows:
        if fits(row.when, facts):
            return row.deny
    return ""


def fits(when: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Do all tests of a closed condition hold over the facts?"""
    return all(_fits(facts.get(key), test) for key, test in when.items())


def _fits(value: Any, tests: Any) -> bool:
    """A fact that is missing fits no test: nothing is guessed."""
    if value is None:
        return False
    if not isinstance(tests, Mapping):
        return bool(value == tests)
    return all(_one(value, name, wanted) for name, wanted in tests.items())


def _one(value: Any, name: str, wanted: Any) -> bool:
    match name:
        case "equals":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case "at_least":
            return bool(value >= wanted)
        case "at_most":
            return bool(value <= wanted)
        case "is_true":
            return bool(value) is bool(wanted)
        case "contains":
            return wanted in value
    raise ValueError(f"{name} is not a test: there are {', '.join(TESTS)}")
