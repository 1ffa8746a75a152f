"""The whole verification: what stands in the database against its events, and the events against the outside copies.

Streams with bounded memory and sees one moment of the database, so that work going on meanwhile is no false alarm.
"""
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from casework.audit import chain, proofs
from casework.audit import verify as log
from casework.audit.copies import Copies
from casework.audit.findings import Finding, event_row
from casework.audit.models import ChainHead, Checkpoint, Event
from casework.cases.models import Case
from casework.oversight import aside, cases, ciphers, files, funds, imprints, ledger, payments, runs

Check = Callable[[], Iterator[Finding]]
TABLES: dict[str, Check] = {
    "cases": cases.check_cases,
    "missing": cases.check_missing,
    "entries": imprints.check_entries,
    "sums": ledger.check_sums,
    "balances": ledger.check_balances,
    "payments": ledger.check_live_payments,
    "postings": ledger.check_postings,
    "told": ledger.check_told,
    "payees": ledger.check_payees,
    "funds": funds.check_funds,
    "set aside": aside.check_reservations,
    "payments made": payments.check_payments,
    "payment runs": runs.check_runs,
    "persons": ciphers.check_persons,
    "accounts": ciphers.check_accounts,
    "answers": ciphers.check_answers,
    "batch files": files.check_batches,
    "files": files.check_stored,
}


def verify(now: datetime, folders: Sequence[Path] = ()) -> Iterator[Finding]:
    """Check everything. folders: copies of the checkpoints that other readers kept, besides our own."""
    copies = Copies.listed(folders)  # before the snapshot: a checkpoint delivered later is not expected in it
    with snapshot():
        yield from log.verify_log(copies, now)
        for check in TABLES.values():
            yield from check()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read from one moment of the database, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        # Not atomic(): there a transaction begins IMMEDIATE and would hold the only writer's place.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def verify_case(case: Case, now: datetime) -> list[Finding]:
    """Check one case: its chain, the newest proof with its outside copy, its row, answers, files and money."""
    subject = str(case.public_id)
    copies = Copies.listed()
    found = list(chain.walk(Event.objects.filter(subject_kind="case", subject_id=subject).order_by("n")))
    found += check_head("case", subject)
    found += check_proof("case", subject, copies)
    found += cases.check_some([case])
    found += files.check_stored(case.documents.all())
    found += ledger.check_case(case)
    found += aside.check_some([case.pk])
    found += payments.check_some(list(case.payments.select_related("case").order_by("pk")))
    found += ciphers.sealed_of(case.answers.select_related("case__applicant__key").order_by("pk"))
    return found


def check_head(kind: str, subject: str) -> Iterator[Finding]:
    """The head of one chain is its last event."""
    head = ChainHead.objects.filter(subject_kind=kind, subject_id=subject).first()
    last = Event.objects.filter(subject_kind=kind, subject_id=subject).order_by("-n").values_list("n", "hash").first()
    if (head.n, head.hash) != last if head else last is not None:
        row = event_row(kind, subject, head.n if head else 0)
        yield Finding("head_wrong", "audit_chainhead", row, "the head is not the last event")


def check_proof(kind: str, subject: str, copies: Copies) -> Iterator[Finding]:
    """The newest sealed event of a chain: under the root of its checkpoint, as the outside copy has it."""
    proof = proofs.inclusion(kind, subject)
    if proof is None:
        return
    row = event_row(kind, subject, proof.leaf.n)
    event = Event.objects.filter(subject_kind=kind, subject_id=subject, n=proof.leaf.n).first()
    if event is None or event.hash != proof.leaf.hash:
        yield Finding("event_rewritten", chain.EVENTS, row, f"not the event sealed in checkpoint {proof.statement.n}")
    if not proof.holds():
        yield Finding("root_wrong", log.CHECKPOINTS, f"checkpoint {proof.statement.n}", "the path leads elsewhere")
    yield from copies.wrong_with(proof.statement, log.CHECKPOINTS) if copies.keys else ()
    outside, findings = copies.statement(proof.statement.n)
    yield from findings
    if outside is not None and outside.hash != proof.statement.hash:
        yield Finding("checkpoint_changed", log.CHECKPOINTS, f"checkpoint {proof.statement.n}", "differs from the copy")


def sealed_marks(kind: str, subject: str) -> list[tuple[int, int]]:
    """Return (event number, checkpoint) of each seal of a chain, ascending; an event is sealed by the first at or
    after its number."""
    leaves = Checkpoint.objects.filter(leaves__subject_kind=kind, leaves__subject_id=subject)
    return list(leaves.order_by("n").values_list("leaves__n", "n"))
