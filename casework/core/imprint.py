"""The imprint of a row: what it holds, in one hash. An event that tells it convicts whoever changes the row later."""
import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db.models import Field, JSONField, Model

from casework.core.json import canonical


def imprint(row: Model, but: Collection[str] = ()) -> str:
    """SHA-256 in hex of the columns of a row as canonical JSON; its own id, which it may not have yet, is left out.

    but: attribute names of columns that something else accounts for. A column that holds its default is left out, too,
    so that one which a later version adds changes no imprint; a migration that fills it for old rows does."""
    columns = {
        field.attname: value
        for field in row._meta.concrete_fields if not field.primary_key and field.attname not in but
        if (value := _plain(field, getattr(row, field.attname))) != field.get_default()
    }
    return hashlib.sha256(canonical(columns)).hexdigest()


def name_of(row: Model) -> str:
    """What events call a row that has a public id: table and public id."""
    return f"{row._meta.db_table} {row.public_id}"  # type: ignore[attr-defined]


def _plain(field: "Field[Any, Any]", value: Any) -> Any:
    """The value as it comes back from the database: keys of JSON are text there, a choice is its bare value."""
    if isinstance(field, JSONField):
        return json.loads(json.dumps(value))
    return field.to_python(value) if value is not None else None
