"""Promise A3, kind 18, column by column: whichever column of a guarded row is changed beside the log, the row is named.

The loop goes over all columns the models have, so a column that is added later is guarded or stands below with the
reason why it is not. Goes red, model by model, when the check that convicts it is taken out.
"""
import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models, transaction

from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents.models import Document
from casework.funds import ledger
from casework.funds.models import BankResult, Batch, Fund, LedgerEntry, Payment, Reservation, Transaction
from casework.oversight.verify import TABLES
from casework.registers.models import Entry
from casework.workflows.models import Decision, PublicNotice
from tests.faults.columns import overwrite
from tests.faults.rows import case_name
from tests.faults.tamper import triggers_off
from tests.faults.test_tamper_records import findings, furnished, house
from tests.office import Office

__all__ = ["furnished", "house"]
pytestmark = [pytest.mark.django_db, pytest.mark.promise("A3")]

Rows = Callable[[], "models.QuerySet[Any]"]
Name = Callable[[Any], str]


def payment(row: Payment) -> str:
    return f"payment {row.number}"


def document(row: Document) -> str:
    return f"document {row.public_id}"


GUARDED: dict[str, tuple[Rows, Name]] = {
    "money received": (lambda: Transaction.objects.filter(kind="receive"), lambda row: f"transaction {row.pk}"),
    "money set aside": (lambda: Transaction.objects.filter(kind="reserve"), lambda row: f"transaction {row.pk}"),
    "money paid": (lambda: Transaction.objects.filter(kind="pay"), lambda row: f"transaction {row.pk}"),
    "leg": (LedgerEntry.objects.all, lambda row: f"transaction {row.transaction_id}"),
    "fund": (Fund.objects.all, lambda row: f"fund {row.public_id}"),
    "waiting payment": (lambda: Payment.objects.filter(state="queued"), payment),
    "paid payment": (lambda: Payment.objects.filter(state="paid"), payment),
    "returned payment": (lambda: Payment.objects.filter(state="returned"), payment),
    "bank's answer": (BankResult.objects.all, lambda row: f"result {row.pk}"),
    "open reservation": (lambda: Reservation.objects.filter(state="open"), lambda row: f"reservation {row.pk}"),
    "used reservation": (lambda: Reservation.objects.filter(state="used"), lambda row: f"reservation {row.pk}"),
    "case under way": (lambda: Case.objects.filter(key="living_aid", state="approved"), case_name),
    "case paid": (lambda: Case.objects.filter(key="living_aid").exclude(state="approved"), case_name),
    "paper handed in": (lambda: Document.objects.filter(made=False, case__isnull=False), document),
    "letter": (lambda: Document.objects.filter(made=True, case__isnull=False), document),
    "bank file": (lambda: Document.objects.filter(kind="bank_file"), document),
    "decision": (lambda: Decision.objects.exclude(opinion=""), lambda row: f"decision {row.pk}"),
    "decision of the bank": (lambda: Decision.objects.filter(step="pay"), lambda row: f"decision {row.pk}"),
    "public notice": (PublicNotice.objects.all, lambda row: f"notice {row.public_id}"),
    "entry": (Entry.objects.all, lambda row: f"entry {row.number}"),
    "payment run": (Batch.objects.all, lambda row: f"batch {row.number}"),
}
# Where another row is named than the one that was changed, because that is where it shows.
SHOWS: dict[tuple[str, str], Name] = {
    ("leg", "fund"): lambda row: f"entry {row.pk}",
    ("leg", "transaction"): lambda row: f"transaction {row.transaction_id}",
    ("bank's answer", "document"): lambda row: f"document {row.document.public_id}",
    ("payment run", "file"): lambda row: f"document {row.file.public_id}",
    ("payment run", "roster"): lambda row: "document ",
}
# What events of earlier installations do not tell yet.
NEWER = ("references", "instalment", "imprints", "decisions")
# Columns that nothing guards, each with its reason.
FREE: dict[str, str] = {
    "public_id": "the name of the row itself: its events stand under the old one, and check_missing names that",
}


def columns() -> list[tuple[str, str]]:
    return [
        (kind, field.name) for kind, (rows, _name) in GUARDED.items()
        for field in rows().model._meta.concrete_fields if not field.primary_key and field.name not in FREE
    ]


@pytest.mark.parametrize(("kind", "column"), columns())
def test_a_changed_column_names_its_row(house: Office, kind: str, column: str) -> None:
    rows, name = GUARDED[kind]
    row = rows().order_by("pk").first()
    assert row is not None, f"the house has no {kind}"
    naming = SHOWS.get((kind, column), name)
    expected = {naming(row)}
    _another_fund(house)
    with transaction.atomic(), triggers_off():
        assert overwrite(row, row._meta.get_field(column)), "no other value can stand there"
    expected.add(naming(rows().model.objects.get(pk=row.pk)))  # or by the name it was given
    found = [str(finding) for finding in findings(house)]
    assert any(one in line for one in expected for line in found), (expected, found)


def test_a_row_put_in_beside_the_log_is_found(house: Office) -> None:
    """A dossier on which aid could rest, a notice that hangs, a decision that was never taken."""
    entry, notice, decision = Entry.objects.all()[0], PublicNotice.objects.all()[0], Decision.objects.all()[0]
    with transaction.atomic(), triggers_off():
        entry.pk, entry.public_id, entry.number = None, uuid.uuid4(), "another"
        entry.household, entry.source_case = None, None
        notice.pk, notice.public_id, notice.posted_at = None, uuid.uuid4(), house.now
        decision.pk = None
        for row in (entry, notice, decision):
            row.save(force_insert=True)
    found = [str(finding) for finding in findings(house)]
    for name in ("entry another", f"notice {notice.public_id}", f"decision {decision.pk}"):
        assert any(name in line for line in found), (name, found)


def test_a_row_that_borrows_a_lawful_act_is_found(house: Office) -> None:
    """A second notice as of the moment of the first; a decision as of somebody's act that decided nothing."""
    notice, decision = PublicNotice.objects.all()[0], Decision.objects.exclude(user=None)[0]
    event = decision.event
    with transaction.atomic(), triggers_off():
        notice.pk, notice.public_id = None, uuid.uuid4()
        notice.save(force_insert=True)
        told = {key: value for key, value in event.data.items() if key not in ("decision", "decisions")}
        Event.objects.filter(pk=event.pk).update(data=told)
    found = [str(finding) for check in TABLES.values() for finding in check()]
    for name in (f"notice {notice.public_id}", f"decision {decision.pk}"):
        assert any(name in line for line in found), (name, found)


def test_events_that_tell_less_are_no_fault(house: Office) -> None:
    """What was written before events told so much still verifies."""
    with transaction.atomic(), triggers_off():
        for event in Event.objects.order_by("pk"):
            Event.objects.filter(pk=event.pk).update(data=_less(event.data))
    assert [finding for check in TABLES.values() for finding in check()] == []


def _less(data: Any) -> Any:
    if isinstance(data, list):
        return [_less(item) for item in data]
    if not isinstance(data, dict):
        return data
    return {key: _less(value) for key, value in data.items() if key not in NEWER}


def _another_fund(office: Office) -> None:
    """So that money can be moved to where it does not belong."""
    fund = office.fund
    stamp = {"name": "Wang", "role": "finance_officer"}
    day: dt.date = fund.valid_until
    ledger.open_fund("another", fund.organisation, fund.source, fund.purposes, fund.year, day, stamp, office.now)
