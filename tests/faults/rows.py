"""A tamperer's hand on the rows and files beside the event log: each trick changes something at a random place and
returns what names it in a finding. For tests only; the triggers must be off."""
import datetime as dt
import hashlib
import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from casework.audit.models import Event
from casework.cases.models import Answers, Case
from casework.documents import store
from casework.documents.models import Document
from casework.funds.models import Balance, LedgerEntry, Payment, Reservation, Transaction
from casework.oversight.ledger import ACCOUNTS
from casework.papers.models import Paper
from casework.people.models import BankAccount, Person, PersonKey
from casework.people.persons import account_digest


@dataclass
class Hand:
    """rng: where. deep: whether everything that is derived from the place is made to fit again (D)."""

    rng: random.Random
    deep: bool = False

    def one(self, rows: "models.QuerySet[Any]") -> Any:
        """A random row."""
        return self.rng.choice(list(rows.order_by("pk")))

    def two(self, rows: "models.QuerySet[Any]") -> Any:
        """Two random rows."""
        return self.rng.sample(list(rows.order_by("pk")), 2)


def case_name(case: Case) -> str:
    """How a finding names a case."""
    return f"case {case.public_id}"


def put(row: models.Model, **columns: Any) -> None:
    """Overwrite columns of one row, past every rule of the model."""
    type(row)._base_manager.filter(pk=row.pk).update(**columns)


def column(name: str, other: Callable[[Hand, Any], Any]) -> Callable[[Hand], str]:
    """A trick: another value in one column of a case."""

    def trick(hand: Hand) -> str:
        case = hand.rng.choice([case for case in Case.objects.order_by("pk") if getattr(case, name)])
        value = other(hand, getattr(case, name))
        put(case, **{name: value})
        return case_name(case)

    return trick


def _state(hand: Hand, now: str) -> str:
    states = [state for state in ("accepted", "approved", "settled", "denied", "withdrawn") if state != now]
    return hand.rng.choice(states)


def case_payee(hand: Hand) -> str:
    """The case points to another person's account; D: so do its payments, with the digest that fits."""
    case = hand.one(Case.objects.filter(account__isnull=False))
    account = hand.one(BankAccount.objects.exclude(person=case.account.person))
    put(case, account_id=account.pk)
    if hand.deep:
        digest = account_digest(account)
        Payment.objects.filter(case=case).update(account=account, payee=account.person, account_digest=digest)
    return case_name(case)


def case_applicant(hand: Hand) -> str:
    """The case belongs to another person; D: so do its payments."""
    case = hand.one(Case.objects.all())
    other = hand.one(Person.objects.exclude(pk=case.applicant_id))
    put(case, applicant_id=other.pk)
    if hand.deep:
        Payment.objects.filter(case=case).update(payee=other)
    return case_name(case)


def case_gone(hand: Hand) -> str:
    """The row of a case is deleted; its events stay."""
    case = hand.one(Case.objects.all())
    Case.objects.filter(pk=case.pk)._raw_delete("default")
    return case_name(case)


def _refold(fund: int) -> None:
    """D: the balance of a fund made to fit its entries again."""
    sums = {
        account: LedgerEntry.objects.filter(fund=fund, account=account).aggregate(s=models.Sum("fen"))["s"] or 0
        for account in ACCOUNTS
    }
    # An account below zero would show itself: the table refuses it.
    low = {name: max(fen, 0) for name, fen in sums.items() if name != "source"}
    Balance.objects.filter(pk=fund).update(**sums | low)


def leg(hand: Hand) -> str:
    """One leg of a posting; D: the other leg and the balance as well."""
    entry = hand.one(LedgerEntry.objects.filter(fen__gt=0))
    more = hand.rng.choice([-1, 1, 100])
    put(entry, fen=entry.fen + more)
    if hand.deep:
        LedgerEntry.objects.filter(transaction=entry.transaction, fen__lt=0).update(fen=models.F("fen") - more)
        _refold(entry.fund_id)
    return f"transaction {entry.transaction_id}"


def posting_gone(hand: Hand) -> str:
    """A posting is deleted; D: the balance fits."""
    posting = hand.one(Transaction.objects.filter(kind__in=("receive", "send", "pay", "reserve")))
    LedgerEntry.objects.filter(transaction=posting)._raw_delete("default")
    Transaction.objects.filter(pk=posting.pk)._raw_delete("default")
    if hand.deep:
        _refold(posting.fund_id)
    event = posting.event
    return f"{event.subject_kind} {event.subject_id} #{event.n}"


def posting_twice(hand: Hand) -> str:
    """A posting is written a second time under the same event; D: the balance fits."""
    posting = hand.one(Transaction.objects.filter(kind="receive"))
    entries, event = list(posting.entries.all()), posting.event
    posting.pk = None
    posting.save(force_insert=True)
    for entry in entries:
        entry.pk, entry.transaction = None, posting
        entry.save(force_insert=True)
    if hand.deep:
        _refold(posting.fund_id)
    return f"{event.subject_kind} {event.subject_id} #{event.n}" if hand.deep else f"fund {posting.fund_id}"


