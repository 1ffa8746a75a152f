"""Regional numbers as tables: one row a cell, money in yuan on the page and in fen in the row.

A number is an integer, a text or nested mappings and lists of them. Each leaf becomes one input, named by its path; a
list of mappings (tiers, bands) is drawn as a table with a row each and one empty row to add; a list of words with one
empty cell to add.
"""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core import money
from casework.core.problems import Problem
from casework.core.text import Text
from casework.studio.places import Path, named, value_at, with_value
from casework.studio.words import CHOICES, FLAG, number_words

FEN = "_fen"
# Numbers that are money as they stand, without a name that says so; all that stands under such a name is money.
PLAIN_MONEY = frozenset({
    "subsistence_line", "minimum_wage", "fast_track_mutual", "joint_decision_medical", "county", "city", "province",
    "national", "sums",
})


@dataclass(frozen=True, slots=True)
class Cell:
    """One leaf. kind: money, whole, text, flag. more: the empty one at the end of a list of words, to add another."""

    path: Path
    kind: str
    shown: str
    more: bool = False

    @property
    def name(self) -> str:
        """Name of the input."""
        return named(("value", *self.path))

    @property
    def label(self) -> str:
        """The names of the path in words; "" where the number is one value."""
        return " · ".join(number_words(part) for part in self.path if isinstance(part, str))

    @property
    def choices(self) -> Mapping[str, Text]:
        """What may be chosen, where it is a choice."""
        name = next((part for part in reversed(self.path) if isinstance(part, str)), "")
        known = FLAG if self.kind == "flag" else CHOICES.get(name, {}) if self.kind == "text" else {}
        return known if not self.shown or self.shown in known else {}

    @property
    def told(self) -> str:
        """The leaf for reading: an amount with its commas, a choice by its words."""
        if self.kind == "money" and self.shown:
            return money.show(money.fen(self.shown))
        return str(self.choices.get(self.shown, self.shown))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same columns: tiers, bands. Rows beyond the last may be added; an empty row goes away."""

    path: Path
    columns: tuple[Path, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def title(self) -> str:
        """The name of the list in words."""
        return " · ".join(number_words(part) for part in self.path if isinstance(part, str))

    @property
    def heads(self) -> tuple[tuple[str, bool], ...]:
        """(words, is it money?) of each column."""
        return tuple(
            (" · ".join(number_words(str(part)) for part in column), str(column[-1]).endswith(FEN))
            for column in self.columns
        )


def kind_of(key: str, path: Path, value: Any) -> str:
    """How a leaf is read and shown."""
    if isinstance(value, bool):
        return "flag"
    names = [part for part in (key, *path) if isinstance(part, str)]
    if any(name.endswith(FEN) or name in PLAIN_MONEY for name in names):
        return "money"
    return "text" if isinstance(value, str) else "whole"


def show(kind: str, value: Any) -> str:
    """A leaf as its input holds it; nothing stands for "without limit"."""
    if value is None:
        return ""
    if kind == "flag":
        return "true" if value else ""
    return money.show(int(value)).replace(",", "") if kind == "money" else str(value)


def parts_of(key: str, value: Any, path: Path = ()) -> Iterator[Cell | Table]:
    """The leaves and tables of a number, in their order."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from parts_of(key, inner, (*path, name))
    elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        yield _table(key, value, path)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from parts_of(key, inner, (*path, n))
        if _words(value):
            yield Cell((*path, len(value)), "text", "", more=True)
    else:
        kind = kind_of(key, path, value)
        yield Cell(path, kind, show(kind, value))


def _words(value: list[Any]) -> bool:
    """Is this a list of words, in whose order nothing lies? Any may go, and others may come. Shares by grade, which may
    be text such as "12.5", keep their places."""
    return all(isinstance(one, str) and not one[:1].isdigit() for one in value)


def _table(key: str, rows: list[Mapping[str, Any]], path: Path) -> Table:
    columns = tuple(dict.fromkeys(column for row in rows for column in _leaves(row)))
    lines = []
    for n in range(len(rows) + 1):
        row = rows[n] if n < len(rows) else {}
        line = []
        for column in columns:
            found = (value_at(row, column) for row in rows)
            kind = kind_of(key, (*path, n, *column), next((value for value in found if value is not None), None))
            line.append(Cell((*path, n, *column), kind, show(kind, value_at(row, column))))
        lines.append(tuple(line))
    return Table(path, columns, tuple(lines))


def _leaves(row: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    for name, inner in row.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, (*path, name))
        else:
            yield (*path, name)


def read(key: str, value: Any, typed: Mapping[str, str]) -> tuple[Any, list[Problem]]:
    """The number with what was typed in its cells, and what is wrong with it. Cells that were not sent stay."""
    problems: list[Problem] = []
    return _read(key, value, (), typed, problems), problems


def _read(key: str, value: Any, path: Path, typed: Mapping[str, str], problems: list[Problem]) -> Any:
    if isinstance(value, Mapping):
        return {name: _read(key, inner, (*path, name), typed, problems) for name, inner in value.items()}
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return _read_rows(key, value, path, typed, problems)
    if isinstance(value, list):
        found = [_read(key, inner, (*path, n), typed, problems) for n, inner in enumerate(value)]
        if _words(value):
            more = _cell(Cell((*path, len(value)), "text", "", more=True), None, typed, problems)
            return [one for one in (*found, more) if one is not None]
        return found
    kind = kind_of(key, path, value)
    return _cell(Cell(path, kind, show(kind, value)), value, typed, problems)


def _read_rows(key: str, rows: Any, path: Path, typed: Mapping[str, str], problems: list[Problem]) -> list[Any]:
    found = []
    for line in _table(key, rows, path).rows:
        row: dict[str, Any] = {}
        for cell in line:
            n, *column = cell.path[len(path):]
            value = _cell(cell, value_at(rows, (n, *column)), typed, problems)
            if value is not None:
                row = with_value(row, tuple(column), value)
        if row:
            found.append(row)
    return found


def _cell(cell: Cell, before: Any, typed: Mapping[str, str], problems: list[Problem]) -> Any:
    text = typed.get(cell.name)
    if text is None:
        return before
    text = text.strip()[:200]
    if not text:
        return None
    if cell.kind == "money":
        try:
            return money.fen(text)
        except ValueError:
            problems.append(Problem("MONEY", _("This is not an amount in yuan."), place=cell.name))
            return before
    if cell.kind == "whole":
        if text.isascii() and text.isdigit() and len(text) < 15:
            return int(text)
        problems.append(Problem("WHOLE", _("Enter a whole number, such as 6."), place=cell.name))
        return before
    return text == "true" if cell.kind == "flag" else text
