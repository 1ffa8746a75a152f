"""Filters of the studio's pages. Load with {% load studio_tags %}."""
from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(table: Mapping[str, Any], key: str) -> Any:
    """The value of a key, nothing where there is none."""
    return table.get(key, "")