def balance(hand: Hand) -> str:
    """What a fund says it holds."""
    row = hand.one(Balance.objects.all())
    put(row, available=row.available + 100)
    return f"fund {row.pk}"


def payment_amount(hand: Hand) -> str:
    """A payment of more; D: so says what was set aside for it."""
    row = hand.one(Payment.objects.all())
    put(row, fen=row.fen + 100)
    if hand.deep:
        Reservation.objects.filter(case=row.case_id).update(fen=row.fen + 100)
    return f"payment {row.number}"


def payment_state(hand: Hand) -> str:
    """A payment that was made waits to be made again, or the other way round; D: out of its batch."""
    row = hand.one(Payment.objects.all())
    state = hand.rng.choice([state for state in ("queued", "paid", "returned", "exported") if state != row.state])
    put(row, state=state, **({"batch": None} if hand.deep else {}))
    return f"payment {row.number}"


def payment_account(hand: Hand) -> str:
    """A payment to another account; D: with its payee and a digest that fits."""
    row = hand.one(Payment.objects.all())
    account = hand.one(BankAccount.objects.exclude(pk=row.account_id))
    put(row, account_id=account.pk)
    if hand.deep:
        put(row, payee_id=account.person_id, account_digest=account_digest(account))
    return f"payment {row.number}"


def payment_gone(hand: Hand) -> str:
    """A payment that went through a batch is deleted."""
    row = hand.one(Payment.objects.filter(batch__isnull=False))
    Payment.objects.filter(pk=row.pk)._raw_delete("default")
    return f"payment {row.number}"


def set_aside(hand: Hand) -> str:
    """More money set aside than was decided."""
    row = hand.one(Reservation.objects.all())
    put(row, fen=row.fen + 100)
    return f"reservation {row.pk}"


def account_row(hand: Hand) -> str:
    """The account row itself: holder, bank or branch; D: the digest of its payments fits."""
    row = hand.one(BankAccount.objects.filter(pk__in=Payment.objects.values("account")))
    name = hand.rng.choice(["holder", "bank", "branch", "card_hash"])
    put(row, **{name: f"{getattr(row, name)}x"[-64:]})
    row.refresh_from_db()
    payment = hand.one(Payment.objects.filter(account=row))
    if hand.deep:
        Payment.objects.filter(account=row).update(account_digest=account_digest(row))
        return case_name(payment.case)
    return f"payment {payment.number}"


def answers(hand: Hand) -> str:
    """What the applicant wrote: the shown part or the sealed."""
    row = hand.one(Answers.objects.exclude(sealed=b""))
    if hand.rng.random() < 0.5:
        put(row, shown=row.shown | {"statement": "改"})
    else:
        put(row, sealed=flipped(bytes(row.sealed), hand.rng))
    return f"answers {row.pk}"


def answers_gone(hand: Hand) -> str:
    """A revision of the answers is deleted."""
    row = hand.one(Answers.objects.all())
    Answers.objects.filter(pk=row.pk)._raw_delete("default")
    return f"{row.event.subject_kind} {row.event.subject_id} #{row.event.n}"


ROWS: dict[str, Callable[[Hand], str]] = {
    "state": column("state", _state),
    "amount": column("amount_fen", lambda hand, fen: fen + hand.rng.choice([-1, 1, 100_00])),
    "requested": column("requested_fen", lambda hand, fen: fen + 100),
    "category": column("category", lambda hand, now: "deep" if now != "deep" else "relative"),
    "due day": column("due_on", lambda hand, day: day + dt.timedelta(days=hand.rng.randint(1, 30))),
    "accepted": column("accepted_at", lambda hand, at: at - dt.timedelta(microseconds=1)),
    "payee": case_payee,
    "applicant": case_applicant,
    "case gone": case_gone,
    "leg": leg,
    "posting gone": posting_gone,
    "posting twice": posting_twice,
    "balance": balance,
    "payment amount": payment_amount,
    "payment state": payment_state,
    "payment account": payment_account,
    "payment gone": payment_gone,
    "set aside": set_aside,
    "account row": account_row,
    "answers": answers,
    "answers gone": answers_gone,
}


