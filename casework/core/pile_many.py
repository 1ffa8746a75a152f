"""Piles of many like decisions, sent table by table instead of pile by pile."""
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from casework.core.pile import Change, Insert, Pile, Sql, column_of, returned, send_alone, take

Write = Insert | Change
Shape = tuple[Any, ...]


def send_many(piles: Iterable[Pile]) -> None:
    """Send the piles. Those that write the same columns of the same tables in the same order are sent together, one
    statement for each of their writes; no pile may touch a row of another. Raises as Pile.flush() does; then some may
    have been sent, so call it in a transaction."""
    alike: dict[Shape, list[list[Write]]] = defaultdict(list)
    for pile in piles:
        writes, pile.writes = pile.writes, []
        if writes:
            alike[tuple(_shape(write) for write in writes)].append(writes)
    for rows in alike.values():
        for column in zip(*rows, strict=True):
            _send_alike(column)


def _shape(write: Write) -> Shape:
    """What two writes must share to be sent as one."""
    if isinstance(write, Insert):
        return ("insert", type(write.row), write.ignore, *write.counted)
    where = tuple((name, _sort_of(value)) for name, value in write.where.items())
    return ("change", write.model, where, tuple(write.values), write.lost is None, write.row is None)


def _sort_of(value: Any) -> str:
    if value is None:
        return "null"
    return "several" if isinstance(value, list | tuple | set | frozenset) else "one"


def _send_alike(writes: Sequence[Write]) -> None:
    inserts = [write for write in writes if isinstance(write, Insert)]
    changes = [write for write in writes if isinstance(write, Change)]
    if inserts and connection.features.can_return_rows_from_bulk_insert:
        _insert_all(inserts)
    elif changes and connection.vendor == "postgresql" and _plain(changes[0]):
        _change_all(changes)
    else:
        for write in writes:
            send_alone(write)


def _plain(write: Change) -> bool:
    return all(_sort_of(value) != "several" and not name.endswith("__not") for name, value in write.where.items())


def _insert_all(writes: list[Insert]) -> None:
    """One INSERT; both engines give the ids back in the order of the rows."""
    sql = Sql()
    head, rows = "", []
    for write in writes:
        head, marks = sql.row(write)
        rows.append(f"({marks})")
    text = f"{head} VALUES {', '.join(rows)}"
    columns = returned(writes[0])
    with connection.cursor() as cursor:
        if writes[0].ignore:  # of rows that were there already nothing comes back: which are which is not known
            cursor.execute(f"{text} ON CONFLICT DO NOTHING", sql.params)
            return
        cursor.execute(f"{text} RETURNING {', '.join(columns)}", sql.params)
        found = cursor.fetchall()
    for write, values in zip(writes, found, strict=True):
        take(write, list(values))


def _change_all(writes: list[Change]) -> None:
    """One UPDATE with a list of keys and values. Raises what the first says when a row is lost."""
    first, sql = writes[0], Sql()
    keys = [name for name, value in first.where.items() if value is not None]
    rows = []
    for write in writes:
        marks = [_cast(sql, write.model, name, write.where[name]) for name in keys]
        marks += [_cast(sql, write.model, name, write.value_of(name)) for name in write.values]
        rows.append(f"({', '.join(marks)})")
    names = [f"c{n}" for n in range(len(keys) + len(first.values))]
    pairs = zip(first.values, names[len(keys) :], strict=True)
    sets = ", ".join(f"{column_of(first.model, name).quoted} = v.{own}" for name, own in pairs)
    conditions = [f"t.{column_of(first.model, name).quoted} = v.{own}" for name, own in zip(keys, names, strict=False)]
    conditions += [f"t.{column_of(first.model, n).quoted} IS NULL" for n, value in first.where.items() if value is None]
    text = (
        f"UPDATE {sql.table(first.model)} AS t SET {sets} FROM (VALUES {', '.join(rows)}) AS v ({', '.join(names)})"  # noqa: S608
        f" WHERE {' AND '.join(conditions)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, sql.params)
        if first.lost is not None and cursor.rowcount != len(writes):
            raise first.lost


def _cast(sql: Sql, model: type[models.Model], name: str, value: Any) -> str:
    """A value with its type, for a list of values has no column to take it from. Text is never cut."""
    column = column_of(model, name)
    kind = str(column.field.cast_db_type(connection))
    return f"CAST({sql.value(column, value)} AS {'text' if kind.startswith('varchar') else kind})"
