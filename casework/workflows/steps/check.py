"""A check by an upper union before the review."""
from django.utils.translation import gettext_lazy as _

from casework.workflows.choices import StepKind
from casework.workflows.steps import common

KIND = StepKind("check", _("Check"), (common.PASS, common.NOT_SUPPORTED, common.RETURN, common.OVERDUE))
