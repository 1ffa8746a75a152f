"""The union tree (domain.md §1): each organisation has one parent; a scope is a node and all below it."""
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the tree, lowest first."""

    GRASSROOTS = "grassroots", _("Grassroots union")
    TOWN = "town", _("Town or park union")
    COUNTY = "county", _("County federation")
    CITY = "city", _("City federation")
    PROVINCE = "province", _("Provincial federation")
    NATIONAL = "national", _("National federation")


class Organisation(models.Model):
    """One union organisation. path: "/1/4/9/", ids from the root down to itself, for prefix filters."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    level = models.CharField(max_length=12, choices=Level.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    region = models.CharField(max_length=6, help_text="GB/T 2260 code of the place it serves")
    credit_code = models.CharField(max_length=18, blank=True)
    short_name = models.CharField(max_length=20, blank=True, help_text="机关代字 for paper numbers")
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    closes_on = models.DateField(null=True, blank=True, help_text="the first day on which it is no more")

    def __str__(self) -> str:
        return self.name
