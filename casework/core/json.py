"""Canonical JSON (RFC 8785): the same facts give the same bytes everywhere, so that they can be hashed and signed."""
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import rfc8785
from django.utils.functional import Promise

LARGEST = 2**53
SMALLEST = 1e-4  # below it Python writes a number otherwise than the RFC
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)


def canonical(data: Any) -> bytes:
    """Return RFC 8785 JSON. Aware times become UTC text "2026-11-23T08:00:00.000000Z", dates ISO text.

    Raises TypeError for Decimal (money is integer fen) and other foreign types, ValueError for naive times, NaN,
    lone surrogates and numbers from 2^53 on: those come back from a database as another number, or none.
    """
    rare: list[Any] = []
    plain = _plain(data, rare)
    return rfc8785.dumps(plain) if rare else _ENCODER.encode(plain).encode()


def _plain(value: Any, rare: list[Any]) -> Any:
    """Return the value with times, dates, tuples and mappings turned into plain JSON values. rare: takes what Python's
    own encoder, many times faster, would write or sort otherwise than the RFC."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, rare)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Promise):
        return str(value)
    return _container(value, rare)


def _number(value: int | float, rare: list[Any]) -> int | float:
    if not abs(value) < LARGEST:
        raise ValueError("no number, and a number from 2^53 on, has no canonical JSON")
    if not isinstance(value, float) or value.is_integer():
        return int(value)
    if abs(value) < SMALLEST:
        rare.append(value)
    return value


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a naive time has no canonical JSON")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _container(value: Any, rare: list[Any]) -> Any:
    if isinstance(value, Mapping):
        return {_key(key, rare): _plain(item, rare) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, rare) for item in value]
    kind = "Decimal: money is integer fen" if isinstance(value, Decimal) else type(value).__name__
    raise TypeError(f"no canonical JSON for {kind}")


def _key(key: Any, rare: list[Any]) -> str:
    if not isinstance(key, str):
        raise TypeError("the keys of a JSON object are text")
    if not key.isascii() and max(key) > "\uffff":  # the RFC sorts by UTF-16
        rare.append(key)
    return str(key)
