"""The case: one person's application under one version of one programme."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.cases.state import StateField, StatefulModel
from casework.core.masks import mask_name


class State(models.TextChoices):
    """Legal standings of all life cycles (design §3); which of them a life cycle knows stands in STANDINGS."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SUPPLEMENT = "supplement", _("Supplement asked")
    ACCEPTED = "accepted", _("Accepted")
    APPROVED = "approved", _("Approved")
    SETTLED = "settled", _("Settled")
    CLOSED = "closed", _("Closed")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    DENIED = "denied", _("Not approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REVOKED = "revoked", _("Revoked")
    REGISTERED = "registered", _("Registered")
    ANSWERED = "answered", _("Answered")
    TRANSFERRED = "transferred", _("Handed over")
    MERGED = "merged", _("Joined to another case")
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for entries")
    RUNNING = "running", _("Being carried out")


STANDINGS: dict[str, tuple[str, ...]] = {
    "application": (
        State.DRAFT, State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.APPROVED, State.SETTLED, State.CLOSED,
        State.NOT_ACCEPTED, State.DENIED, State.WITHDRAWN, State.REVOKED,
    ),
    "enquiry": (
        State.DRAFT, State.REGISTERED, State.SUPPLEMENT, State.ACCEPTED, State.ANSWERED, State.CLOSED,
        State.NOT_ACCEPTED, State.TRANSFERRED, State.MERGED, State.WITHDRAWN,
    ),
    "campaign": (
        State.DRAFT, State.PLANNED, State.APPROVED, State.OPEN, State.RUNNING, State.SETTLED, State.CLOSED,
        State.DENIED, State.WITHDRAWN,
    ),
}
ENDED = (
    State.CLOSED, State.NOT_ACCEPTED, State.DENIED, State.WITHDRAWN, State.REVOKED, State.TRANSFERRED, State.MERGED,
)


class Case(StatefulModel):
    """One application. Written by workflows.door.perform and nothing else.

    unit, town, county, city: the handling line, one column a level, for flat queues. parameters: the regional
    numbers frozen at acceptance. amount_fen: approved; requested_fen: asked for; facts: what rules computed, line
    by line (never personal data). event_n: number of its last event. account: the payee account snapshot.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=40, unique=True)
    query_code = models.CharField(max_length=12)
    programme = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="cases")
    key = models.CharField(max_length=60, help_text="programme key, repeated here for lists")
    life = models.CharField(max_length=20, default="application")
    state = StateField(max_length=20, default=State.DRAFT, choices=State.choices, protected=True)
    applicant = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cases")
    household = models.ForeignKey("people.Household", null=True, on_delete=models.PROTECT, related_name="cases")
    for_office = models.BooleanField(
        default=False, help_text="the applicant acts for a union or an office, while he holds the duty"
    )
    filed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    via = models.CharField(max_length=10, default="online")
    submitted_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    promised_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    provisional = models.BooleanField(default=False, help_text="a date falls in a year whose calendar is not published")
    paused_wd = models.PositiveIntegerField(default=0)
    parameters = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    category = models.CharField(max_length=20, blank=True)
    requested_fen = models.BigIntegerField(null=True)
    amount_fen = models.BigIntegerField(null=True)
    year = models.PositiveIntegerField(null=True, help_text="the year the aid counts for")
    account = models.ForeignKey("people.BankAccount", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=30, blank=True, help_text="reason code of an ending, domain.md §4.10")
    entry = models.ForeignKey("registers.Entry", null=True, on_delete=models.PROTECT, related_name="cases")
    event_n = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("read_case", "May read this case"), ("help_case", "May act for the applicant")]
        constraints = [
            *(
                models.CheckConstraint(
                    condition=~models.Q(life=life) | models.Q(state__in=[str(state) for state in states]),
                    name=f"{life}_states",
                )
                for life, states in STANDINGS.items()
            ),
            models.CheckConstraint(condition=models.Q(life__in=list(STANDINGS)), name="known_life"),
            models.UniqueConstraint(
                fields=["household", "key", "year"],
                condition=models.Q(
                    state__in=["approved", "settled", "closed"], year__isnull=False, household__isnull=False
                ),
                name="one_aid_a_household_and_year",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "state", "-id"], name="case_county_state"),
            models.Index(fields=["applicant", "-id"], name="case_applicant"),
            models.Index(fields=["due_on"], condition=models.Q(provisional=True), name="cases_provisional"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def named(self) -> str:
        """Whom pages name: the collective that is nominated, whose representative applies; else the applicant."""
        return str(self.facts.get("collective") or self.applicant.name)

    @property
    def named_masked(self) -> str:
        """The same for everybody to read: the name of a person is masked, that of a collective is not."""
        return str(self.facts.get("collective") or mask_name(self.applicant.name))


class Answers(models.Model):
    """One revision of the answers of a form of the case. form: "application" or a step key. shown: JSON with
    sensitive values masked; sealed: the sensitive values, encrypted with the applicant's key. Append-only."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    form = models.CharField(max_length=40)
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    shown = models.JSONField()
    sealed = models.BinaryField(default=b"")
    at = models.DateTimeField()


class CaseParty(models.Model):
    """A person the case is about besides the applicant: the co-living members. For recusal and duplicate checks."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="party_to")
    relation = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_party_a_person")]


class Series(models.Model):
    """The last case number given of a series; locked while one is taken."""

    name = models.CharField(max_length=60, unique=True)
    last = models.PositiveIntegerField(default=0)


class CaseLink(models.Model):
    """A link between two cases: rests_on (aid → dossier), intake, appeal_of (re-examination → refused case; a refused
    case has one at most, domain §4.3)."""

    kind = models.CharField(max_length=12)
    source = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_in")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "target"], name="one_link"),
            models.UniqueConstraint(fields=["target"], condition=models.Q(kind="appeal_of"), name="one_appeal_a_case"),
        ]


class ClaimedKey(models.Model):
    """Something that may be granted once: a settlement number, a student's school year (domain §4.6).

    kind: what it is; digest: keyed hash of its values, never the values. Other services with the same digest are told
    as hits: a hospital bill may be settled by the mutual plan first and by medical aid for the rest. service: key of
    the programme; granted: the case was approved; of all rows of a service with the same digest one at most.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="claimed_keys")
    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    granted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "kind", "digest"], name="one_row_a_key"),
            models.UniqueConstraint(
                fields=["service", "kind", "digest"], condition=models.Q(granted=True), name="granted_once"
            ),
        ]
        indexes = [models.Index(fields=["kind", "digest"], name="claimed_by_digest")]


class UsedKey(models.Model):
    """A command key that was spent: unique per actor; the same key with the same digest returns the same event."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_use_a_key")]
