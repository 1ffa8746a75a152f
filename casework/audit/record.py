"""Writing one event. Everything that changes something calls record() in the transaction of the change (promise A1)."""
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection
from django.db.transaction import TransactionManagementError

from casework.audit.chain import GENESIS
from casework.audit.models import ChainHead, Event, Sealed
from casework.audit.private import refuse_private
from casework.core.json import canonical
from casework.core.pile import Pile


class Stamp(TypedDict):
    """Who acted, in which role, where and how. Plain JSON, so that the log stands without the other tables."""

    user: int | None
    person: str
    name: str
    role: str
    organisation: str
    via: str
    system: str
    address: str


class Moved(Exception):
    """The chain is no longer where the caller saw it. current_n: number of its last event."""

    def __init__(self, current_n: int) -> None:
        self.current_n = current_n
        super().__init__(f"the chain stands at event {current_n}")


def record(
    kind: str, subject: str, action: str, stamp: Mapping[str, Any], data: Mapping[str, Any], now: datetime, *,
    personal: tuple[int, bytes] | None = None, expected_n: int | None = None,
) -> Event:
    """Append one event to the chain of (kind, subject) under the lock of its head.

    data: JSON facts without personal data; dates, times and tuples become their JSON form. personal: (person id,
    ciphertext made with the person's key), kept beside the event under its digest. expected_n: number of the last event
    the caller knows. Raises Moved if the head is elsewhere, PersonalDataInLog (a ValueError) for an ID, card or phone
    number in clear, TransactionManagementError outside a transaction. Three statements for a chain that exists.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("an event is written in the transaction of what it tells")
    head = _lock(kind, subject)
    if expected_n is not None and head.n != expected_n:
        raise Moved(head.n)
    event = _compose(head, action, stamp, data, now, personal[1] if personal else None)
    event.save(force_insert=True)
    ChainHead.objects.filter(pk=head.pk).update(n=event.n, hash=event.hash)
    if personal:
        Sealed.objects.create(event=event, person=personal[0], cipher=personal[1])
    return event


def append(
    pile: Pile, kind: str, subject: str, action: str, stamp: Mapping[str, Any], data: Mapping[str, Any],
    now: datetime, head: tuple[int, str],
) -> Event:
    """The same for a caller who holds a lock through which alone this chain grows, and has read its head (number and
    hash; 0 and GENESIS for a chain to be begun) since: the event and the head go on his pile. Should the chain have
    moved all the same, sending the pile raises Moved or IntegrityError, and nothing of it stands."""
    n, digest = head
    event = _compose(ChainHead(subject_kind=kind, subject_id=subject, n=n, hash=digest), action, stamp, data, now, None)
    pile.insert(event)
    if n == 0:
        pile.insert(ChainHead(subject_kind=kind, subject_id=subject, n=event.n, hash=event.hash))
    else:
        where = {"subject_kind": kind, "subject_id": subject, "n": n, "hash": digest}
        pile.change(ChainHead, where, Moved(n), n=event.n, hash=event.hash)
    return event


def _compose(
    head: ChainHead, action: str, stamp: Mapping[str, Any], data: Mapping[str, Any], now: datetime, cipher: bytes | None
) -> Event:
    digest = hashlib.sha256(cipher).hexdigest() if cipher is not None else ""
    covered = canonical({
        "kind": head.subject_kind, "subject": head.subject_id, "n": head.n + 1, "action": action, "at": now,
        "actor": dict(stamp), "data": dict(data), "sealed_digest": digest, "prev_hash": head.hash,
    })
    text = covered.decode()
    # What is stored is exactly what was hashed: read back, not the caller's dates and tuples.
    plain = json.loads(text)
    if "\\u0000" in text:
        raise ValueError("a NUL character must not enter the event log")
    refuse_private(text, plain["data"])
    return Event(
        subject_kind=head.subject_kind, subject_id=head.subject_id, n=head.n + 1, action=action, at=now,
        actor=plain["actor"], data=plain["data"], sealed_digest=digest, prev_hash=head.hash,
        hash=hashlib.sha256(covered).hexdigest(),
    )


def _lock(kind: str, subject: str) -> ChainHead:
    """Return the head of the chain, locked; the first event of a subject makes it. Of two at once, one waits."""
    heads = ChainHead.objects.select_for_update().filter(subject_kind=kind, subject_id=subject)
    head = heads.first()
    if head is None:
        ChainHead.objects.bulk_create(
            [ChainHead(subject_kind=kind, subject_id=subject, n=0, hash=GENESIS)], ignore_conflicts=True
        )
        head = heads.get()
    return head
