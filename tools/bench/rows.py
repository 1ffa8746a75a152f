"""Which rows a transition writes, read off the tables themselves, so that nobody has to believe a list."""
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

Row = dict[str, Any]
Photo = dict[type[models.Model], dict[int, Row]]


@dataclass(frozen=True, slots=True)
class Write:
    """One row of a model. pk: as it was recorded. values: its columns when it is new, the changed ones when it is not;
    before: what those were."""

    model: type[models.Model]
    pk: int
    new: bool
    values: Row
    before: Row

    @property
    def table(self) -> str:
        """The table of the row."""
        return self.model._meta.db_table


def ours() -> list[type[models.Model]]:
    """Every model of Casework with a table of its own, in the order in which they can be filled."""
    found = (model for model in apps.get_models() if model.__module__.startswith("casework."))
    return [model for model in found if not model._meta.proxy]


def photo() -> Photo:
    """Every row of every table, as the database gives it."""
    found: Photo = {}
    with connection.cursor() as cursor:
        for model in ours():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            names = [column[0] for column in cursor.description]
            rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
            found[model] = {row["id"]: row for row in rows}
    return found


def difference(before: Photo, after: Photo) -> list[Write]:
    """What was written between two photos. Raises ValueError for a deleted row: no transition deletes one."""
    return list(_difference(before, after))


def _difference(before: Photo, after: Photo) -> Iterator[Write]:
    for model, rows in after.items():
        old = before[model]
        if set(old) - set(rows):
            raise ValueError(f"rows of {model.__name__} were deleted")
        for pk, row in rows.items():
            if pk not in old:
                yield Write(model, pk, True, row, {})
            elif row != old[pk]:
                changed = {name: value for name, value in row.items() if value != old[pk][name]}
                yield Write(model, pk, False, changed, {name: old[pk][name] for name in changed})