def flipped(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one bit of one byte turned."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def overwrite(document: Document, data: bytes) -> None:
    """Other bytes in the place of a stored file, which is read-only to its owner as well."""
    path = store.path_of(document.sha256)
    path.chmod(0o640)
    path.write_bytes(data)


def _name(document: Document) -> str:
    return f"document {document.public_id}"


def file_bytes(hand: Hand) -> str:
    """One bit of a stored file; D: under its new hash, which the row bears."""
    row = hand.one(Document.objects.filter(case__isnull=False))
    data = flipped(store.open_file(row).read(), hand.rng)
    return _replace(hand, row, data)


def _replace(hand: Hand, row: Document, data: bytes) -> str:
    if hand.deep:
        digest = hashlib.sha256(data).hexdigest()
        target = store.path_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        put(row, sha256=digest, size=len(data))
    else:
        overwrite(row, data)
    return _name(row)


def paper_file(hand: Hand) -> str:
    """Something added to a letter that was made; D: under its new hash, which the row bears."""
    row = hand.one(Paper.objects.filter(document__isnull=False)).document
    return _replace(hand, row, store.open_file(row).read() + b"%")


def paper_gone(hand: Hand) -> str:
    """A letter that was made is deleted; D: with its file."""
    paper = hand.one(Paper.objects.filter(document__isnull=False).select_related("document"))
    Paper.objects.filter(pk=paper.pk)._raw_delete("default")
    if hand.deep:
        Document.objects.filter(pk=paper.document_id)._raw_delete("default")
    return f"paper {paper.public_id}" if paper.batch_id is None else _name(paper.document)


def file_exchanged(hand: Hand) -> str:
    """Two files of different cases in each other's place."""
    one, two = hand.two(Document.objects.filter(case__isnull=False))
    while one.sha256 == two.sha256:
        one, two = hand.two(Document.objects.filter(case__isnull=False))
    if hand.deep:
        put(one, sha256=two.sha256, size=two.size)
        put(two, sha256=one.sha256, size=one.size)
        return _name(one)
    first, second = store.open_file(one).read(), store.open_file(two).read()
    overwrite(one, second)
    overwrite(two, first)
    return _name(one)


def file_gone(hand: Hand) -> str:
    """A stored file is removed; D: with its row."""
    row = hand.one(Document.objects.filter(case__isnull=False))
    os.unlink(store.path_of(row.sha256))
    if hand.deep:
        Document.objects.filter(pk=row.pk)._raw_delete("default")
    return _name(row)


def file_moved(hand: Hand) -> str:
    """A file is hung into another case; D: taken out of every case."""
    row = hand.one(Document.objects.filter(case__isnull=False))
    other = hand.one(Case.objects.exclude(pk=row.case_id))
    put(row, case_id=None if hand.deep else other.pk)
    return _name(row)


def bank_file(hand: Hand) -> str:
    """What went to the bank, or its answer."""
    events = Event.objects.filter(subject_kind="batch", action__in=("export", "result"))
    told = hand.one(events).data["documents"][0]["id"]
    row = Document.objects.get(public_id=told)
    data = store.open_file(row).read().replace(b"6222", b"6223") + b"\r\n"
    return _replace(hand, row, data)


FILES: dict[str, Callable[[Hand], str]] = {
    "bytes": file_bytes,
    "paper file": paper_file,
    "paper gone": paper_gone,
    "exchanged": file_exchanged,
    "gone": file_gone,
    "moved": file_moved,
    "bank file": bank_file,
}


def _swap(one: models.Model, two: models.Model, *names: str) -> None:
    """Two rows exchange columns; a unique column goes over an empty one."""
    mine = {name: getattr(one, name) for name in names}
    theirs = {name: getattr(two, name) for name in names}
    if "id_hash" in names:
        put(one, id_hash=None)
    put(two, **mine)
    put(one, **theirs)


def ciphers_of_persons(hand: Hand) -> str:
    """Two persons' ID or phone ciphertexts; D: with their keyed hashes."""
    one, two = hand.two(Person.objects.exclude(phone_cipher=b""))
    if hand.rng.random() < 0.5:
        _swap(one, two, "id_cipher", *(["id_hash"] if hand.deep else []))
    else:
        _swap(one, two, "phone_cipher", *(["phone_hash"] if hand.deep else []))
    return f"person {one.public_id}"


def keys_of_persons(hand: Hand) -> str:
    """Two persons' data keys; D: with all that is encrypted under them."""
    one, two = hand.two(Person.objects.exclude(phone_cipher=b""))
    _swap(PersonKey.objects.get(person=one), PersonKey.objects.get(person=two), "wrapped")
    if hand.deep:
        _swap(one, two, "id_cipher", "id_hash", "phone_cipher", "phone_hash")
    return f"person {one.public_id}"


def ciphers_of_accounts(hand: Hand) -> str:
    """Two accounts' card numbers; D: with hash and last digits."""
    one, two = hand.two(BankAccount.objects.all())
    _swap(one, two, "card_cipher", *(["card_hash", "last4"] if hand.deep else []))
    return f"account {one.public_id}"


def ciphers_of_answers(hand: Hand) -> str:
    """Two applications' sealed answers."""
    one, two = hand.two(Answers.objects.exclude(sealed=b""))
    _swap(one, two, "sealed")
    return f"answers {one.pk}"


CIPHERS: dict[str, Callable[[Hand], str]] = {
    "persons": ciphers_of_persons,
    "keys": keys_of_persons,
    "accounts": ciphers_of_accounts,
    "sealed answers": ciphers_of_answers,
}
