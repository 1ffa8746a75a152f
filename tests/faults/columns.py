"""Another value for any column of a row, as a tamperer with full rights would write it. For tests only."""
import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, models, transaction

from casework.cases.models import STANDINGS

SOME_DAY, SOME_TIME = dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def others(field: "models.Field[Any, Any]", value: Any) -> Iterator[Any]:
    """Values of a column other than its own, the least conspicuous first."""
    if isinstance(field, models.ForeignKey):
        model = field.related_model
        yield from model._base_manager.exclude(pk=value).order_by("pk").values_list("pk", flat=True)[:40]
        if field.null and value is not None:
            yield None
    elif isinstance(field, models.DateTimeField):
        yield (value or SOME_TIME) + dt.timedelta(seconds=1)
    elif isinstance(field, models.DateField):
        yield (value or SOME_DAY) + dt.timedelta(days=1)
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.JSONField):
        yield [*value, "x"] if isinstance(value, list) else {**(value or {}), "x": 1}
    elif isinstance(field, models.IntegerField):
        yield from ((value or 0) + 1, (value or 0) + 2, 0)
    else:
        yield from _texts(field, value or "")


def _texts(field: "models.Field[Any, Any]", value: str) -> Iterator[str]:
    yield from (str(key) for key, _words in field.choices or () if key != value)
    if field.name == "life":
        yield from (life for life in STANDINGS if life != value)
    elif not field.choices:
        yield value[:-1] + ("x" if value[-1:] != "x" else "y")


def overwrite(row: models.Model, field: "models.Field[Any, Any]") -> bool:
    """Write the first other value that the constraints of the database let stand; False when there is none."""
    for value in others(field, getattr(row, field.attname)):
        try:
            with transaction.atomic():
                type(row)._base_manager.filter(pk=row.pk).update(**{field.attname: value})
        except IntegrityError:
            continue
        return True
    return False
