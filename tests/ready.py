"""Worlds that many tests begin with are built once in a run: what they wrote is kept and written again, row by row.

A world is remembered only when it was built on an empty database, and given again only on an empty one; on any other
it is built anew. Numbers of rows never meet those of later rows: both engines count on from the first building.
"""
import copy
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from tests.emptying import filled

Made = TypeVar("Made")
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
_WORLDS: dict[Hashable, tuple[Rows, Any]] = {}
AT_ONCE = 100  # rows in one statement; both engines bound the values of a statement


def once(key: Hashable, build: Callable[[], Made]) -> Made:
    """Return what `build` makes, with every row it writes; the rows come from memory when the key is known."""
    if _tables_with_rows():
        return build()
    if key not in _WORLDS:
        made = build()
        _WORLDS[key] = _rows(), copy.deepcopy(made)
        return made
    rows, kept = _WORLDS[key]
    _write(rows)
    again: Made = copy.deepcopy(kept)
    return again


def _tables_with_rows() -> list[str]:
    with connection.cursor() as cursor:
        found = set(filled(cursor, _tables()))
    return [table for table in _tables() if table in found]


@cache
def _tables() -> list[str]:
    """Every table of a model, what it refers to before it: the triggers of the ledger want it so."""
    ordered: dict[type[Model], None] = {}

    def visit(model: type[Model], path: frozenset[type[Model]]) -> None:
        if model in ordered or model in path:
            return
        for field in model._meta.concrete_fields:
            if field.related_model and isinstance(field.related_model, type):
                visit(field.related_model, path | {model})
        ordered[model] = None

    for model in apps.get_models(include_auto_created=True):
        visit(model, frozenset())
    return list(dict.fromkeys(model._meta.db_table for model in ordered if model._meta.managed))


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in _tables_with_rows():
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = [column[0] for column in cursor.description], cursor.fetchall()
    return found


def _write(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, lines) in rows.items():
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join(["%s"] * len(columns))
            for start in range(0, len(lines), AT_ONCE):
                part = lines[start : start + AT_ONCE]
                every = ", ".join([f"({marks})"] * len(part))
                cursor.execute(
                    f'INSERT INTO "{table}" ({names}) VALUES {every}', [value for line in part for value in line]
                )
