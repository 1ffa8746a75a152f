"""Is the seeker hard to employ? Recognised by his group, or helped as any other (domain §5.3)."""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def recognise(turn: Turn) -> None:
    """He is helped first, and his name is posted."""
    _decide(turn, recognised=True)


def why_form(turn: Turn) -> FormSpec | None:
    """What does not prove it; the seeker reads it."""
    return asking.decision_form("ordinary", asking.opinion(required=True, zh="不予认定的理由", en="Why not"))


def ordinary(turn: Turn) -> None:
    """The papers do not prove it: he is helped to find work all the same."""
    turn.facts["reply_to_person"] = turn.answers["opinion"]
    _decide(turn, recognised=False)


def _decide(turn: Turn, *, recognised: bool) -> None:
    common.note_opinion(turn, "pass")
    turn.facts["recognised"] = recognised
    turn.case.facts = {**turn.case.facts, "recognised": recognised}
    flow.pass_step(turn)


KIND = StepKind(
    "recognise",
    _("Recognition as hard to employ"),
    (
        Choice("pass", _("Recognise"), recognise, common.pass_form, style="primary", leads="on"),
        Choice("ordinary", _("Help as any other"), ordinary, why_form, leads="on"),
        common.OVERDUE,
    ),
)
