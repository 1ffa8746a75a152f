"""Check of the log itself: chains, heads, personal parts, checkpoints. Streams; no query per row."""
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from casework.audit import chain
from casework.audit.checkpoints import ALARM, statement_of
from casework.audit.copies import Copies
from casework.audit.findings import Finding, event_row
from casework.audit.models import Checkpoint, CheckpointLeaf, Event, Sealed
from casework.audit.statements import Leaf, Statement

CHUNK = 2000
LOOKUP = 300
CHECKPOINTS = "audit_checkpoint"

HEADS = """
SELECT h.subject_kind, h.subject_id, h.n, e.hash, h.hash FROM audit_chainhead h
LEFT JOIN audit_event e ON e.subject_kind = h.subject_kind AND e.subject_id = h.subject_id AND e.n = h.n
WHERE h.n > 0 AND (e.hash IS NULL OR e.hash <> h.hash)
"""
BEYOND = """
SELECT e.subject_kind, e.subject_id, e.n FROM audit_event e
LEFT JOIN audit_chainhead h ON h.subject_kind = e.subject_kind AND h.subject_id = e.subject_id
WHERE h.id IS NULL OR e.n > h.n
"""
MARKS = """
SELECT h.subject_kind, h.subject_id, h.sealed_n FROM audit_chainhead h
WHERE h.sealed_n > 0 AND NOT EXISTS (SELECT 1 FROM audit_checkpointleaf l WHERE l.subject_kind = h.subject_kind
AND l.subject_id = h.subject_id AND l.n = h.sealed_n)
"""
UNSEALED_PARTS = """
SELECT e.subject_kind, e.subject_id, e.n FROM audit_event e LEFT JOIN audit_sealed s ON s.event_id = e.id
WHERE (e.sealed_digest <> '') <> (s.id IS NOT NULL)
"""


def verify_log(copies: Copies, now: datetime) -> Iterator[Finding]:
    """Check the whole event log against itself and the outside copies."""
    yield from check_events()
    yield from check_heads()
    yield from check_personal()
    yield from check_checkpoints(copies, now)


def rows(sql: str) -> Iterator[tuple[Any, ...]]:
    """Run a query that names wrong rows and stream them."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while chunk := cursor.fetchmany(CHUNK):
            yield from chunk


def check_events() -> Iterator[Finding]:
    """Walk every chain from its first event."""
    events = Event.objects.order_by("subject_kind", "subject_id", "n").iterator(chunk_size=CHUNK)
    yield from chain.walk(events)


def check_heads() -> Iterator[Finding]:
    """Each head names the last event of its chain; nothing stands beyond it; its seal mark names a leaf."""
    for kind, subject, n, found, _ in rows(HEADS):
        code = "event_missing" if found is None else "head_wrong"
        yield Finding(code, "audit_chainhead", event_row(kind, subject, n), "the head is not the last event")
    for kind, subject, n in rows(BEYOND):
        yield Finding("event_foreign", chain.EVENTS, event_row(kind, subject, n), "stands beyond the head of its chain")
    for kind, subject, n in rows(MARKS):
        yield Finding("head_wrong", "audit_chainhead", event_row(kind, subject, n), "marked as sealed, but no leaf is")


def check_personal() -> Iterator[Finding]:
    """The ciphertext beside an event has the digest that the event's hash covers, and neither is without the other."""
    for kind, subject, n in rows(UNSEALED_PARTS):
        yield Finding("personal_part_lost", "audit_sealed", event_row(kind, subject, n))
    for part in Sealed.objects.select_related("event").order_by("pk").iterator(chunk_size=CHUNK):
        event = part.event
        if chain.digest(bytes(part.cipher)) != event.sealed_digest:
            row = event_row(event.subject_kind, event.subject_id, event.n)
            yield Finding("personal_part_changed", "audit_sealed", row, "the ciphertext is not the one recorded")


def check_checkpoints(copies: Copies, now: datetime | None = None) -> Iterator[Finding]:
    """Compare the outside copies with the database, and what they sealed with the chains.

    now: when given, a checkpoint that waits for delivery longer than the alarm time is a finding.
    """
    pending: list[tuple[int, Leaf]] = []
    before: str | None = chain.GENESIS
    for n, row, leaves in _merged(copies):
        outside, findings = copies.statement(n) if n <= copies.last else (None, [])
        yield from findings
        inside = statement_of(row, leaves) if row is not None else None
        trusted = outside or inside
        yield from _compare(n, row, inside, outside, copies, now)
        if trusted is not None:
            if before is not None and trusted.body["prev_hash"] != before:
                yield Finding("checkpoint_chain_broken", CHECKPOINTS, f"checkpoint {n}", "not the follower of the last")
            pending += [(n, leaf) for leaf in trusted.leaves]
        before = trusted.hash if trusted is not None else None
        while len(pending) >= LOOKUP:
            yield from _compare_leaves(pending[:LOOKUP])
            del pending[:LOOKUP]
    yield from _compare_leaves(pending)


