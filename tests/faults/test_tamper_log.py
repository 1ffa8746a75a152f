"""Promise A3, kinds 1–17: whatever is done to the event log or its checkpoints, by a DBA with every right, is found and
located; a clean log gives no alarm. Kinds 18–20 (rows, files, ciphers) stand in test_tamper_records.py.

Each kind is tried at 5 random places, without (plain) and with (D) the hashes recomputed downstream. Goes red, kind by
kind, when the part of the verifier that convicts it is taken out: check_events (plain 1–4, 7–10), check_heads (plain
5, 6), the outside copies (all D, 12–17).
"""
import datetime as dt
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from casework.audit import checkpoints, keys
from casework.audit.checkpoints import seal
from casework.audit.copies import Copies
from casework.audit.findings import Finding
from casework.audit.models import ChainHead, Checkpoint, CheckpointLeaf, Event
from casework.audit.record import record
from casework.audit.statements import statement_file
from casework.audit.verify import verify_log
from casework.core.json import canonical
from tests.faults.tamper import chain_of, change, rehash, retree, triggers_off

pytestmark = [pytest.mark.django_db, pytest.mark.promise("A3")]
PLACES = range(5)
CASES = [f"case-{letter}" for letter in "abcdef"]


@dataclass
class Log:
    """A log with a real history, its outside copies, and a hand that tampers with it."""

    rng: random.Random
    now: dt.datetime
    outside: Path

    def write(self, subject: str) -> Event:
        """Append one ordinary event."""
        self.now += dt.timedelta(seconds=self.rng.randint(0, 9000))
        data = {"after": {"amount_fen": self.rng.randint(1, 10**7)}, "note": self.rng.choice(["同意", "退回", "ok"])}
        stamp = {"user": self.rng.randint(1, 50), "name": "李审核", "role": "reviewer", "via": "online", "system": ""}
        personal = (1, self.rng.randbytes(20)) if self.rng.random() < 0.3 else None
        with transaction.atomic():
            return record("case", subject, "review.pass", stamp, data, self.now, personal=personal)

    def live(self, days: int = 3) -> "Log":
        """A few days of work, each day sealed; every chain has moved on the last day too."""
        for _ in range(days):
            for subject in self.rng.sample(CASES, len(CASES)):
                for _ in range(self.rng.randint(1, 4)):
                    self.write(subject)
            seal(self.now)
        return self

    def findings(self, *folders: Path) -> list[Finding]:
        """What the verifier says."""
        return list(verify_log(Copies.listed(folders), self.now))

    def case(self) -> str:
        """A random case."""
        return self.rng.choice(CASES)

    def inner(self, subject: str) -> Event:
        """A random event of the chain that is not its last."""
        return self.rng.choice(chain_of(subject)[:-1])


@pytest.fixture
def log(request: pytest.FixtureRequest, moment: dt.datetime, settings: Any, tmp_path: Path) -> Log:
    settings.CHECKPOINT_DIR = tmp_path / "outside"
    settings.CHECKPOINT_KEY_FILE = tmp_path / "checkpoint_key.pem"
    return Log(random.Random(str(request.node.callspec.params)), moment, tmp_path / "outside").live()


def delete(*events: Event) -> None:
    """Delete events with their personal parts."""
    from casework.audit.models import Sealed

    ids = [event.pk for event in events]
    Sealed.objects.filter(event__in=ids)._raw_delete("default")
    Event.objects.filter(pk__in=ids)._raw_delete("default")


def change_field(log: Log, subject: str) -> None:
    event = log.inner(subject)
    change(event, data=event.data | {"after": {"amount_fen": event.data["after"]["amount_fen"] + 1}})


def change_actor(log: Log, subject: str) -> None:
    event = log.inner(subject)
    change(event, actor=event.actor | {"user": 99, "name": "王冒名"})


def back_date(log: Log, subject: str) -> None:
    event = log.inner(subject)
    change(event, at=event.at - dt.timedelta(days=1, microseconds=1))


