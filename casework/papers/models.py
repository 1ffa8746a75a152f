"""Letters made of a case: ordered in the door's transaction, rendered by a worker, numbered without gaps."""
import uuid

from django.db import models


class Paper(models.Model):
    """One letter or roster. data: what stands in it, frozen when it was ordered (masked). check_code: in the QR."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="papers")
    batch = models.ForeignKey("funds.Batch", null=True, on_delete=models.PROTECT, related_name="papers")
    event = models.ForeignKey("audit.Event", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    data = models.JSONField()
    check_code = models.CharField(max_length=24, unique=True)
    ordered_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="due", choices=[("due", "due"), ("made", "made"), ("held", "held")])
    attempts = models.PositiveIntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "kind"], name="one_paper_an_event_and_kind")]
        indexes = [models.Index(fields=["-id"], condition=models.Q(state="held"), name="papers_held")]


class Counter(models.Model):
    """The last number given of a series, e.g. ("受理", organisation 4, 2026). Locked while one is taken."""

    series = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)
