"""Uploaded files and made papers, stored under their SHA-256 outside the web root."""
import uuid
from typing import Any

from django.db import models

from casework.access.models import OfDuty
from casework.core.imprint import imprint, name_of

# The chain of events that names a file tells whose it is.
HELD_BY = ("case_id",)


class Document(OfDuty):
    """One file of one owner. case is null while it belongs to a draft. kind: key of the paper list, e.g. "id_card".
    made: produced by us (letter, roster), not uploaded. dated: the date on the paper, valid_until: the last day that
    stands on it, as far as anybody knows. came_from: number of the case it was handed in with before.
    Uploaded under a duty it is its owner's only while he holds that."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    owner = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64, db_index=True)
    uploaded_at = models.DateTimeField()
    dated = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    came_from = models.CharField(max_length=40, blank=True, default="")
    made = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def told(self) -> dict[str, Any]:
        """What an event keeps of a file that we made: its name and hash, and the imprint of its row."""
        return {
            "documents": [{"id": str(self.public_id), "sha256": self.sha256}],
            "imprints": {name_of(self): imprint(self, HELD_BY)},
        }