def delete_middle(log: Log, subject: str) -> None:
    delete(log.inner(subject))


def delete_last(log: Log, subject: str) -> None:
    delete(chain_of(subject)[-1])


def insert(log: Log, subject: str) -> None:
    place = log.inner(subject)
    for event in reversed(chain_of(subject)):
        if event.n > place.n:
            change(event, n=event.n + 1)
    forged = Event.objects.get(pk=place.pk)
    forged.pk, forged.n, forged.action, forged.sealed_digest = None, place.n + 1, "approve.pass", ""
    forged.save(force_insert=True)


def swap(log: Log, subject: str) -> None:
    one, two = log.rng.sample(chain_of(subject), 2)
    change(one, n=10_000)
    change(two, n=one.n)
    change(one, n=two.n)


def duplicate(log: Log, subject: str) -> None:
    copy = log.inner(subject)
    copy.pk, copy.n, copy.sealed_digest = None, len(chain_of(subject)) + 1, ""
    for event in chain_of(subject):  # the newest event stays the last
        if event.n == copy.n - 1:
            change(event, n=copy.n)
    copy.n -= 1
    copy.save(force_insert=True)


def move(log: Log, subject: str) -> None:
    other = log.rng.choice([case for case in CASES if case != subject])
    change(log.inner(subject), subject_id=other, n=len(chain_of(other)) + 1)


def rewrite(log: Log, subject: str) -> None:
    for event in chain_of(subject)[log.inner(subject).n - 1 :]:
        change(event, action="deny.pass", data={"after": {"state": "denied"}})


CHAIN_KINDS: dict[str, Callable[[Log, str], None]] = {
    "1 field": change_field, "2 actor": change_actor, "3 back-date": back_date, "4 middle": delete_middle,
    "5 last": delete_last, "7 insert": insert, "8 swap": swap, "9 duplicate": duplicate, "10 move": move,
    "11 rewrite": rewrite,
}


def located(findings: list[Finding], where: str) -> bool:
    """Whether a finding names the place."""
    return any(where in finding.row or where in finding.detail for finding in findings)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("deep", [False, True], ids=["plain", "D"])
@pytest.mark.parametrize("kind", CHAIN_KINDS)
def test_a_chain_tampered_with_is_found(log: Log, kind: str, deep: bool, place: int) -> None:
    subject = log.case()
    with triggers_off():
        CHAIN_KINDS[kind](log, subject)
        if deep:
            for case in CASES:
                rehash(case)
    assert located(log.findings(), f" {subject} ")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("deep", [False, True], ids=["plain", "D"])
def test_6_a_case_deleted_with_its_chain(log: Log, deep: bool, place: int) -> None:
    subject = log.case()
    with triggers_off():
        delete(*chain_of(subject))
        if deep:
            ChainHead.objects.filter(subject_id=subject).delete()
            CheckpointLeaf.objects.filter(subject_id=subject)._raw_delete("default")
    assert located(log.findings(), f" {subject} ")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("stolen", [False, True], ids=["without key", "with the stolen key"])
def test_12_every_case_and_the_tree_rewritten(log: Log, stolen: bool, place: int) -> None:
    subject = log.case()
    private = keys.signing_key()
    with triggers_off():
        change_field(log, subject)
        for case in CASES:
            rehash(case)
        retree((lambda body: private.sign(canonical(body)).hex()) if stolen else None)
    found = log.findings()
    assert located(found, f" {subject} ")
    assert located(found, "checkpoint ")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("column", ["root", "prev_hash", "hash", "signature", "size", "at"])
def test_13_a_checkpoint_replaced_in_the_database(log: Log, column: str, place: int) -> None:
    checkpoint = log.rng.choice(list(Checkpoint.objects.order_by("n")))
    fakes = {"size": checkpoint.size + 1, "at": checkpoint.at + dt.timedelta(seconds=1)}
    value = fakes.get(column, log.rng.randbytes(64 if column == "signature" else 32).hex())
    with triggers_off():
        Checkpoint.objects.filter(pk=checkpoint.pk).update(**{column: value})
    assert located(log.findings(), f"checkpoint {checkpoint.n}")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("which", ["first", "middle", "last", "all"])
