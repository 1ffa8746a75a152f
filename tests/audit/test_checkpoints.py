"""Sealing, delivery outside, and the comparison of both sides."""
import datetime as dt
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from casework.audit import checkpoints, keys, tasks, verify
from casework.audit.checkpoints import SplitView, seal, waiting
from casework.audit.copies import Copies
from casework.audit.models import ChainHead, Checkpoint, CheckpointLeaf, Event, Sealed
from casework.audit.proofs import inclusion
from casework.audit.statements import read_statement, statement_file
from tests.audit.conftest import Write

pytestmark = pytest.mark.django_db


def findings(*folders: Path, now: dt.datetime | None = None) -> list[str]:
    """The codes of what the checkpoints' check finds."""
    return [finding.code for finding in verify.check_checkpoints(Copies.listed(folders), now)]


def test_a_checkpoint_holds_the_heads_that_moved(write: Write, outside: Path, moment: dt.datetime) -> None:
    write("a"), write("a"), write("b")
    first = seal(moment)
    assert first is not None and (first.n, first.size) == (1, 2)
    assert seal(moment) is None
    last = write("b")
    second = seal(moment)
    assert second is not None
    assert (second.n, second.size, second.prev_hash) == (2, 1, first.hash)
    leaf = second.leaves.get()
    assert (leaf.subject_id, leaf.n, leaf.head_hash) == ("b", 2, last.hash)
    assert not ChainHead.objects.exclude(sealed_n__gt=0).exists()
    assert findings(now=moment) == []


def test_the_outside_copy_is_whole_signed_and_kept_apart(write: Write, outside: Path, moment: dt.datetime) -> None:
    write("a")
    checkpoint = seal(moment)
    assert checkpoint is not None
    copy = read_statement(statement_file(outside, 1))
    public = keys.outside_keys(outside)[checkpoint.key_id]
    assert copy.signed_by(public) and copy.hash == checkpoint.hash and copy.root() == checkpoint.root
    assert sorted(path.name for path in outside.iterdir()) == [
        "checkpoint-000000001.json", f"public-{checkpoint.key_id}.pem"]


def test_the_private_key_is_made_once_and_only_its_owner_reads_it(outside: Path, settings: Any) -> None:
    made = []

    def make() -> None:
        made.append(keys.key_id(keys.signing_key().public_key()))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8 and len(set(made)) == 1
    assert settings.CHECKPOINT_KEY_FILE.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.CHECKPOINT_KEY_FILE.parent.iterdir()] == ["checkpoint_key.pem"]


def test_a_lost_delivery_is_made_good(write: Write, outside: Path, moment: dt.datetime) -> None:
    """A crash between commit and delivery leaves nothing undelivered for good."""
    write("a")
    seal(moment)
    copy = statement_file(outside, 1)
    text = copy.read_text()
    copy.unlink()
    assert findings(now=moment) == []  # young: it may be on its way
    assert findings(now=moment + dt.timedelta(minutes=3)) == ["copy_missing"]
    assert seal(moment) is None
    assert copy.read_text() == text


@pytest.mark.promise("A4")
def test_waiting_is_told_and_rings_after_two_minutes(
    write: Write, outside: Path, moment: dt.datetime, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waiting() == checkpoints.Waiting(0, None)
    write("a")
    now = waiting()
    assert (now.chains, now.since) == (1, moment)
    assert not now.alarm(moment + dt.timedelta(seconds=60))
    assert now.alarm(moment + dt.timedelta(seconds=121))
    assert now.alarm(moment - dt.timedelta(hours=1))  # the clock was set back
    monkeypatch.setattr("casework.core.clock.now", lambda: moment + dt.timedelta(minutes=5))
    tasks.seal_checkpoint()
    assert "waited for the sealer" in caplog.text
    assert waiting().chains == 0


@pytest.mark.promise("A4")
def test_a_clock_set_back_skips_nothing(write: Write, outside: Path, moment: dt.datetime) -> None:
    write("a")
    seal(moment)
    write("a"), write("b")
    late = seal(moment - dt.timedelta(hours=1))
    assert late is not None and late.size == 2
    assert findings() == []


def test_more_heads_than_one_checkpoint_takes(
    write: Write, outside: Path, moment: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LEAVES_AT_MOST", 3)
    for i in range(7):
        write(f"case-{i}")
    sizes = []
    while (sealed := seal(moment)) is not None:
        sizes.append(sealed.size)
    assert sizes == [3, 3, 1]
    assert findings() == []


@pytest.mark.promise("A5")
def test_every_chain_has_a_proof_that_holds(write: Write, outside: Path, moment: dt.datetime) -> None:
    for i in range(11):
        write(f"case-{i}")
    assert inclusion("case", "case-3") is None
    seal(moment)
    for i in range(11):
        proof = inclusion("case", f"case-{i}")
        assert proof is not None and proof.holds() and proof.leaf.subject == f"case-{i}"
    assert not holds_with_another_leaf()


def holds_with_another_leaf() -> bool:
    """Put the leaf of one case on the path of another."""
    from dataclasses import replace

    one, other = inclusion("case", "case-3"), inclusion("case", "case-4")
    assert one is not None and other is not None
    return replace(one, leaf=other.leaf).holds()


def test_no_second_history_is_sealed_over_the_delivered_one(write: Write, outside: Path, moment: dt.datetime) -> None:
    """After a roll-back of the database the sealer refuses instead of starting a second history."""
    write("a")
    seal(moment)
    statement = statement_file(outside, 1)
    statement_file(outside, 2).write_text(statement.read_text())
    write("a")
    with pytest.raises(SplitView):
        seal(moment)
    assert Checkpoint.objects.count() == 1


@pytest.mark.promise("A3")
@pytest.mark.parametrize("model", [Event, Sealed, Checkpoint, CheckpointLeaf])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_log_is_append_only(write: Write, outside: Path, moment: dt.datetime, model: Any, verb: str) -> None:
    """Goes red without migration audit 0002."""
    event = write("a")
    Sealed.objects.create(event=event, person=1, cipher=b"x")
    seal(moment)
    row = model.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        if verb == "UPDATE":
            model.objects.filter(pk=row.pk).update(id=row.pk)
        else:
            model.objects.filter(pk=row.pk)._raw_delete("default")
    assert model.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("table", ["audit_event", "audit_sealed", "audit_checkpoint", "audit_checkpointleaf"])
def test_nothing_is_truncated(write: Write, table: str) -> None:
    write("a")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.promise("A3")
def test_two_readers_who_were_told_two_things(write: Write, outside: Path, moment: dt.datetime, tmp_path: Path) -> None:
    """Split view: the same number, both signed by the real key, with another tree."""
    write("a"), write("b")
    seal(moment)
    other = tmp_path / "other"
    other.mkdir()
    copy = json.loads(statement_file(outside, 1).read_text())
    copy["leaves"][0][3] = "f" * 64
    body = copy["body"]
    leaves = tuple(checkpoints.Leaf(*leaf) for leaf in copy["leaves"])
    body["root"] = checkpoints.tree_root(leaves)
    signature = keys.signing_key().sign(checkpoints.canonical(body)).hex()
    statement_file(other, 1).write_text(checkpoints.Statement(body, signature, leaves).text())
    assert findings(other) == ["split_view"]
