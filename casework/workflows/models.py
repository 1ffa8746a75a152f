"""Rows the engine works with: tasks, decisions, holds, timers, queued commands, public notices, lines of campaigns."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.core.masks import mask_name


class Task(models.Model):
    """One piece of work at one desk. seat: whose signature it is, where several desks sign a step. group: the case
    state its step runs in. return_to: step to go straight back to when a returned step is done again. Scope columns as
    on the case."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="tasks")
    step = models.CharField(max_length=40)
    seat = models.PositiveSmallIntegerField(default=0, help_text="place among the desks that sign the step, from 0")
    kind = models.CharField(max_length=20)
    group = models.CharField(max_length=20)
    role = models.CharField(max_length=30)
    level = models.CharField(max_length=12)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    town = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="tasks")
    round = models.PositiveIntegerField(default=1)
    return_to = models.CharField(max_length=40, blank=True)
    limit_wd = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    amber_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    paused_wd = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=20, blank=True, help_text="where a step with inner stages stands, e.g. posted")
    state = models.CharField(
        max_length=10, default="open", choices=[("open", _("Open")), ("done", _("Done")), ("cancelled", _("Cancelled"))]
    )
    outcome = models.CharField(max_length=30, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "seat"], condition=models.Q(state="open"), name="one_open_task_a_seat"
            )
        ]
        indexes = [
            models.Index(fields=[level, "due_at", "id"], condition=models.Q(state="open"), name=f"open_by_{level}")
            for level in ("unit", "town", "county", "city")
        ] + [
            models.Index(
                fields=["due_at"], condition=models.Q(state="open", provisional=True), name="tasks_provisional"
            )
        ]


# What the event of a decision tells by itself.
DECIDED = ("event_id", "step")


class Decision(models.Model):
    """What one person decided at one step. duty: the exclusive duty used up by it, "" if none; the unique row is
    the second wall behind the guard of separation of duties (promise R4)."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="decisions")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="decisions")
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=40)
    round = models.PositiveIntegerField(default=1)
    decision = models.CharField(max_length=30)
    duty = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(
        "organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    opinion = models.TextField(blank=True)
    at = models.DateTimeField()


class DutyHolder(models.Model):
    """One person may hold one exclusive duty on a case, whatever login or substitution he used."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="duty_holders")
    person = models.BigIntegerField()
    duty = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="one_exclusive_duty_a_person")]


class Hold(models.Model):
    """A pause of the clock: why, since when, until when at most (domain.md §4.2)."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="holds")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    max_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reason"], condition=models.Q(ended_at__isnull=True), name="one_open_hold"
            )
        ]


class Timer(models.Model):
    """Something that is due at a moment: fires once, in order of due time, judged by the due moment."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="timers")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="timers")
    action = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    round = models.PositiveIntegerField(default=1)
    state = models.CharField(
        max_length=10, default="set", choices=[("set", "set"), ("fired", "fired"), ("cancelled", "cancelled")]
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "action", "round"], name="one_timer_a_round")]
        indexes = [models.Index(fields=["due_at", "id"], condition=models.Q(state="set"), name="timers_due")]


class QueuedCommand(models.Model):
    """A move of a case wished for by something outside its own door call (a batch result, another case)."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="queued")
    action = models.CharField(max_length=40)
    answers = models.JSONField(default=dict)
    key = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default="due", choices=[("due", "due"), ("done", "done"), ("refused", "refused")]
    )
    trouble = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="due"), name="commands_due"),
            models.Index(fields=["-id"], condition=models.Q(state="refused"), name="commands_refused"),
        ]


class PublicNotice(models.Model):
    """A public notice (domain.md §4.4). rows: masked list. remaining_wd: days left when an objection stopped it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notices")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="notices")
    scope = models.CharField(max_length=12)
    text = models.TextField()
    rows = models.JSONField()
    contact = models.CharField(max_length=200)
    posted_at = models.DateTimeField()
    days = models.PositiveIntegerField()
    ends_at = models.DateTimeField()
    remaining_wd = models.PositiveIntegerField(null=True)
    state = models.CharField(
        max_length=12,
        default="running",
        choices=[
            ("running", _("Running")),
            ("stopped", _("Stopped by an objection")),
            ("ended", _("Ended")),
            ("replaced", _("Replaced")),
            ("cancelled", _("Taken down")),
        ],
    )


