"""Sealing: the heads that moved go under a signed Merkle root; the statement is delivered outside the database."""
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min

from casework.audit import keys
from casework.audit.chain import GENESIS
from casework.audit.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from casework.audit.statements import FORMAT, Leaf, Statement, numbers_in, read_statement, statement_file, tree_root
from casework.core.json import canonical

logger = logging.getLogger(__name__)
LEAVES_AT_MOST = 10_000
CROWD = 1_000  # of heads that wait, no more are counted
SEALER_LOCK = 0x43415345  # a number of our own for PostgreSQL's advisory lock
WINDOW = timedelta(seconds=60)
ALARM = timedelta(seconds=120)


class SplitView(Exception):
    """An outside copy says otherwise than the database under the same number: somebody rewrote one of them, or the
    database was rolled back. Nothing is overwritten; audit_verify tells what differs."""


def seal(now: datetime) -> Checkpoint | None:
    """Seal every head that moved since it was last sealed, sign and deliver. Returns None when nothing moved.

    One sealer at a time; at most LEAVES_AT_MOST heads a checkpoint (call again for more). Delivery comes after the
    commit, so the outside never knows of a checkpoint that the database does not; what a crash kept back is delivered
    by the next call. Raises SplitView when an outside copy contradicts the database.
    """
    deliver()
    with transaction.atomic():
        checkpoint = _seal_once(now)
    if checkpoint is not None:
        deliver()
    return checkpoint


def seal_all(now: datetime) -> None:
    """Seal, in as many checkpoints as it takes, until less than a crowd waits."""
    while seal(now) is not None and waiting().chains >= CROWD:
        continue


def _seal_once(now: datetime) -> Checkpoint | None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
    moved = list(
        ChainHead.objects.filter(sealed_n__lt=F("n")).order_by("id")
        .values_list("id", "subject_kind", "subject_id", "n", "hash")[:LEAVES_AT_MOST]
    )
    if not moved:
        return None
    leaves = tuple(Leaf(kind, subject, n, digest) for _, kind, subject, n, digest in moved)
    last = Checkpoint.objects.order_by("-n").values_list("n", "hash").first() or (0, GENESIS)
    _refuse_gap(last[0])
    private = keys.signing_key()
    body: dict[str, Any] = {
        "format": FORMAT, "n": last[0] + 1, "at": _text(now), "prev_hash": last[1], "root": tree_root(leaves),
        "size": len(leaves), "key_id": keys.key_id(private.public_key()),
    }
    signature = private.sign(canonical(body)).hex()
    checkpoint = Checkpoint.objects.create(
        n=last[0] + 1, at=now, prev_hash=last[1], root=body["root"], size=len(leaves), key_id=body["key_id"],
        signature=signature, hash=Statement(body, signature, ()).hash,
    )
    CheckpointLeaf.objects.bulk_create(
        (CheckpointLeaf(checkpoint=checkpoint, index=index, subject_kind=leaf.kind, subject_id=leaf.subject, n=leaf.n,
                        head_hash=leaf.hash) for index, leaf in enumerate(leaves)),
        batch_size=1000,
    )
    _mark({row[0]: row[3] for row in moved})
    return checkpoint


def _refuse_gap(last_n: int) -> None:
    """A database older than its outside copies was rolled back: sealing on would make a second history."""
    outside = numbers_in(Path(settings.CHECKPOINT_DIR))
    if outside and outside[-1] > last_n:
        raise SplitView(f"outside copies reach checkpoint {outside[-1]}, the database only {last_n}")


def _mark(sealed: dict[int, int]) -> None:
    """Note on the heads how far they are sealed. A head that is being appended to right now is passed over (it is only
    sealed once more next time): the sealer never waits for a case, so it can not take part in a deadlock."""
    ids = list(sealed)
    for start in range(0, len(ids), 500):
        free = ChainHead.objects.filter(pk__in=ids[start : start + 500]).select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        )
        heads = list(free)
        for head in heads:
            head.sealed_n = sealed[head.pk]
        ChainHead.objects.bulk_update(heads, ["sealed_n"])


def _text(moment: datetime) -> str:
    """The moment as canonical JSON writes it."""
    return str(json.loads(canonical({"at": moment}))["at"])


def statement_of(checkpoint: Checkpoint, leaves: tuple[Leaf, ...] | None = None) -> Statement:
    """Return the signed statement that a database row stands for (its leaves read unless given)."""
    if leaves is None:
        rows = checkpoint.leaves.order_by("index").values_list("subject_kind", "subject_id", "n", "head_hash")
        leaves = tuple(Leaf(*row) for row in rows)
    body: dict[str, Any] = {
        "format": FORMAT, "n": checkpoint.n, "at": _text(checkpoint.at), "prev_hash": checkpoint.prev_hash,
        "root": checkpoint.root, "size": checkpoint.size, "key_id": checkpoint.key_id,
    }
    return Statement(body, checkpoint.signature, leaves)


def deliver() -> int:
    """Write the outside copies that are missing at the end, and the public key. Returns how many were written.

    Copies are written once and never replaced; a copy that says otherwise raises SplitView.
    """
    folder = Path(settings.CHECKPOINT_DIR)
    written = 0
    outside = numbers_in(folder)
    last_outside = outside[-1] if outside else 0
    _deliver_key(folder)
    if last_outside:
        _compare_last(folder, last_outside)
    for checkpoint in Checkpoint.objects.filter(n__gt=last_outside).order_by("n").iterator(chunk_size=50):
        written += _deliver_one(folder, checkpoint)
    return written


def _deliver_key(folder: Path) -> None:
    public = keys.signing_key().public_key()
    path = keys.public_file(folder, keys.key_id(public))
    if not path.exists():
        keys.write_once(path, keys.public_pem(public), 0o644)


def _deliver_one(folder: Path, checkpoint: Checkpoint) -> bool:
    statement = statement_of(checkpoint)
    path = statement_file(folder, checkpoint.n)
    if keys.write_once(path, statement.text().encode(), 0o644):
        return True
    if read_statement(path).hash != checkpoint.hash:
        raise SplitView(f"checkpoint {checkpoint.n} was delivered before with another content")
    return False


def _compare_last(folder: Path, n: int) -> None:
    kept = Checkpoint.objects.filter(n=n).values_list("hash", flat=True).first()
    if kept is not None and read_statement(statement_file(folder, n)).hash != kept:
        raise SplitView(f"checkpoint {n} in the database is not the one that was delivered")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is written and not yet sealed. chains: how many heads, CROWD at most; since: the oldest such event."""

    chains: int
    since: datetime | None

    def alarm(self, now: datetime) -> bool:
        """Whether the sealer is late (promise A4), or the clock was set back under it."""
        return self.since is not None and not -ALARM < now - self.since < ALARM


def waiting() -> Waiting:
    """Return what waits to be sealed."""
    heads = ChainHead.objects.filter(sealed_n__lt=F("n")).order_by("id")
    chains = heads.values_list("pk", flat=True)[:CROWD].count()
    if not chains:
        return Waiting(0, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT MIN(e.id) FROM (SELECT subject_kind, subject_id, sealed_n FROM audit_chainhead WHERE sealed_n < n"
            " LIMIT %s) h JOIN audit_event e ON e.subject_kind = h.subject_kind AND e.subject_id = h.subject_id"
            " AND e.n = h.sealed_n + 1",
            [CROWD],
        )
        oldest = cursor.fetchone()[0]
    return Waiting(chains, Event.objects.filter(pk=oldest).aggregate(at=Min("at"))["at"])
