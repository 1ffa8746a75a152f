"""Drafts: what a person has typed and not yet sent."""
import uuid

from django.db import models

from casework.access.models import OfDuty


class Draft(OfDuty):
    """An unfinished form. sealed: encrypted JSON of all raw values; revision rises by one a save and is sent with
    each save, so that two tabs never overwrite each other unseen. Begun under a duty it opens to its owner only while
    he holds that."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="drafts")
    programme = models.ForeignKey("programmes.ProgrammeVersion", on_delete=models.PROTECT, related_name="+")
    for_person = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    came_from = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="the case this one grows out of",
    )
    page = models.CharField(max_length=40, blank=True)
    sealed = models.BinaryField(default=b"")
    revision = models.PositiveIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4, help_text="one-use token: the key of the submission")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
