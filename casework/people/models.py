"""People. What identifies a person is encrypted under a key of his own; keyed hashes serve look-up and recusal."""
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    """Relation to the head of the household."""

    SELF = "self", _("Self")
    SPOUSE = "spouse", _("Spouse")
    CHILD = "child", _("Child")
    PARENT = "parent", _("Parent")
    SIBLING = "sibling", _("Brother or sister")
    GRANDPARENT = "grandparent", _("Grandparent")
    GRANDCHILD = "grandchild", _("Grandchild")
    OTHER = "other", _("Other relative")


class Person(models.Model):
    """A natural person. id_hash is the identity: the same ID number is the same person everywhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=50)
    name_pinyin = models.CharField(max_length=200, blank=True, db_index=True)
    id_cipher = models.BinaryField(blank=True, default=b"")
    id_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    phone_cipher = models.BinaryField(blank=True, default=b"")
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class PersonKey(models.Model):
    """The data key of one person, wrapped by the key ring. Erasure destroys it and keeps the row."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="key")
    wrapped = models.BinaryField(blank=True, default=b"")
    ring_key = models.CharField(max_length=20)
    destroyed_at = models.DateTimeField(null=True, blank=True)


class Household(models.Model):
    """People who live together and share income (domain.md §4.1)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    head = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)


class HouseholdMember(models.Model):
    """Membership of a household, dated; valid_to null = still a member."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(valid_to__isnull=True), name="one_household_at_a_time"
            )
        ]


class Kinship(models.Model):
    """A declared relative of a person, for recusal (domain.md §1). Both directions count."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relatives")
    relative_id_hash = models.CharField(max_length=64, db_index=True)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    declared_at = models.DateTimeField(auto_now_add=True)


class BankAccount(models.Model):
    """A payee account. Never edited: a change is a new row. last4 is shown; the number is encrypted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accounts")
    holder = models.CharField(max_length=120)
    card_cipher = models.BinaryField()
    card_hash = models.CharField(max_length=64, db_index=True)
    last4 = models.CharField(max_length=4)
    bank = models.CharField(max_length=60)
    branch = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Consent(models.Model):
    """A consent given by a person for a purpose (PIPL 14, 29); kept with the version of the words shown."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=30)
    notice_version = models.CharField(max_length=30)
    subject = models.CharField(max_length=80, help_text="public id of the case it was given for")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
