"""Payment runs: each batch, its lines, and the bank's answers are what events made of them."""
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.funds.models import BankResult, Batch, Payment, PaymentState
from casework.funds.results import reference_digest
from casework.oversight.crooked import facts, maps, text

CHUNK = 50  # a batch and its events hold up to 500 lines
BATCHES, PAYMENTS, RESULTS = "funds_batch", "funds_payment", "funds_bankresult"
# The event of a batch → the state it leaves; others leave it as it is.
STATES = {"make": "made", "check": "checked", "reject": "rejected", "export": "exported", "reconcile": "reconciled"}
RESULT = "result"
NOTHING = ("", "")
CONTENT = ("make", "check", "export")


def check_runs() -> Iterator[Finding]:
    """Every payment run: its people, its state, its sums and its lines."""
    last = 0
    while batches := list(Batch.objects.select_related("fund").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = batches[-1].pk
        subjects = [str(batch.public_id) for batch in batches]
        events = Event.objects.filter(subject_kind="batch", subject_id__in=subjects, action__in=(*STATES, RESULT))
        stories = {key: list(some) for key, some in groupby(events.order_by("subject_id", "n"), _subject)}
        for batch in batches:
            story = stories.get(str(batch.public_id), [])
            results = [event for event in story if event.action == RESULT]
            yield from _check_run(batch, [event for event in story if event.action in STATES])
            yield from _check_results(batch, results)
            yield from _check_answers(batch, results)


def _subject(event: Event) -> str:
    return event.subject_id


def _check_run(batch: Batch, story: Sequence[Event]) -> Iterator[Finding]:
    row = f"batch {batch.number}"
    told = {event.action: event for event in story}
    if not story or STATES[story[-1].action] != batch.state:
        yield Finding("batch_differs", BATCHES, row, f"state {batch.state}: its events tell otherwise")
    checked = told.get("reject") or told.get("check")  # whoever sent it back after a check looked last
    for name, event, user in (("maker", told.get("make"), batch.maker_id), ("checker", checked, batch.checker_id)):
        if (facts(event.actor).get("user") if event else None) != user:
            yield Finding("batch_differs", BATCHES, row, f"{name}: not the one who did it")
    for name, event, value in _told_of(batch, told.get("make"), checked):
        if event != value:
            yield Finding("batch_differs", BATCHES, row, f"{name}: its events tell otherwise")
    content = facts(next((told[action].data for action in reversed(CONTENT) if action in told), None))
    if (batch.count, batch.total_fen) != (content.get("count"), content.get("total_fen")):
        yield Finding("batch_differs", BATCHES, row, "count or total: its events tell otherwise")
    yield from _check_lines(batch, maps(content.get("payments")) if batch.state != "rejected" else [])


def _told_of(batch: Batch, made: Event | None, checked: Event | None) -> Iterator[tuple[str, Any, Any]]:
    """(column, as events tell it, as the row has it). made, checked: the events, if there are any."""
    told = facts(made.data) if made else {}
    yield "number", told.get("number"), batch.number
    yield "fund", told.get("fund", str(batch.fund.public_id)), str(batch.fund.public_id)
    yield "made_at", made.at if made else None, batch.made_at
    yield "maker_person", _person(made), str(batch.maker_person)
    yield "checked_at", checked.at if checked else None, batch.checked_at
    yield "checker_person", _person(checked), str(batch.checker_person or "")


def _person(event: Event | None) -> str:
    return text(facts(event.actor).get("person")) if event else ""


def _check_results(batch: Batch, events: Sequence[Event]) -> Iterator[Finding]:
    """Each result file in its row: who took it in and when, its hash and sums, as its event tells."""
    files = ((event, item) for event in events for item in maps(facts(event.data).get("documents")))
    told = {text(item.get("id")): (event, item) for event, item in files}
    for result in batch.results.select_related("document").order_by("pk"):
        event, item = told.get(str(result.document.public_id), (None, {}))
        if event is None or not _as_told(result, event, item):
            detail = f"not as an event of batch {batch.number} tells it"
            yield Finding("batch_differs", RESULTS, f"result {result.pk}", detail)


def _as_told(result: BankResult, event: Event, item: Mapping[str, Any]) -> bool:
    here = (result.sha256, result.taken_at, result.taken_by_id, result.summary)
    return here == (item.get("sha256"), event.at, facts(event.actor).get("user"), facts(event.data).get("summary"))


def _check_answers(batch: Batch, events: Sequence[Event]) -> Iterator[Finding]:
    """What the bank said of each payment: its own number of the transfer, and why the money came back."""
    codes: dict[str, tuple[str, str]] = {}
    references: dict[str, str] = {}
    for event in events:
        data = facts(event.data)
        returned = maps(data.get("returned"))
        codes |= {text(row.get("payment")): (text(row.get("code")), text(row.get("words"))) for row in returned}
        references |= {str(key): text(value) for key, value in facts(data.get("references")).items()}
    for payment in batch.payments.order_by("pk"):
        expected = codes.get(payment.number, NOTHING) if payment.state == PaymentState.RETURNED else NOTHING
        reference = references.get(payment.number)
        if (payment.return_code, payment.return_words or "") != expected:
            yield _payment(payment, "return_code, return_words: the bank said otherwise")
        if reference is not None and reference != reference_digest(payment.bank_reference):
            yield _payment(payment, "bank_reference: the bank said otherwise")
        if payment.fund_id != batch.fund_id:
            yield _payment(payment, "of another fund than its batch")


def _payment(payment: Payment, detail: str) -> Finding:
    return Finding("payment_differs", PAYMENTS, f"payment {payment.number}", detail)


def _check_lines(batch: Batch, lines: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """The payments of a batch are those its events list, with amount and account; none is gone or too many."""
    held = {row[0]: row[1:] for row in batch.payments.values_list("number", "fen", "account_digest")}
    for line in lines:
        number = text(line.get("number"))
        if held.pop(number, None) != (line.get("fen"), line.get("account")):
            detail = f"not as batch {batch.number} lists it, or gone from it"
            yield Finding("payment_differs", PAYMENTS, f"payment {number}", detail)
    for number in sorted(held):
        yield Finding("payment_differs", PAYMENTS, f"payment {number}", f"batch {batch.number} does not list it")
