"""Reading what a tamperer may have written: JSON of any shape becomes the shape expected, empty where it is not; so
no crooked event stops the verification of the others."""
import uuid
from collections.abc import Mapping
from typing import Any


def facts(data: Any) -> Mapping[str, Any]:
    """The data of an event, or a part of it, as a mapping."""
    return data if isinstance(data, Mapping) else {}


def maps(data: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list."""
    return [item for item in data if isinstance(item, Mapping)] if isinstance(data, list) else []


def text(value: Any) -> str:
    """A text, "" for anything else."""
    return value if isinstance(value, str) else ""


def is_id(value: str) -> bool:
    """Whether it is a public id at all."""
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False
