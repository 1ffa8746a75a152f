"""Hash chains: the hash of an event, and the check of a stream of events (design §6)."""
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from casework.audit.findings import Finding, event_row
from casework.core.json import canonical

GENESIS = "0" * 64
EVENTS = "audit_event"


class EventLike(Protocol):
    """What the check reads of an event row."""

    subject_kind: str
    subject_id: str
    n: int
    action: str
    at: datetime
    actor: Any
    data: Any
    sealed_digest: str
    prev_hash: str
    hash: str


def fields_of(event: EventLike) -> dict[str, Any]:
    """Return the fields of an event that its hash covers, without the previous hash."""
    return {
        "kind": event.subject_kind, "subject": event.subject_id, "n": event.n, "action": event.action, "at": event.at,
        "actor": event.actor, "data": event.data, "sealed_digest": event.sealed_digest,
    }


def digest(data: bytes) -> str:
    """Return SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def event_hash(fields: Mapping[str, Any], prev_hash: str) -> str:
    """Return SHA-256, in hex, of the canonical JSON of the fields and the previous hash."""
    return digest(canonical({**fields, "prev_hash": prev_hash}))


def verify_chain(events: Iterable[EventLike]) -> list[Finding]:
    """Check events ordered by chain and number; every chain must begin at event 1. Returns what is wrong."""
    return list(walk(events))


def walk(events: Iterable[EventLike]) -> Iterator[Finding]:
    """Yield what is wrong with a stream of events ordered by (kind, subject, n); memory stays constant."""
    chain: tuple[str, str] | None = None
    n, prev = 0, GENESIS
    for event in events:
        if chain != (event.subject_kind, event.subject_id):
            chain, n, prev = (event.subject_kind, event.subject_id), 0, GENESIS
        yield from _check(event, n, prev)
        n, prev = event.n, event.hash


def _check(event: EventLike, last_n: int, last_hash: str) -> Iterator[Finding]:
    row = event_row(event.subject_kind, event.subject_id, event.n)
    if event.n != last_n + 1:
        yield Finding("event_missing", EVENTS, row, f"follows event {last_n}")
    elif event.prev_hash != last_hash:
        yield Finding("chain_broken", EVENTS, row, "does not carry the hash of the event before it")
    if event.hash != _own_hash(event):
        yield Finding("event_changed", EVENTS, row, "the content does not give the stored hash")


def _own_hash(event: EventLike) -> str:
    """Return the hash the stored content gives, or "" if it is no JSON any more."""
    try:
        return event_hash(fields_of(event), event.prev_hash)
    except (TypeError, ValueError):
        return ""
