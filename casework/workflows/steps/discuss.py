"""Discussion in the unit's union committee (domain §4.7)."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def minutes_form(turn: Turn) -> FormSpec | None:
    """When, how many, how they voted."""
    return asking.decision_form(
        "pass",
        asking.date_item("held_on", "会议日期", "Date of the meeting"),
        {
            "key": "present",
            "kind": "int",
            "min": 2,
            "max": 500,
            "required": True,
            "title": asking.words("到会人数", "People present"),
        },
        {
            "key": "in_favour",
            "kind": "int",
            "min": 0,
            "max": 500,
            "required": True,
            "title": asking.words("同意人数", "In favour"),
        },
        asking.opinion(required=True, zh="基层工会意见", en="Opinion of the union"),
    )


def check_minutes(turn: Turn) -> list[Problem]:
    """Nobody votes who was not there; more than half must agree."""
    present, in_favour = int(turn.answers["present"]), int(turn.answers["in_favour"])
    support = int(turn.step.options.get("support", 0)) if turn.step else 0
    if in_favour > present:
        return [Problem("VOTES", _("More votes than people present."), place="in_favour")]
    if in_favour * 2 <= present:
        return [
            Problem(
                "NO_MAJORITY",
                _("The discussion passes only with more than half in favour."),
                place="in_favour",
                mend=_("Without a majority, return the case with the committee's reasons."),
            )
        ]
    if in_favour * 100 < support * present:
        words = _("At least %(support)s per cent must be in favour.") % {"support": support}
        return [Problem("SUPPORT", words, place="in_favour", mend=_("Without that support, return the case."))]
    return []


def apply_minutes(turn: Turn) -> None:
    """The committee supports the application."""
    common.note_opinion(turn, "pass")
    turn.facts["minutes"] = {k: turn.answers[k] for k in ("held_on", "present", "in_favour")}
    flow.pass_step(turn)


KIND = StepKind(
    "discuss",
    _("Discussion in the union"),
    (
        Choice(
            "pass",
            _("Record the discussion"),
            apply_minutes,
            minutes_form,
            check_minutes,
            style="primary",
            leads="on",
        ),
        common.RETURN,
        common.OVERDUE,
    ),
    {"support": Option("count")},
)