def _merged(copies: Copies) -> Iterator[tuple[int, Checkpoint | None, tuple[Leaf, ...]]]:
    """Every number from 1 to the last known, with the database row and its leaves where there is one."""
    by_checkpoint = groupby(
        CheckpointLeaf.objects.order_by("checkpoint__n", "index")
        .values_list("checkpoint__n", "subject_kind", "subject_id", "n", "head_hash").iterator(chunk_size=CHUNK),
        key=lambda leaf: leaf[0],
    )
    group = next(by_checkpoint, None)
    expected = 1
    for row in Checkpoint.objects.order_by("n").iterator(chunk_size=CHUNK):
        for n in range(expected, row.n):
            yield n, None, ()
        leaves: tuple[Leaf, ...] = ()
        if group is not None and group[0] == row.n:
            leaves = tuple(Leaf(*leaf[1:]) for leaf in group[1])
            group = next(by_checkpoint, None)
        yield row.n, row, leaves
        expected = row.n + 1
    for n in range(expected, copies.last + 1):
        yield n, None, ()


def _compare(
    n: int, row: Checkpoint | None, inside: Statement | None, outside: Statement | None, copies: Copies,
    now: datetime | None,
) -> Iterator[Finding]:
    name = f"checkpoint {n}"
    if row is None or inside is None:
        yield Finding("checkpoint_missing", CHECKPOINTS, name, "gone from the database")
        return
    if inside.hash != row.hash:
        yield Finding("checkpoint_changed", CHECKPOINTS, name, "the row does not give its hash")
    yield from copies.wrong_with(inside, CHECKPOINTS) if copies.keys else ()
    if outside is not None:
        yield from _compare_copy(inside, outside)
    elif n < copies.last:
        yield Finding("copy_missing", str(copies.folders[0]), name, "the outside copy is gone or spoilt")
    elif now is not None and now - row.at > ALARM:
        yield Finding("copy_missing", str(copies.folders[0]), name, "never delivered outside")


def _compare_copy(inside: Statement, outside: Statement) -> Iterator[Finding]:
    name = f"checkpoint {outside.n}"
    if inside.hash != outside.hash or inside.signature != outside.signature:
        yield Finding("checkpoint_changed", CHECKPOINTS, name, "differs from the copy outside")
    for index in range(max(len(inside.leaves), len(outside.leaves))):
        here = inside.leaves[index] if index < len(inside.leaves) else None
        there = outside.leaves[index] if index < len(outside.leaves) else None
        if here != there:
            yield Finding("leaf_changed", "audit_checkpointleaf", f"{name} leaf {index}", _chain_of(there or here))


def _chain_of(leaf: Leaf | None) -> str:
    return event_row(leaf.kind, leaf.subject, leaf.n) if leaf else ""


def _compare_leaves(sealed: list[tuple[int, Leaf]]) -> Iterator[Finding]:
    """What was sealed must still be what the chains hold."""
    if not sealed:
        return
    wanted = [value for _, leaf in sealed for value in (leaf.kind, leaf.subject, leaf.n)]
    places = ", ".join(["(%s, %s, %s)"] * len(sealed))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_kind, subject_id, n, hash FROM audit_event"  # noqa: S608 - only placeholders are put in
            f" WHERE (subject_kind, subject_id, n) IN (VALUES {places})",
            wanted,
        )
        held = {(kind, subject, n): digest for kind, subject, n, digest in cursor.fetchall()}
    for n, leaf in sealed:
        digest = held.get((leaf.kind, leaf.subject, leaf.n))
        row = event_row(leaf.kind, leaf.subject, leaf.n)
        if digest is None:
            yield Finding("event_missing", chain.EVENTS, row, f"sealed in checkpoint {n}, gone now")
        elif digest != leaf.hash:
            yield Finding("event_rewritten", chain.EVENTS, row, f"not the event sealed in checkpoint {n}")
