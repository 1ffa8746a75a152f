"""Filters of the studio's pages. Load with {% load studio_tags %}."""
from collections.abc import Mapping
from typing import Any

from django import template

from casework.studio.tables import Cell
from casework.studio.words import number_words as words_of_number

register = template.Library()


@register.filter
def of(table: Mapping[str, Any], key: str) -> Any:
    """The value of a key, nothing where there is none."""
    return table.get(key, "")


@register.filter
def now_in(cell: Cell, typed: Mapping[str, str]) -> str:
    """What stands in the input of a cell: what was typed, else what the number holds."""
    return typed.get(cell.name, cell.shown)


@register.filter
def number_words(key: str) -> str:
    """A regional number in words."""
    return words_of_number(key)
