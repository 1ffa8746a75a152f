"""Payment runs seen from the cases: who may not touch a batch, and how the bank's answer reaches each case."""

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from casework.access.actor import Actor
from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents.models import Document
from casework.funds import batches
from casework.funds.models import BankResult, Batch, Fund, Payment
from casework.funds.whole import whole
from casework.workflows import attempts, rosters
from casework.workflows.models import DutyHolder, QueuedCommand
from casework.workflows.tasks import run_queued

logger = logging.getLogger(__name__)


def barred(case_ids: Collection[int]) -> dict[int, set[int]]:
    """For each case the persons who accepted, visited, reviewed or approved it, and who filed it (promise M5)."""
    found: dict[int, set[int]] = {case_id: set() for case_id in case_ids}
    for case_id, filer in Case.objects.filter(pk__in=case_ids).values_list("pk", "filed_by__person"):
        found[case_id] |= {filer} - {None}
    for case_id, person in DutyHolder.objects.filter(case_id__in=case_ids).values_list("case_id", "person"):
        found[case_id].add(person)
    return found


def make(fund: Fund, payment_ids: Collection[int], actor: Actor, now: datetime) -> Batch:
    """Make a batch of queued payments. Raises Refused."""
    cases = Payment.objects.filter(pk__in=payment_ids).values_list("case_id", flat=True)
    with attempts.noting(str(fund.public_id), "batch_make", actor, now):
        return batches.make_batch(fund, list(payment_ids), actor, now, barred=barred(list(cases)))


def check(batch: Batch, actor: Actor, now: datetime, approve: bool, reason: str = "") -> Batch:
    """Check a batch as a second person; a checked batch gets its roster. Raises Refused."""
    with attempts.noting(str(batch.public_id), "batch_check", actor, now):
        return _check(batch, actor, now, approve, reason)


@whole
def _check(batch: Batch, actor: Actor, now: datetime, approve: bool, reason: str) -> Batch:
    cases = batch.payments.values_list("case_id", flat=True)
    checked = batches.check_batch(batch, actor, now, approve=approve, reason=reason, barred=barred(list(cases)))
    if approve:
        event = Event.objects.get(subject_kind="batch", subject_id=str(batch.public_id), action="check")
        rosters.order_roster(checked, event, now)
    return checked


def export(batch: Batch, actor: Actor, now: datetime, address: str = "") -> Document:
    """The bank file: made once, the same bytes ever after. address: where the request came from."""
    cases = batch.payments.values_list("case_id", flat=True)
    with attempts.noting(str(batch.public_id), "batch_export", actor, now):
        return batches.export_batch(batch, actor, now, barred=barred(list(cases)), address=address)


def take_result(batch: Batch, data: bytes, actor: Actor, now: datetime) -> BankResult:
    """Take the bank's answer in; every settled or returned payment queues the move of its case."""
    return batches.take_result(
        batch, data, actor, now, on_outcome=lambda payment, event: queue_outcome(payment, event, now)
    )


def queue_outcome(payment: Payment, event: Event, now: datetime) -> None:
    """One queued command a payment and outcome."""
    QueuedCommand.objects.get_or_create(
        key=f"payment:{payment.number}:{payment.state}",
        defaults={
            "case_id": payment.case_id,
            "action": f"pay.{payment.state}",
            "due_at": now,
            "answers": {
                "payment": payment.number, "fen": payment.fen, "code": payment.return_code,
                "said": payment.return_words or "",
            },
        },
    )
    transaction.on_commit(wake, robust=True)


def wake() -> None:
    """Tell a worker. When that is not possible, the beat finds the rows."""
    try:
        run_queued.apply_async(retry=False)
    except Exception:  # whatever ails the broker
        logger.warning("no worker was told of queued commands; the beat runs them", exc_info=True)
