"""Nominations of a round are taken until the office closes the list (domain §5.6)."""

from django.utils.translation import gettext_lazy as _

from casework.cases.models import ENDED
from casework.core.problems import Problem
from casework.workflows.campaigns import ranking
from casework.workflows.choices import Choice, StepKind
from casework.workflows.models import CampaignLine
from casework.workflows.steps import common
from casework.workflows.turn import Turn


def all_ready(turn: Turn) -> list[Problem]:
    """Every nomination waits for the committee, or has its end: nobody is left behind on the way."""
    running = CampaignLine.objects.filter(campaign=turn.case).exclude(case__state__in=ENDED).count()
    left = running - len(ranking.waiting(turn.case))
    if not left:
        return []
    message = _("%(count)s nominations are still being checked.") % {"count": left}
    return [Problem("NOMINATIONS_RUNNING", message, mend=_("Wait until they have come to the committee or ended."))]


KIND = StepKind(
    "gather",
    _("Nominations"),
    (
        Choice(
            "pass", _("Close the list of nominations"), common.apply_pass, common.pass_form, ready=all_ready,
            style="primary", leads="on",
        ),
        common.OVERDUE,
    ),
)
