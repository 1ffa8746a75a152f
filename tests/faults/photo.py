"""A photograph of the whole database: what an action left behind, and what it did not."""
import contextlib
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

Photo = dict[str, dict[Any, str]]


def photograph() -> Photo:
    """Table → id of the row → digest of the whole row."""
    taken: Photo = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.django_table_names(only_existing=False)):
            cursor.execute(f"SELECT * FROM {table}")
            taken[table] = {row[0]: _digest(row) for row in cursor.fetchall()}
    return taken


def _digest(row: tuple[Any, ...]) -> str:
    plain = [bytes(value) if isinstance(value, memoryview) else value for value in row]
    return hashlib.sha256(repr(plain).encode()).hexdigest()


def counts(photo: Photo) -> dict[str, int]:
    """Table → how many rows."""
    return {table: len(rows) for table, rows in photo.items()}


def changed(before: Photo, after: Photo) -> dict[str, set[Any]]:
    """Table → ids of the rows that are new, gone or different."""
    found = {}
    for table, rows in after.items():
        old = before[table]
        ids = {pk for pk in {*old, *rows} if old.get(pk) != rows.get(pk)}
        if ids:
            found[table] = ids
    return found


def rehearsed(action: Callable[[], Any]) -> Photo:
    """What the database would look like after the action, which is then rolled back."""
    with transaction.atomic():
        action()
        taken = photograph()
        transaction.set_rollback(True)
    return taken


SQLITE = "CREATE TRIGGER no_events BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no event today'); END"
POSTGRES = (
    "CREATE FUNCTION no_events() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'no event today' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER no_events BEFORE INSERT ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION no_events()",
)


@contextlib.contextmanager
def no_events() -> Iterator[None]:
    """The database takes no event as long as this lasts."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in POSTGRES if postgres else (SQLITE,):
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER no_events" + (" ON audit_event" if postgres else ""))
            if postgres:
                cursor.execute("DROP FUNCTION no_events()")
