"""A finance desk on bare rows: organisations, people with money duties, a fund, and approved cases made directly."""

import datetime as dt
import itertools
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from casework.access.actor import Actor
from casework.access.duties import actor_of
from casework.access.models import RoleAssignment, User
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case
from casework.documents.models import Document
from casework.funds import batches, ledger, payments, reservations
from casework.funds.models import Account, Balance, Batch, Fund, Payment, Reservation
from casework.organisations import tree
from casework.organisations.models import Level, Organisation
from casework.oversight.invariants import invariants
from casework.people import persons
from casework.people.models import BankAccount, Person
from casework.programmes.models import ProgrammeVersion
from tests.doubles.bank import Bank

_serial = itertools.count(1)
STAMP = {
    "user": None, "person": "", "name": "test", "role": "", "organisation": "", "via": "online", "system": "test",
    "address": "",
}  # fmt: skip
STAFF = {
    "maker": "finance_officer",
    "maker_2": "finance_officer",
    "checker": "cashier",
    "checker_2": "cashier",
    "far": "cashier",
}


class Money:
    """The finance desk. now: the moment everything happens at."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.city = tree.make("商洛市总工会", Level.CITY, None, region="611000")
        self.county = tree.make("商州区总工会", Level.COUNTY, self.city, region="611002")
        self.other = tree.make("柞水县总工会", Level.COUNTY, self.city, region="611026")
        self.users: dict[str, User] = {}
        for name, role in STAFF.items():
            self.hire(name, role, self.other if name == "far" else self.county)
        self.programme = ProgrammeVersion.objects.create(
            key="living_aid", version=1, content={}, content_hash="0", published_at=now, effective_from=now.date()
        )
        self.clerk = self.login("clerk")
        self.bank = Bank()
        self.fund = self.make_fund(1_000_000_00)

    def person(self, name: str = "张三") -> Person:
        """A new person."""
        return persons.find_or_make(f"61100219800101{next(_serial):04d}", name, now=self.now)

    def login(self, name: str, person: Person | None = None) -> User:
        """A login without duties."""
        user = User(username=f"{name}-{next(_serial)}", first_name=name, person=person or self.person(f"职员{name}"))
        user.set_unusable_password()
        user.save()
        self.users[name] = user
        return user

    def hire(self, name: str, role: str, place: Organisation, person: Person | None = None) -> User:
        """A login with a duty."""
        user = self.users.get(name) or self.login(name, person)
        since = self.now - dt.timedelta(days=100)
        RoleAssignment.objects.create(user=user, role=role, organisation=place, valid_from=since)
        return user

    def actor(self, name: str) -> Actor:
        """As the engine sees him now."""
        return actor_of(User.objects.get(pk=self.users[name].pk), self.now)

    def make_fund(self, fen: int, *, purposes: tuple[str, ...] = ("living",), **fields: Any) -> Fund:
        """A fund with so much money in it."""
        fund = ledger.open_fund(
            fields.get("name", "生活救助"), fields.get("organisation", self.county), "市级财政专项", purposes,
            fields.get("year", 2026), fields.get("valid_until", dt.date(2026, 12, 31)), STAMP, self.now,
        )  # fmt: skip
        if fen:
            ledger.receive(fund, fen, STAMP, self.now, "年初拨款")
        return fund

    def account(self, person: Person, bank: str = "中国邮政储蓄银行") -> BankAccount:
        """An account of a person."""
        number = f"621000{next(_serial):010d}"
        return persons.add_account(person, person.name, number, bank, "商州支行", self.now)

    def case(self, person: Person | None = None) -> Case:
        """A bare case with an account, in the standing where approval happens."""
        case = self._bare(self.account(person or self.person()))
        case.save(force_insert=True)
        return case

    def _bare(self, account: BankAccount) -> Case:
        """A case that is not written yet."""
        return Case(
            number=f"LA611002-2026-{next(_serial):06d}", query_code="ABCDEF", programme=self.programme,
            key="living_aid", state="accepted", applicant=account.person, filed_by=self.clerk, organisation=self.county,
            county=self.county, account=account, created_at=self.now, year=2026,
        )  # fmt: skip

    def event(self, case: Case, action: str, data: dict[str, Any]) -> Event:
        """An event of a case, as the engine writes it; the case row follows it."""
        event = record.record("case", str(case.public_id), action, STAMP, data, self.now)
        Case.objects.filter(pk=case.pk).update(event_n=event.n)
        return event

    def approve(self, case: Case, fen: int, purpose: str = "living", year: int = 2026) -> Event:
        """Approve an amount: the way the step does it."""
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=case.pk)
            chosen = reservations.plan(case, fen, purpose, self.county, year, self.now.date())
            event = self.event(case, "approve.pass", {"ledger": chosen.facts()})
            reservations.reserve(chosen, case, event, self.now)
        return event

    def release(self, case: Case) -> None:
        """End a case and give its money back."""
        with transaction.atomic():
            event = self.event(case, "withdraw", {"ledger": reservations.release_facts(case)})
            reservations.release(case, event, self.now)

    def queued(self, fen: int, person: Person | None = None) -> Payment:
        """A payment that waits for a batch."""
        case = self.case(person)
        event = self.approve(case, fen)
        with transaction.atomic():
            return payments.queue_payment(case, event, self.now)

    def bare(self, count: int, accounts: Sequence[BankAccount] = ()) -> list[Case]:
        """Many bare cases, written in bulk. accounts: of the payees, in turn; without them one person gets all."""
        of = accounts or [self.account(self.person())]
        return Case.objects.bulk_create(self._bare(of[place % len(of)]) for place in range(count))

    def approved(self, *fen: int, accounts: Sequence[BankAccount] = ()) -> list[Case]:
        """Many bare cases with their money set aside under one event."""
        with transaction.atomic():
            cases = self.bare(len(fen), accounts)
            pairs = list(zip(cases, fen, strict=True))
            aside = partial(ledger.move, Account.AVAILABLE, Account.RESERVED)
            postings = [ledger.Posting(self.fund, "reserve", aside(amount), case.pk) for case, amount in pairs]
            facts = {"ledger": [posting.facts() for posting in postings]}
            event = record.record("fund", str(self.fund.public_id), "approve", STAMP, facts, self.now)
            ledger.post_all(self.fund, postings, event, self.now)
            Reservation.objects.bulk_create(
                Reservation(case=case, instalment=1, fund=self.fund, fen=amount, made_at=self.now)
                for case, amount in pairs
            )
        return cases

    def correct(self, payment: Payment) -> Payment:
        """The payee gives another card after a return."""
        case = Case.objects.get(pk=payment.case_id)
        account = self.account(payment.payee, "中国工商银行")
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(account=account)
            event = self.event(case, "new_card", {"account": persons.account_digest(account)})
            return payments.correct_account(payment, account, event, self.now)

    def made(self, *fen: int) -> Batch:
        """A batch of new payments of these amounts, made by the maker."""
        ids = [self.queued(amount).pk for amount in fen]
        return batches.make_batch(self.fund, ids, self.actor("maker"), self.now)

    def exported(self, *fen: int) -> tuple[Batch, bytes]:
        """A batch that went to the bank, and its file."""
        return self.sent(self.made(*fen))

    def sent(self, batch: Batch) -> tuple[Batch, bytes]:
        """A batch that was made, checked and sent, and its file."""
        batches.check_batch(batch, self.actor("checker"), self.now, approve=True)
        return self.fresh(batch), self.bytes_of(self.export(batch))

    def export(self, batch: Batch) -> Document:
        """The cashier takes the bank file."""
        return batches.export_batch(batch, self.actor("checker"), self.now)

    def take(self, batch: Batch, data: bytes, **more: Any) -> Any:
        """The cashier takes the bank's answer in."""
        return batches.take_result(batch, data, self.actor("checker"), self.now, **more)

    @staticmethod
    def bytes_of(document: Document) -> bytes:
        """The stored file."""
        from casework.documents import store

        with store.open_file(document) as file:
            return file.read()

    @staticmethod
    def fresh(batch: Batch) -> Batch:
        """The batch as it stands."""
        return Batch.objects.get(pk=batch.pk)

    def balance(self, fund: Fund | None = None) -> dict[str, int]:
        """The accounts of a fund that are not zero."""
        row = Balance.objects.get(fund=fund or self.fund)
        names = ("source", "available", "reserved", "in_transit", "paid")
        return {name: getattr(row, name) for name in names if getattr(row, name)}

    def broken(self) -> list[str]:
        """What the invariants of money and of the log find. The bare cases of this desk have no life of their own,
        so the fold of a case (I5) is not asked."""
        return [line for line in invariants(self.now) if not line.startswith("I5")]
