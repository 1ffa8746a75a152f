"""The event log. Append-only by triggers on both engines; each subject has its own hash chain (design §6)."""
from django.db import models


class ChainHead(models.Model):
    """The last event of a chain; the row that is locked while one is appended."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    sealed_n = models.PositiveIntegerField(default=0, help_text="last event covered by a checkpoint")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_head_a_chain")]
        indexes = [models.Index(fields=["id"], condition=models.Q(sealed_n__lt=models.F("n")), name="heads_unsealed")]


class Event(models.Model):
    """One thing that happened. hash = SHA-256 of the RFC 8785 JSON of all fields and the previous hash.

    subject_kind: case, access (looks at full values, exports), fund, batch, person, user, programme, register, file,
    setting.
    subject_id: public id.
    data: JSON facts without personal data (fen as int, times as UTC text). sealed_digest: SHA-256 of the
    ciphertext in Sealed, or "".
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    action = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.JSONField()
    data = models.JSONField()
    sealed_digest = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id", "n"], name="one_event_a_number")]
        indexes = [
            models.Index(fields=["action", "at"]),
            models.Index(fields=["at"]),
            # The access log reads this kind, newest first.
            models.Index(
                fields=["-id"], condition=models.Q(subject_kind="access"), name="events_of_reading"
            ),
        ]


class Sealed(models.Model):
    """The personal part of an event, encrypted with the person's key. Destroying the key erases it; the proof stays."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="sealed")
    person = models.BigIntegerField(help_text="id of people.Person; no foreign key, so that the log stands alone")
    cipher = models.BinaryField()


class Checkpoint(models.Model):
    """A signed statement of what the log held: hash of the previous one + Merkle root over the heads that moved."""

    n = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)
    hash = models.CharField(max_length=64)


class CheckpointLeaf(models.Model):
    """One chain head under a checkpoint, in the order the sealer gave."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="leaves")
    index = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    head_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "index"], name="one_leaf_an_index")]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "n"], name="leaves_of_a_chain")]
