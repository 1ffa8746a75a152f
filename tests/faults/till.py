"""Every row that says where money is."""
from typing import Any

from django.db import connection


def rows_of(*tables: str) -> list[Any]:
    """Every row of these tables."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            found.append(cursor.fetchall())
    return found


def everything() -> list[Any]:
    """Every row that says where money is."""
    names = ("transaction", "ledgerentry", "balance", "payment", "batch", "reservation", "bankresult")
    return rows_of(*(f"funds_{name}" for name in names))