class Objection(models.Model):
    """An objection to a notice. text is kept from the person objected to and from lists."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(PublicNotice, on_delete=models.PROTECT, related_name="objections")
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    raised_at = models.DateTimeField()
    result = models.CharField(max_length=12, blank=True)
    reply = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)


class CampaignLine(models.Model):
    """One line of a campaign: a household of the roster, or a nomination of a round. case: the case of its own, null
    until it is opened. category, entry: of the dossier it was drawn from. fen: money and goods; year: the year they
    count for. trouble: reason code of a line that is refused. quota: which places it competes for; votes, rank: what
    the committee gave it; place: "", selected, standby."""

    campaign = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="lines")
    case = models.OneToOneField("cases.Case", null=True, on_delete=models.PROTECT, related_name="line")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    county = models.ForeignKey("organisations.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("registers.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, blank=True)
    fen = models.BigIntegerField(default=0)
    year = models.PositiveIntegerField()
    state = models.CharField(
        max_length=10,
        default="due",
        choices=[("due", _("Line to be opened")), ("made", _("Line opened")), ("refused", _("Line struck"))],
    )
    trouble = models.CharField(max_length=40, blank=True)
    quota = models.CharField(max_length=80, blank=True)
    votes = models.PositiveIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)
    place = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "household"], condition=models.Q(household__isnull=False),
                name="one_line_a_household",
            )
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "id"], name="lines_of_campaign"),
            models.Index(fields=["campaign", "county", "category", "-entry"], name="lines_drawn"),
            models.Index(fields=["person", "year"], name="lines_of_person"),
        ]

    @property
    def named(self) -> str:
        """Whom a list names: the collective of its case, else the person."""
        return self._collective or self.person.name

    @property
    def named_masked(self) -> str:
        """The same for everybody to read."""
        return self._collective or mask_name(self.person.name)

    @property
    def _collective(self) -> str:
        return str(self.case.facts.get("collective") or "") if self.case else ""


class Referral(models.Model):
    """A job-seeker was referred to a vacancy of the register (domain §5.3). case: of the seeker. result: "" until it is
    known; hired fills one of the posts."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="referrals")
    vacancy = models.ForeignKey("registers.Entry", on_delete=models.PROTECT, related_name="referrals")
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    referred_on = models.DateField()
    result = models.CharField(
        max_length=10, blank=True,
        choices=[
            ("hired", _("Hired")), ("worker", _("The seeker declined")), ("employer", _("The employer declined")),
            ("no_show", _("Did not come to the interview")), ("dropped", _("Dropped with the matter")),
        ],
    )
    reason = models.CharField(max_length=500, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "vacancy"], condition=models.Q(result=""), name="one_open_referral_a_vacancy"
            )
        ]
        indexes = [models.Index(fields=["vacancy", "result"], name="referrals_of_vacancy")]


class ScoreSheet(models.Model):
    """What one assessor gave, item by item (domain §5.6). Nobody sees another's before he has handed in his own; the
    event of the hand-in keeps its digest. total: of 100 marks or whatever the standard has; vetoed: he found an item
    that excludes."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="sheets")
    person = models.BigIntegerField()
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    marks = models.JSONField()
    total = models.PositiveIntegerField()
    vetoed = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="one_sheet_an_assessor")]


class MigrationPlan(models.Model):
    """Running cases shall go on under another version of their programme; written by workflows.migrating alone.

    steps, fields: keys of the old version → keys of the new one; what is not named keeps its key. numbers: the cases by
    number, empty = every running case of the old version. states trying, running and undoing are worked off in the
    background, a chunk at a time."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    steps = models.JSONField(default=dict)
    fields = models.JSONField(default=dict)
    numbers = models.JSONField(default=list)
    note = models.CharField(max_length=400, blank=True)
    state = models.CharField(
        max_length=10,
        default="draft",
        choices=[
            ("draft", _("Being written")),
            ("trying", _("Trial is running")),
            ("tried", _("Tried out")),
            ("signed", _("Signed by two")),
            ("running", _("Under way")),
            ("done", _("Cases moved")),
            ("undoing", _("Being undone")),
            ("undone", _("Undone")),
            ("dropped", _("Dropped")),
        ],
    )
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    signatures = models.JSONField(default=list, help_text="[{user, persons, name, at}] of those who signed")
    created_at = models.DateTimeField()
    last_case = models.BigIntegerField(default=0, help_text="how far the trial has come")


class MigrationRow(models.Model):
    """What a plan does to one case. before, after: the case as the trial saw it; kept: what an undo restores. seen:
    number of the case's last event at the trial."""

    plan = models.ForeignKey(MigrationPlan, on_delete=models.CASCADE, related_name="rows")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    moved_at_n = models.PositiveIntegerField(null=True, help_text="number of the event that moved the case")
    state = models.CharField(
        max_length=10,
        choices=[
            ("tried", _("Can go")),
            ("refused", _("Cannot go")),
            ("moved", _("Has gone")),
            ("undone", _("Has come back")),
            ("stays", _("Cannot come back")),
        ],
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "case"], name="one_row_a_plan_and_case")]
        indexes = [models.Index(fields=["plan", "state", "id"], name="rows_of_a_plan")]


class ShadowRun(models.Model):
    """A draft laid over decided cases to see what it would change; a job row, worked off a chunk at a time.

    content: of the draft at its revision. numbers: [{key, region, value}] of proposed numbers that count, too. since,
    until: days of acceptance, until exclusive. totals: sums over the rows so far."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey("programmes.ProgrammeDraft", on_delete=models.PROTECT, related_name="shadow_runs")
    revision = models.PositiveIntegerField()
    content = models.TextField()
    numbers = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(
        max_length=10, default="waiting",
        choices=[("waiting", _("Shadow run under way")), ("done", _("Shadow run complete"))],
    )
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    totals = models.JSONField(default=dict)
    last_case = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)


class ShadowRow(models.Model):
    """What a draft would change in one decided case. before, after: {code, granted, fen, days, tasks}; why: the facts
    that differ. Never personal data."""

    run = models.ForeignKey(ShadowRun, on_delete=models.CASCADE, related_name="rows")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    why = models.JSONField(default=dict)
    changed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case"], name="one_row_a_run_and_case")]
        indexes = [models.Index(fields=["run", "changed", "id"], name="rows_of_a_shadow_run")]
