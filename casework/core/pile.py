"""Rows that are written together: collected one by one, sent as one statement where the database can (PostgreSQL).

A round trip for each row is what a change of a case costs most. On SQLite, which sits in the same process and cannot
write several tables in one statement, the rows follow each other in the order they were collected.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from casework.core import prepared


@dataclass(frozen=True, slots=True)
class NextRound:
    """The number of rows of this kind there are already, plus one; counted by the statement that inserts the row."""

    model: type[models.Model]
    where: Mapping[str, Any]


@dataclass(slots=True)
class Insert:
    """A new row; see Pile.insert()."""

    row: models.Model
    ignore: bool
    counted: Mapping[str, NextRound]


@dataclass(slots=True)
class Change:
    """Changed columns of one row, or of all that fit; see Pile.update() and Pile.change()."""

    model: type[models.Model]
    where: dict[str, Any]
    values: dict[str, Any]
    lost: Exception | None = None
    row: models.Model | None = None

    def value_of(self, name: str) -> Any:
        """The new value of a column: of a row the one it has now."""
        return column_of(self.model, name).of(self.row) if self.row is not None else self.values[name]


@dataclass
class Pile:
    """Writes in the order they were asked for. Values are read when they are sent, so a row may still be changed until
    then. A row may point to another of the pile that has no id yet."""

    writes: list[Insert | Change] = field(default_factory=list)

    def insert(self, row: models.Model, *, ignore: bool = False, **counted: NextRound) -> None:
        """Add a new row. ignore: leave it out where a unique row is there already; its id is not known then."""
        self.writes.append(Insert(row, ignore, counted))

    def update(self, row: models.Model, *names: str) -> None:
        """Write these columns of a row, as they are when the pile is sent."""
        for write in self.writes:
            if isinstance(write, Insert) and write.row is row:
                return
            if isinstance(write, Change) and write.row is not None and _same(write.row, row):
                if write.row is not row:
                    break
                write.values |= dict.fromkeys(names)
                return
        else:
            self.writes.append(Change(type(row), {"pk": row.pk}, dict.fromkeys(names), row=row))
            return
        self.flush()  # two objects of one row: what the first one says comes first
        self.update(row, *names)

    def change(
        self, model: type[models.Model], where: dict[str, Any], lost: Exception | None = None, **values: Any
    ) -> None:
        """Change all rows of a model whose columns have these values: a list means one of them, None means null, and
        pk__not all but this one. lost: what to raise when no row is found."""
        self.writes.append(Change(model, where, values, lost))

    def pending(self, model: type[models.Model]) -> list[models.Model]:
        """New rows of this model that were not sent yet."""
        return [write.row for write in self.writes if isinstance(write, Insert) and isinstance(write.row, model)]

    def writes_to(self, row: models.Model, name: str) -> bool:
        """Is this column of the row to be changed?"""
        changes = [write for write in self.writes if isinstance(write, Change) and write.row is not None]
        return any(name in write.values and _same(write.row, row) for write in changes if write.row)

    def flush(self) -> None:
        """Send what was collected. Raises IntegrityError as the database does, and what `lost` says."""
        writes, self.writes = self.writes, []
        if not writes:
            return
        if connection.vendor == "postgresql":
            _send_together(writes)
        else:
            for write in writes:
                send_alone(write)


def _same(one: models.Model, other: models.Model) -> bool:
    return one.pk == other.pk and one._meta.concrete_model is other._meta.concrete_model


# Fields whose values of this kind go to either engine as they are.
_PLAIN = ((models.CharField, str), (models.TextField, str), (models.BooleanField, bool), (models.IntegerField, int))


_STOCK = [kind.pre_save for kind in (models.Field, models.DateField, models.DateTimeField)]


class Column:
    """A field as SQL names it, and how its values get there. What Django asks anew for every value is asked once."""

    def __init__(self, field: "models.Field[Any, Any]") -> None:
        self.field, self.name, self.attname = field, field.name, field.attname
        self.quoted = connection.ops.quote_name(str(field.column))
        self.plain = _plain_kind(field)
        automatic = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        self.own = type(field).pre_save in _STOCK and not automatic  # the row's attribute is the value
        self.points = field.remote_field is not None

    def of(self, row: models.Model) -> Any:
        """The value of a row; a row it points to that has no id yet stands for itself."""
        value = getattr(row, self.attname) if self.own else self.field.pre_save(row, add=True)
        return row._state.fields_cache.get(self.name) if value is None and self.points else value

    def sent(self, value: Any, engine: BaseDatabaseWrapper) -> Any:
        """The value as the engine gets it."""
        if value is None or type(value) is self.plain:
            return value
        return self.field.get_db_prep_save(value, engine)


def _plain_kind(field: "models.Field[Any, Any]") -> type | None:
    """The kind of value that needs no preparation for the database; None when every value does."""
    if isinstance(field, models.ForeignKey):
        return _plain_kind(field.target_field)
    own = type(field)
    for stock, kind in _PLAIN:
        if isinstance(field, stock) and own.get_prep_value is stock.get_prep_value:
            return kind if own.get_db_prep_save is stock.get_db_prep_save else None
    return None


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[Column, ...], str]:
    """What an INSERT names, and its words up to the values."""
    columns = tuple(Column(field) for field in model._meta.concrete_fields if not field.primary_key)
    return columns, f"INSERT INTO {_table(model)} ({', '.join(column.quoted for column in columns)})"


@cache
def column_of(model: type[models.Model], name: str) -> Column:
    """The column of this name, "pk" among them."""
    found = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(found, models.Field)
    return Column(found)


@cache
def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


class Sql:
    """SQL of one write after the other, with its parameters. names: rows of this statement by identity. numbered: its
    marks are those of PostgreSQL itself, $1 and on; without it they are %s."""

    def __init__(self, *, numbered: bool = False) -> None:
        self.params: list[Any] = []
        self.names: dict[int, str] = {}
        self.numbered = numbered
        self.engine = connections[DEFAULT_DB_ALIAS]  # looked for once, not once a value

    def value(self, column: Column, value: Any) -> str:
        """The mark of a value: a parameter, or the id of a row that the same statement makes."""
        if isinstance(value, models.Model):
            if value.pk is None:
                return f"(SELECT id FROM {self.names[id(value)]})"  # noqa: S608
            value = value.pk
        self.params.append(column.sent(value, self.engine))
        return f"${len(self.params)}" if self.numbered else "%s"

    def condition(self, model: type[models.Model], where: Mapping[str, Any]) -> str:
        """The WHERE of a change or a count."""
        parts = []
        for name, value in where.items():
            column = column_of(model, name.removesuffix("__not"))
            if name.endswith("__not"):
                parts.append(f"{column.quoted} <> {self.value(column, value)}")
            elif value is None:
                parts.append(f"{column.quoted} IS NULL")
            elif isinstance(value, list | tuple | set | frozenset):
                marks = ", ".join(self.value(column, one) for one in value)
                parts.append(f"{column.quoted} IN ({marks})" if marks else "1 = 0")
            else:
                parts.append(f"{column.quoted} = {self.value(column, value)}")
        return " AND ".join(parts)

    @staticmethod
    def table(model: type[models.Model]) -> str:
        """The quoted table of a model."""
        return _table(model)

    def row(self, write: Insert) -> tuple[str, str]:
        """INSERT INTO with the columns, and the marks of one row."""
        row = write.row
        columns, head = _columns(row._meta.concrete_model or type(row))
        marks = [
            self._count(write.counted[column.name]) if column.name in write.counted
            else self.value(column, column.of(row))
            for column in columns
        ]
        return head, ", ".join(marks)

    def insert(self, write: Insert) -> str:
        """INSERT of one row."""
        head, marks = self.row(write)
        return f"{head} VALUES ({marks}){' ON CONFLICT DO NOTHING' if write.ignore else ''}"

    def _count(self, counted: NextRound) -> str:
        where = self.condition(counted.model, counted.where)
        return f"(SELECT COUNT(*) + 1 FROM {_table(counted.model)} WHERE {where})"  # noqa: S608

    def change(self, write: Change) -> str:
        """UPDATE of one row or several."""
        sets = []
        for name in write.values:
            column = column_of(write.model, name)
            sets.append(f"{column.quoted} = {self.value(column, write.value_of(name))}")
        where = self.condition(write.model, write.where)
        return f"UPDATE {_table(write.model)} SET {', '.join(sets)} WHERE {where}"  # noqa: S608

    def of(self, write: Insert | Change) -> str:
        """Either."""
        return self.insert(write) if isinstance(write, Insert) else self.change(write)


def returned(write: Insert | Change) -> list[str]:
    """What is asked back: the id of a new row and what was counted for it."""
    if isinstance(write, Change):
        return []
    return ["id", *(column_of(type(write.row), name).quoted for name in write.counted)]


def _send_together(writes: list[Insert | Change]) -> None:
    """One statement: each write a common table expression, carried out in the order in which its result is asked."""
    sql, parts, asked = Sql(numbered=True), [], []
    for number, write in enumerate(writes):
        name = f"w{number}"
        columns = returned(write)
        parts.append(f"{name} AS ({sql.of(write)} RETURNING {', '.join(columns) or '1'})")
        asked += [f"(SELECT {column} FROM {name})" for column in columns or ["COUNT(*)"]]  # noqa: S608
        if isinstance(write, Insert):
            sql.names[id(write.row)] = name
    with prepared.numbered_cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(asked)}", sql.params)
        found = iter(cursor.fetchone())
    for write in writes:
        take(write, [next(found) for _column in returned(write) or [""]])


def send_alone(write: Insert | Change) -> None:
    """One statement for one write."""
    sql = Sql()
    text = sql.of(write)
    with connection.cursor() as cursor:
        if isinstance(write, Change):
            cursor.execute(text, sql.params)
            take(write, [cursor.rowcount])
        elif connection.features.can_return_columns_from_insert:
            columns = returned(write)
            cursor.execute(f"{text} RETURNING {', '.join(columns)}", sql.params)
            take(write, list(cursor.fetchone() or [None] * len(columns)))
        else:
            cursor.execute(text, sql.params)
            take(write, [cursor.lastrowid])
            if write.counted:
                write.row.refresh_from_db(fields=list(write.counted))


def take(write: Insert | Change, found: list[Any]) -> None:
    """What came back enters the objects."""
    if isinstance(write, Change):
        if write.lost is not None and not found[0]:
            raise write.lost
        return
    write.row.pk = found[0]
    write.row._state.adding, write.row._state.db = False, connection.alias
    for name, value in zip(write.counted, found[1:], strict=False):
        setattr(write.row, name, value)
