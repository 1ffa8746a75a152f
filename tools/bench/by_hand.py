"""The same rows by hand-written SQL: one statement a transition on PostgreSQL, prepared; row by row on SQLite.

What an engineer would write who knows beforehand which rows there will be: no checks, no reading, the hash of the event
worked out in Python, one durable transaction a transition.
"""
import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connection, models, transaction

from casework.audit.models import Event
from casework.people.models import Person
from tools.bench.rows import Photo, Write, difference, photo

Slot = Callable[["Twin"], Any]


class Twin:
    """One more case like the recorded one. ids: its rows by (table, recorded pk); words: what stands in it instead of
    the recorded words, such as its number and the ids nobody can guess."""

    def __init__(self, recording: "Recording", person: Person) -> None:
        self.ids: dict[tuple[str, int], int] = {(Person._meta.db_table, recording.person.pk): person.pk}
        self.words: dict[Any, Any] = {str(recording.person.pk): str(person.pk)}
        for old in recording.unique:
            new = uuid.uuid4()
            if isinstance(old, uuid.UUID):
                self.words |= {old: new, str(old): str(new), old.hex: new.hex}
            else:
                self.words[old] = str(new)[: max(len(old), 12)]
        self.hash = self.last_hash = "0" * 64


class Recording:
    """One case through the door, with the rows of each transition."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.transitions: list[tuple[str, list[Write]]] = []
        self.unique: set[Any] = set()
        self._last: Photo = photo()

    def note(self, name: str) -> None:
        """A transition was made: find out what it wrote."""
        now = photo()
        writes = difference(self._last, now)
        self._last = now
        self.transitions.append((name, writes))
        for write in writes:
            self.unique |= set(_unique(write)) if write.new else set()

    @property
    def new(self) -> set[tuple[str, int]]:
        """The rows that belong to this case."""
        return {(write.table, write.pk) for _name, writes in self.transitions for write in writes if write.new}


def _unique(write: Write) -> Iterator[Any]:
    for field in write.model._meta.concrete_fields:
        value = write.values[field.attname]
        if isinstance(field, models.UUIDField):
            yield value if isinstance(value, uuid.UUID) else uuid.UUID(value)
        elif field.unique and not field.primary_key and not field.remote_field and isinstance(value, str):
            yield value
        if field.attname == "key" and write.table == "cases_usedkey":
            yield value


class Statement:
    """What one transition sends. parts: SQL and slots of each row; on PostgreSQL they are parts of one statement."""

    def __init__(self, recording: Recording, writes: list[Write], *, together: bool = True) -> None:
        self.writes = writes
        self.at = {(write.table, write.pk): n for n, write in enumerate(writes) if write.new}
        self.one = together and connection.vendor == "postgresql"
        self.parts = [self._part(recording, write) for write in writes]
        rows = ", ".join(f"w{n} AS ({sql})" for n, (sql, _slots) in enumerate(self.parts))
        self.text = f"WITH {rows} SELECT {', '.join(f'(SELECT id FROM w{n})' for n in range(len(self.parts)))}"

    def _part(self, recording: Recording, write: Write) -> tuple[str, list[Slot]]:
        fields = {field.column: field for field in write.model._meta.concrete_fields}
        slots: list[Slot] = []
        places: dict[str, str] = {}
        for column, value in write.values.items():
            if not fields[column].primary_key:
                places[column] = self._place(recording, fields[column], value, slots, write)
        quoted = {column: connection.ops.quote_name(column) for column in places}
        table = connection.ops.quote_name(write.table)
        if write.new:
            columns, marks = ", ".join(quoted.values()), ", ".join(places.values())
            return f"INSERT INTO {table} ({columns}) VALUES ({marks}) RETURNING id", slots
        sets = ", ".join(f"{quoted[column]} = {mark}" for column, mark in places.items())
        slots.append(lambda twin: twin.ids.get((write.table, write.pk), write.pk))
        where = "id = %s"
        if "event_n" in write.before:  # the stale never win
            where, seen = f"{where} AND event_n = %s", write.before["event_n"]
            slots.append(lambda twin: seen)
        return f"UPDATE {table} SET {sets} WHERE {where} RETURNING id", slots

    def _place(
        self, recording: Recording, field: "models.Field[Any, Any]", value: Any, slots: list[Slot], write: Write
    ) -> str:
        """The mark of a value in the SQL, and where it comes from."""
        if field.column in ("hash", "prev_hash") and write.table.startswith("audit_"):
            slots.append((lambda twin: twin.hash) if field.column == "hash" else (lambda twin: twin.last_hash))
            return "%s"
        if field.column == "last" and not write.new:  # a counter of numbers without gaps
            return connection.ops.quote_name("last") + " + 1"
        if isinstance(field, models.ForeignKey):
            target = (field.remote_field.model._meta.db_table, value)
            if target in self.at and self.one:
                return f"(SELECT id FROM w{self.at[target]})"
            slots.append(lambda twin: twin.ids.get(target, value))
            return "%s"
        is_text = isinstance(value, str | uuid.UUID)
        slots.append((lambda twin: twin.words.get(value, value)) if is_text else (lambda twin: value))
        return "%s"

    def send(self, twin: Twin) -> None:
        """Write the rows for a twin, in one durable transaction."""
        self.hash_event(twin)
        with transaction.atomic():
            if self.one:
                self._send_one(twin)
            else:
                self._send_each(twin)

    def hash_event(self, twin: Twin) -> None:
        """Work the hash of the twin's next event out."""
        for write in self.writes:
            if write.model is Event:
                twin.last_hash = twin.hash
                text = json.dumps([write.values["data"], write.values["actor"], twin.hash])
                twin.hash = hashlib.sha256(text.encode()).hexdigest()

    def _send_one(self, twin: Twin) -> None:
        with psycopg.Cursor(connection.connection) as cursor:
            cursor.execute(self.text, [slot(twin) for _sql, slots in self.parts for slot in slots], prepare=True)
            ids = cursor.fetchone()
        assert ids is not None
        for write, number in zip(self.writes, ids, strict=True):
            if number is None:
                raise RuntimeError(f"{write.table}: the row was not found")
            if write.new:
                twin.ids[write.table, write.pk] = number

    def _send_each(self, twin: Twin) -> None:
        with connection.cursor() as cursor:
            for write, (sql, slots) in zip(self.writes, self.parts, strict=True):
                cursor.execute(sql, [_plain(slot(twin)) for slot in slots])
                number = cursor.fetchone()[0]
                if write.new:
                    twin.ids[write.table, write.pk] = number


def _plain(value: Any) -> Any:
    return value.hex if isinstance(value, uuid.UUID) else value


def statements(recording: Recording) -> list[Statement]:
    """The SQL of each transition of the recorded case."""
    return [Statement(recording, writes) for _name, writes in recording.transitions]


def rows_by_table(writes: list[Write]) -> Counter[tuple[str, bool]]:
    """How many rows of each table are new, and how many are changed."""
    return Counter((write.table, write.new) for write in writes)


def prove(recording: Recording, sql: list[Statement], person: Person) -> None:
    """Send the statements once and read off the tables that they write what the door wrote. Raises RuntimeError."""
    twin = Twin(recording, person)
    for (name, writes), statement in zip(recording.transitions, sql, strict=True):
        before = photo()
        statement.send(twin)
        found, wanted = rows_by_table(difference(before, photo())), rows_by_table(writes)
        if found != wanted:
            raise RuntimeError(f"{name}: only by hand {found - wanted}, only through the door {wanted - found}")
