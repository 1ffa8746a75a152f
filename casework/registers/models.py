"""What outlasts a case: dossiers, later memberships, certificates, cover."""
import uuid

from django.db import models


class Entry(models.Model):
    """One dated entry of a register. kind: "hardship_dossier" … subject: household (dossier) or person."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="entries")
    household = models.ForeignKey("people.Household", null=True, on_delete=models.PROTECT, related_name="entries")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    verified_until = models.DateField(null=True, blank=True)
    source_case = models.ForeignKey(
        "cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="entries",
        help_text="none for an entry taken over from a roster or from paper; an event tells where it came from",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "household"],
                condition=models.Q(valid_to__isnull=True) & models.Q(household__isnull=False),
                name="one_entry_in_force_a_household",
            )
        ]
