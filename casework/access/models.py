"""Users and what they may do: dated role assignments at nodes of the tree (domain.md §1)."""
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Role keys of domain.md §1 that this release knows."""

    APPLICANT = "applicant", _("Applicant")
    UNIT_HANDLER = "unit_handler", _("Union handler")
    UNIT_CHAIR = "unit_chair", _("Union chair")
    ORGANISER = "organiser", _("Union organiser")
    WINDOW_CLERK = "window_clerk", _("Window clerk")
    CASE_OFFICER = "case_officer", _("Case officer")
    INVESTIGATOR = "investigator", _("Home visit investigator")
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    PROVINCE_APPROVER = "province_approver", _("Provincial approver")
    FINANCE_OFFICER = "finance_officer", _("Finance officer")
    CASHIER = "cashier", _("Cashier")
    AUDITOR = "auditor", _("Auditor")
    SUPERVISOR = "supervisor", _("Supervisor")
    HOTLINE_AGENT = "hotline_agent", _("Hotline agent")
    PETITION_OFFICER = "petition_officer", _("Petition officer")
    LEGAL_OFFICER = "legal_officer", _("Legal officer")
    LAWYER = "lawyer", _("Lawyer")
    ASSESSOR = "assessor", _("Assessor")
    EMPLOYER_REP = "employer_rep", _("Employer's representative")
    TRAINER = "trainer", _("Trainer")
    PUBLICITY_OFFICER = "publicity_officer", _("Publicity officer")
    DATA_PROTECTION_OFFICER = "data_protection_officer", _("Data protection officer")
    POLICY_OFFICER = "policy_officer", _("Policy officer")
    ADMIN = "admin", _("Administrator")


class User(AbstractUser):
    """A login. Two logins of one person share the person: duties are kept apart by person, not by login.

    office: the organisation that keeps a staff login; null for what people made themselves. first_password_until: set
    while the password is one that somebody handed over: it opens one page, on which the person chooses his own."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        "people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="users"
    )
    language = models.CharField(max_length=10, default="zh-hans")
    office = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_password_until = models.DateTimeField(null=True, blank=True)


class RoleAssignment(models.Model):
    """user holds role at organisation (and all below it) from valid_from to valid_to (exclusive; null = open)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=30, choices=Role.choices)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)


class OfDuty(models.Model):
    """What was begun under a duty, and is nobody's any more when he does not hold it (promise R6). duty_role: "" for
    what a person does for himself; duty_place: the organisation at which the duty was held."""

    duty_role = models.CharField(max_length=30, blank=True)
    duty_place = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


class Substitution(models.Model):
    """substitute acts in the role of absent at organisation between the dates; both persons count for separation."""

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutes")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    role = models.CharField(max_length=30, choices=Role.choices)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
