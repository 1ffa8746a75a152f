"""A tamperer with full database rights: triggers off, hashes recomputed downstream if he cares to. For tests only."""
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from casework.audit.chain import GENESIS, event_hash, fields_of
from casework.audit.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from casework.audit.statements import Leaf, tree_root


@contextmanager
def triggers_off() -> Iterator[None]:
    """Take every trigger of the database away, as a DBA can, and put it back afterwards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A DBA comes when the honest transaction is over, and its deferred checks with it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _name, sql in triggers:
            cursor.execute(sql)


def chain_of(subject: str, kind: str = "case") -> list[Event]:
    """The events of a chain as they lie in the database."""
    return list(Event.objects.filter(subject_kind=kind, subject_id=subject).order_by("n"))


def change(event: Event, **fields: Any) -> None:
    """Overwrite columns of one event."""
    Event.objects.filter(pk=event.pk).update(**fields)


def rehash(subject: str, kind: str = "case") -> None:
    """D: number the chain from 1 again, recompute every hash downstream, and set the head to the last."""
    prev = GENESIS
    events = chain_of(subject, kind)
    for n, event in enumerate(events, 1):
        event.n = n
        event.prev_hash = prev
        event.hash = prev = event_hash(fields_of(event), prev)
        change(event, n=n, prev_hash=event.prev_hash, hash=event.hash)
    heads = ChainHead.objects.filter(subject_kind=kind, subject_id=subject)
    heads.update(n=len(events), hash=prev)


def retree(sign: Callable[[dict[str, Any]], str] | None = None) -> None:
    """D over everything: leaves, roots and hashes of all checkpoints anew over what the chains now hold."""
    from casework.audit.checkpoints import statement_of

    before = GENESIS
    for checkpoint in Checkpoint.objects.order_by("n"):
        for row in checkpoint.leaves.order_by("index"):
            event = Event.objects.filter(subject_kind=row.subject_kind, subject_id=row.subject_id, n=row.n).first()
            if event is not None:
                CheckpointLeaf.objects.filter(pk=row.pk).update(head_hash=event.hash)
        leaves = tuple(
            Leaf(*row) for row in checkpoint.leaves.order_by("index")
            .values_list("subject_kind", "subject_id", "n", "head_hash")
        )
        checkpoint.prev_hash, checkpoint.root = before, tree_root(leaves)
        body = statement_of(checkpoint, leaves).body
        checkpoint.signature = sign(body) if sign else checkpoint.signature
        checkpoint.hash = before = statement_of(checkpoint, leaves).hash
        Checkpoint.objects.filter(pk=checkpoint.pk).update(
            prev_hash=checkpoint.prev_hash, root=checkpoint.root, hash=checkpoint.hash, signature=checkpoint.signature
        )
