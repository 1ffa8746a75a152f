"""Published programme versions, the numbers that vary by region and date, and the drafts of both."""
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeVersion(models.Model):
    """One published version of one programme. Frozen: a trigger refuses UPDATE and DELETE of content."""

    key = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    effective_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="one_row_a_version")]


class Parameter(models.Model):
    """A number or table by region and date: the row with the longest matching region prefix ("610000" covers
    "6108..") and the latest effective_from not after the day counts. value: JSON (money in fen). Append-only: a trigger
    refuses UPDATE and DELETE; another number is another row from another day."""

    key = models.CharField(max_length=60)
    region = models.CharField(max_length=6, blank=True, help_text="empty = everywhere")
    effective_from = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "region", "effective_from"], name="one_value_a_day")]


class DraftState(models.TextChoices):
    """How far a draft has come on its way to be in force."""

    DRAFT = "draft", _("Being written")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    DROPPED = "dropped", _("Dropped")


LIVE = (DraftState.DRAFT, DraftState.CHECKED, DraftState.APPROVED)


class ProgrammeDraft(models.Model):
    """The next version of a programme while people work on it; written by programmes.drafts alone. One at a time.

    content: the JSON text of {"programme": …, "form": …}, in the order it was written. revision rises by one a save and
    is sent with each save, so that two screens never overwrite each other unseen. base: the version it began from, none
    for a new programme. findings: what the last check found.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=60)
    base = models.ForeignKey(ProgrammeVersion, null=True, on_delete=models.PROTECT, related_name="drafts")
    content = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.DRAFT)
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=400, blank=True)
    findings = models.JSONField(default=list)
    checked_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    effective_from = models.DateField(null=True)
    published = models.OneToOneField(ProgrammeVersion, null=True, on_delete=models.PROTECT, related_name="draft")
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=models.Q(state__in=["draft", "checked", "approved"]), name="one_live_draft"
            )
        ]


class DraftRevision(models.Model):
    """One saved state of a draft and who wrote it: no author of any may approve it. Append-only."""

    draft = models.ForeignKey(ProgrammeDraft, on_delete=models.PROTECT, related_name="revisions")
    n = models.PositiveIntegerField()
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    persons = models.JSONField(help_text="ids of the author and of those he stood in for")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "n"], name="one_revision_a_number")]


class NumberDraft(models.Model):
    """A regional number that one person proposes and another puts in force; written by programmes.numbers alone."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=60)
    region = models.CharField(max_length=6, blank=True, help_text="empty = everywhere")
    effective_from = models.DateField()
    value = models.JSONField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.DRAFT)
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    persons = models.JSONField(help_text="ids of the author and of those he stood in for")
    approved_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    parameter = models.OneToOneField(Parameter, null=True, on_delete=models.PROTECT, related_name="draft")
    note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "region", "effective_from"], condition=models.Q(state="draft"),
                name="one_live_number_draft",
            )
        ]


class RuleTrouble(models.Model):
    """A rule that could not be worked out for a case, which waits at its step until it can (promise N3). Written by
    programmes.troubles alone. case, number: public id and number of the case, for cases stand above programmes. rule:
    its name; place: the regional number and the key inside it. what, mend: {zh, en}. One open row a case."""

    case = models.UUIDField()
    number = models.CharField(max_length=40)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(ProgrammeVersion, on_delete=models.PROTECT, related_name="rule_troubles")
    rule = models.CharField(max_length=60)
    place = models.CharField(max_length=200)
    what = models.JSONField()
    mend = models.JSONField()
    since = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(mended_at__isnull=True), name="one_open_trouble_a_case"
            )
        ]
