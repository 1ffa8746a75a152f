"""Funds and the append-only double-entry ledger (domain.md §4.5). Money is integer fen."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.TextChoices):
    """Accounts of each fund. source runs negative (where the money came from); the rest never do."""

    SOURCE = "source", _("Source")
    AVAILABLE = "available", _("Available")
    RESERVED = "reserved", _("Reserved")
    IN_TRANSIT = "in_transit", _("At the bank")
    PAID = "paid", _("Paid")


class Fund(models.Model):
    """An earmarked pot of one organisation and year. purposes: list of purpose keys, e.g. ["living"]."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="funds")
    source = models.CharField(max_length=40)
    purposes = models.JSONField(default=list)
    year = models.PositiveIntegerField()
    valid_until = models.DateField()

    class Meta:
        permissions = [("manage_fund", "May post to the fund")]


class Balance(models.Model):
    """The fold of a fund's entries, kept in the same transaction; the row every posting locks first."""

    fund = models.OneToOneField(Fund, on_delete=models.PROTECT, related_name="balance", primary_key=True)
    source = models.BigIntegerField(default=0)
    available = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    in_transit = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(available__gte=0), name="available_not_negative"),
            models.CheckConstraint(condition=models.Q(reserved__gte=0), name="reserved_not_negative"),
            models.CheckConstraint(condition=models.Q(in_transit__gte=0), name="in_transit_not_negative"),
            models.CheckConstraint(condition=models.Q(paid__gte=0), name="paid_not_negative"),
        ]


class Transaction(models.Model):
    """One posting. kind: receive, allocate, reserve, release, send, pay, return, reverse, carry_over."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="transactions")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    memo = models.CharField(max_length=200, blank=True)


class LedgerEntry(models.Model):
    """One leg. The legs of a transaction sum to zero; a trigger refuses anything else, and any UPDATE or DELETE."""

    transaction = models.ForeignKey(Transaction, on_delete=models.PROTECT, related_name="entries")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+")
    account = models.CharField(max_length=12, choices=Account.choices)
    fen = models.BigIntegerField()


class Reservation(models.Model):
    """Money set aside for one instalment of one case at approval."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reservations")
    instalment = models.PositiveIntegerField(default=1)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="reservations")
    fen = models.BigIntegerField()
    state = models.CharField(
        max_length=10,
        default="open",
        choices=[("open", _("Set aside")), ("used", _("Used")), ("released", _("Released"))],
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "instalment"], condition=models.Q(state="open"), name="one_open_reservation"
            ),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="reservation_positive"),
        ]


class PaymentState(models.TextChoices):
    """Where a payment stands. outcome_unknown is never sent again until the bank's statement decides."""

    QUEUED = "queued", _("Waiting for a batch")
    BATCHED = "batched", _("In a batch")
    EXPORTED = "exported", _("Sent to the bank")
    UNKNOWN = "outcome_unknown", _("Answer of the bank missing")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Returned by the bank")
    CANCELLED = "cancelled", _("Cancelled")


class Batch(models.Model):
    """A payment run: made by one person, checked by another, sent once, reconciled. file_sha256: the bank file."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="batches")
    state = models.CharField(
        max_length=12,
        default="made",
        choices=[
            ("made", _("Waiting for check")),
            ("checked", _("Checked")),
            ("exported", _("Sent to the bank")),
            ("reconciled", _("Reconciled")),
            ("rejected", _("Rejected")),
        ],
    )
    maker = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    maker_person = models.BigIntegerField()
    made_at = models.DateTimeField()
    checker = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    checker_person = models.BigIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)
    count = models.PositiveIntegerField()
    total_fen = models.BigIntegerField()
    file = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    roster = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(checker_person__isnull=True) | ~models.Q(checker_person=models.F("maker_person")),
                name="maker_is_not_checker",
            )
        ]


class Payment(models.Model):
    """One transfer. number is the bank's idempotency key. account_digest: SHA-256 of the account approved.
    return_code: one of RETURNS; return_words: what the bank wrote of it, None where it wrote nothing."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="payments")
    instalment = models.PositiveIntegerField(default=1)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="payments")
    fen = models.BigIntegerField()
    payee = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("people.BankAccount", on_delete=models.PROTECT, related_name="+")
    account_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=PaymentState.choices, default=PaymentState.QUEUED)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="payments")
    return_code = models.CharField(max_length=20, blank=True)
    return_words = models.CharField(max_length=60, null=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "instalment"],
                condition=~models.Q(state__in=["returned", "cancelled"]),
                name="one_live_payment",
            ),
            models.CheckConstraint(condition=models.Q(fen__gt=0), name="payment_positive"),
        ]


class BankResult(models.Model):
    """A result file from the bank, taken in once by its hash."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="results")
    sha256 = models.CharField(max_length=64, unique=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    summary = models.JSONField(default=dict)
