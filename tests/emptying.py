"""Emptying tables between tests. The product refuses to delete history; only the test run may, with the triggers
set aside for that moment. Most tests fill a few tables of many, so only those that hold rows are touched; what
migrating wrote about the models themselves is the same for every test and stays."""
import re
from collections.abc import Iterable
from typing import Any

from django.core.management.commands import flush
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

NAMES = re.compile(r'"(\w+)"')
KEPT = frozenset({"django_content_type", "auth_permission"})


def filled(cursor: Any, tables: Iterable[str]) -> list[str]:
    """Of these tables, those that hold rows of a test; one question for all."""
    chosen = [table for table in tables if table not in KEPT]
    asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in chosen)
    cursor.execute(asked)
    return [row[0] for row in cursor.fetchall()]


def _sqlite_flush(sql_list: list[str]) -> None:
    """DELETE FROM "table" each, and the sequences last where they are asked for."""
    with connection.cursor() as cursor:
        deletions = {NAMES.findall(sql)[0]: sql for sql in sql_list if sql.startswith("DELETE FROM")}
        touched = set(filled(cursor, deletions))
        cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, sql) for name, table, sql in cursor.fetchall() if table in touched]
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for sql in sql_list:
            if sql not in deletions.values() or NAMES.findall(sql)[0] in touched:
                cursor.execute(sql)
        for _name, sql in triggers:
            cursor.execute(sql)


def _postgres_flush(sql_list: list[str]) -> None:
    """One TRUNCATE of every table; a DELETE from those that hold rows does the same faster, unless the sequences are to
    start again. Foreign keys are asked once, when all is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        guarded = [row[0] for row in cursor.fetchall()]
        if any("RESTART IDENTITY" in sql for sql in sql_list):
            deletions = sql_list
        else:
            touched = filled(cursor, NAMES.findall(" ".join(sql_list)))
            guarded = [table for table in guarded if table in touched]
            deletions = ["SET CONSTRAINTS ALL DEFERRED", *(f'DELETE FROM "{table}"' for table in touched)]
            deletions.append("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in deletions:
            cursor.execute(sql)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def allow_flush() -> None:
    """Let TransactionTestCase empty append-only tables, and not write about the models anew each time."""

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        from django.db import transaction

        with transaction.atomic(using=self.connection.alias, savepoint=self.connection.features.can_rollback_ddl):
            (_postgres_flush if connection.vendor == "postgresql" else _sqlite_flush)(sql_list)

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *_args, **_more: None
