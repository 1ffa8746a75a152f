"""Reading the tables of rules: JSON by region and date, entered by people, so that nothing in them is trusted.

Money is whole fen. A share is a whole number of percent, or text such as "12.5": numbers with a point are not exact.
"""

import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Any

from casework.core.money import MOST_FEN
from casework.core.text import Text
from casework.programmes.rules.faults import RuleFault

Table = Mapping[str, Any]
EXACT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")


def table(value: Any, where: str) -> Table:
    """Keys with values. Raises RuleFault."""
    if not isinstance(value, Mapping) or not value:
        raise RuleFault(where, Text("这里应为一张表（键和值）", "a table of keys and values is wanted here"))
    return value


def rows(owner: Table, key: str, where: str) -> list[Table]:
    """The rows of a list, at least one. Raises RuleFault."""
    found = owner.get(key)
    if not isinstance(found, list) or not found:
        raise RuleFault(f"{where}.{key}", Text("这里应为至少一行的列表", "a list with at least one row is wanted here"))
    return [table(row, f"{where}.{key}[{n}]") for n, row in enumerate(found)]


def only(owner: Table, known: Collection[str], where: str) -> None:
    """Refuse keys that mean nothing: they are most often mistyped. Raises RuleFault."""
    unknown = ", ".join(sorted(set(owner) - set(known)))
    if unknown:
        there = ", ".join(sorted(known))
        raise RuleFault(
            where, Text(f"不认识的键 {unknown}；可用的有 {there}", f"unknown keys {unknown}; there are {there}")
        )


def fen(owner: Table, key: str, where: str, default: int | None = None) -> int:
    """An amount in fen from 0 on; default: where the key may be left out. Raises RuleFault."""
    return count(owner, key, where, default)


def count(owner: Table, key: str, where: str, default: int | None = None, least: int = 0) -> int:
    """A whole number. Raises RuleFault."""
    value = owner.get(key, default)
    if value is None:
        raise RuleFault(f"{where}.{key}", Text("缺少该数值", "this number is missing"))
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_FEN:
        raise RuleFault(
            f"{where}.{key}",
            Text(f"{value!r} 不是从 {least} 起的整数（金额以分为单位）",
                 f"{value!r} is not a whole number from {least} on (money is in fen)"),
        )
    return value


def exact(value: Any, where: str) -> Fraction:
    """A whole number, or decimal text such as "12.5", exactly. Raises RuleFault."""
    text = str(value)
    if isinstance(value, bool | float) or not EXACT.fullmatch(text):
        words = Text(f'{value!r} 不是精确的数，请写成 12 或 "12.5"', f'{value!r} is not exact: write it 12 or "12.5"')
        raise RuleFault(where, words)
    return Fraction(text)


def percent(owner: Table, key: str, where: str) -> Fraction:
    """A share from 0 to 100 percent, as a fraction of 1. Raises RuleFault."""
    if key not in owner:
        raise RuleFault(f"{where}.{key}", Text("缺少百分比", "the percentage is missing"))
    share = exact(owner[key], f"{where}.{key}")
    if share > 100:
        raise RuleFault(f"{where}.{key}", Text("百分比不能超过 100", "a percentage is at most 100"))
    return share / 100


def chosen(value: Any, keys: Collection[str], where: str) -> Any:
    """Out of a table by kind of case, the value of the first of these keys it holds. Raises RuleFault."""
    choices = table(value, where)
    for key in keys:
        if key in choices:
            return choices[key]
    wanted = ", ".join(keys)
    raise RuleFault(where, Text(f"没有 {wanted} 的数值", f"there is no value for {wanted}"))
