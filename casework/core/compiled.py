"""A query that is asked again and again: turned into SQL once a process, its rows still read as model instances.

Half of what a small query costs is Django writing its SQL. Nothing of a row is kept here, only the words of the
question.
"""
from collections.abc import Callable
from datetime import date, datetime
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models.query import get_related_populators

from casework.core import prepared

M = TypeVar("M", bound=models.Model)


def _as_sent(value: Any) -> Any:
    """A value as the engine wants it."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Compiled(Generic[M]):
    """make: builds the query from stand-ins for its values, which must be unlike anything else in it, such as
    -10_000_000_001 for a number."""

    def __init__(self, make: Callable[..., "models.QuerySet[M]"], *stand_ins: Any) -> None:
        self._make, self._stand_ins = make, stand_ins
        self._lock = Lock()
        self._ready = ""

    def _compile(self) -> None:
        query = self._make(*self._stand_ins).query
        compiler = query.get_compiler(connection=connection)
        self._sql, params = compiler.as_sql()
        self._params = list(params)
        stand_ins = [_as_sent(value) for value in self._stand_ins]
        self._places = [stand_ins.index(value) if value in stand_ins else -1 for value in params]
        self._converters = compiler.get_converters([column[0] for column in compiler.select])
        info = compiler.klass_info
        fields = info["select_fields"]
        self._model = info["model"]
        self._span = slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in compiler.select[self._span]]
        self._related = get_related_populators(info, compiler.select, connection.alias)  # type: ignore[call-arg]
        self._compiler = compiler
        self._ready = connection.vendor

    def rows(self, *values: Any) -> list[M]:
        """Ask with these values."""
        if self._ready != connection.vendor:
            with self._lock:
                self._compile()
        params = [
            _as_sent(values[place]) if place >= 0 else own
            for place, own in zip(self._places, self._params, strict=True)
        ]
        with prepared.cursor() as cursor:
            cursor.execute(self._sql, params)
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return [self._row(row) for row in found]

    def first(self, *values: Any) -> M | None:
        """The first row, None without one."""
        return next(iter(self.rows(*values)), None)

    def _row(self, row: Any) -> M:
        made: M = self._model.from_db(connection.alias, self._names, row[self._span])
        for populator in self._related:
            populator.populate(row, made)
        return made
