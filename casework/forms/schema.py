"""The JSON Schema of a form, for programs that send applications."""
from collections.abc import Iterable
from typing import Any

from casework.forms.kinds import KINDS
from casework.forms.spec import Field, FormSpec, Repeat


def json_schema(form: FormSpec) -> dict[str, Any]:
    """JSON Schema (2020-12) of the whole form. Conditions are checked by the server, so a field asked only under one
    is never required here."""
    properties: dict[str, Any] = {}
    required: list[str] = []
    for item in form.items():
        if isinstance(item, Repeat):
            properties[item.key] = {
                "type": "array", "title": item.title.en, "minItems": item.least, "maxItems": item.most,
                "items": _object(item.fields),
            }
            if item.least and not item.when:
                required.append(item.key)
        elif not item.derived:
            properties[item.key] = _property(item)
            if item.required and not item.when:
                required.append(item.key)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties,
        "required": required, "additionalProperties": False,
    }


def _object(fields: Iterable[Field]) -> dict[str, Any]:
    asked = [field for field in fields if not field.derived]
    return {
        "type": "object", "properties": {field.key: _property(field) for field in asked},
        "required": [field.key for field in asked if field.required and not field.when], "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    return {"title": field.title.en, **KINDS[field.kind].schema(field)}