def test_14_checkpoints_deleted(log: Log, which: str, place: int) -> None:
    numbers = {"first": [1], "middle": [2], "last": [3], "all": [1, 2, 3]}[which]
    with triggers_off():
        CheckpointLeaf.objects.filter(checkpoint__n__in=numbers)._raw_delete("default")
        Checkpoint.objects.filter(n__in=numbers)._raw_delete("default")
    found = log.findings()
    assert all(located(found, f"checkpoint {n}") for n in numbers)


@pytest.mark.parametrize("place", PLACES)
def test_15_signed_again_with_another_key(log: Log, place: int) -> None:
    other = Ed25519PrivateKey.generate()
    with triggers_off():
        Checkpoint.objects.update(key_id=keys.key_id(other.public_key()))
        retree(lambda body: other.sign(canonical(body)).hex())
    found = log.findings()
    assert {"key_unknown", "checkpoint_changed"} <= {finding.code for finding in found}
    assert all(located(found, f"checkpoint {n}") for n in (1, 2, 3))


@pytest.mark.parametrize("place", PLACES)
def test_16_two_trees_for_two_readers(log: Log, place: int, tmp_path: Path) -> None:
    """Another reader was handed a copy signed with the real key over another history."""
    other = tmp_path / "other reader"
    shutil.copytree(log.outside, other)
    assert log.findings(other) == []
    checkpoint = log.rng.choice(list(Checkpoint.objects.order_by("n")))
    true = checkpoints.statement_of(checkpoint)
    first = true.leaves[0]
    leaves = (checkpoints.Leaf(first.kind, first.subject, first.n, log.rng.randbytes(32).hex()), *true.leaves[1:])
    body = true.body | {"root": checkpoints.tree_root(leaves)}
    forged = checkpoints.Statement(body, keys.signing_key().sign(canonical(body)).hex(), leaves)
    statement_file(other, checkpoint.n).write_text(forged.text())
    assert ("split_view", f"checkpoint {checkpoint.n}") in {(f.code, f.row) for f in log.findings(other)}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("worked_on", [False, True], ids=["left so", "worked on"])
def test_17_rolled_back_to_yesterdays_backup(log: Log, worked_on: bool, place: int) -> None:
    day = log.rng.randint(1, 2)
    kept = {leaf.subject_id: leaf.n for leaf in CheckpointLeaf.objects.filter(checkpoint__n=day)}
    hashes = {leaf.subject_id: leaf.head_hash for leaf in CheckpointLeaf.objects.filter(checkpoint__n=day)}
    with triggers_off():
        CheckpointLeaf.objects.filter(checkpoint__n__gt=day)._raw_delete("default")
        Checkpoint.objects.filter(n__gt=day)._raw_delete("default")
        for subject, n in kept.items():
            delete(*chain_of(subject)[n:])
            ChainHead.objects.filter(subject_id=subject).update(n=n, hash=hashes[subject], sealed_n=n)
    if worked_on:
        for subject in CASES:
            log.write(subject)
        with pytest.raises(checkpoints.SplitView):
            seal(log.now)
    found = log.findings()
    assert located(found, f"checkpoint {day + 1}")
    assert all(located(found, f" {subject} ") for subject in CASES)


@pytest.mark.parametrize("place", range(20))
def test_a_clean_log_gives_no_alarm(log: Log, place: int) -> None:
    """Twenty logs at five moments of their lives each: with and without unsealed events at the end, and after all was
    copied elsewhere."""
    for days in (0, 1, 0, log.rng.randint(0, 1)):
        log.live(days)
        assert log.findings() == []
        for _ in range(log.rng.randint(0, 5)):
            log.write(log.case())
    copy = log.outside.with_name("copy")
    shutil.copytree(log.outside, copy)
    assert log.findings(copy) == []
