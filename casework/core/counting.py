"""Running numbers without gaps: a counter row, locked from the moment a number is taken until the commit."""
from django.db import connection, models

from casework.core import prepared


def take_next(model: type[models.Model], column: str, name: str) -> int:
    """The next number of the counter that bears this name in a unique column, in one statement; the first is 1. Call in
    the transaction that uses it: a rollback gives the number back. The model's column `last` holds the last one."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    text = (
        f"INSERT INTO {table} ({quote(column)}, last) VALUES (%s, 1)"  # noqa: S608
        f" ON CONFLICT ({quote(column)}) DO UPDATE SET last = {table}.last + 1"
    )
    with prepared.cursor() as cursor:
        if connection.features.can_return_columns_from_insert:
            cursor.execute(f"{text} RETURNING last", [name])
        else:
            cursor.execute(text, [name])
            cursor.execute(f"SELECT last FROM {table} WHERE {quote(column)} = %s", [name])  # noqa: S608
        return int(cursor.fetchone()[0])
