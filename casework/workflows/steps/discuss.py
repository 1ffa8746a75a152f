"""Discussion in the unit's union committee (domain §4.7)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import doubts, files, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def minutes_form(turn: Turn) -> FormSpec | None:
    """When, how many, how they voted; the minutes, where they were photographed."""
    return asking.decision_form(
        turn.decision,
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
        asking.files("minutes", "会议纪要（拍照或扫描）", "Minutes (photograph or scan)", least=0),
    )


def _counted(turn: Turn) -> list[Problem]:
    """Nobody votes who was not there; the minutes are a file of one's own."""
    if int(turn.answers["in_favour"]) > int(turn.answers["present"]):
        return [Problem("VOTES", _("More votes than people present."), place="in_favour")]
    return files.check_files(turn, files.as_list(turn.answers.get("minutes")))


def check_minutes(turn: Turn) -> list[Problem]:
    """More than half must agree, or as many as the step asks for."""
    return _counted(turn) or _too_few(turn)


def check_against(turn: Turn) -> list[Problem]:
    """A committee that is in favour supports the application."""
    if problems := _counted(turn):
        return problems
    if _too_few(turn):
        return []
    message = _("The committee is in favour by these votes.")
    return [Problem("IN_FAVOUR", message, place="in_favour", mend=_("Record the discussion, or correct the votes."))]


def _too_few(turn: Turn) -> list[Problem]:
    present, in_favour = int(turn.answers["present"]), int(turn.answers["in_favour"])
    support = int(turn.step.options.get("support", 0)) if turn.step else 0
    if in_favour * 2 <= present:
        return [
            Problem(
                "NO_MAJORITY",
                _("The discussion passes only with more than half in favour."),
                place="in_favour",
                mend=WITHOUT,
            )
        ]
    if in_favour * 100 < support * present:
        words = _("At least %(support)s per cent must be in favour.") % {"support": support}
        return [Problem("SUPPORT", words, place="in_favour", mend=WITHOUT)]
    return []


def apply_minutes(turn: Turn) -> None:
    """The committee supports the application."""
    _keep(turn)
    common.note_opinion(turn, "pass")
    doubts.support(turn, given=True)
    flow.pass_step(turn)


def apply_against(turn: Turn) -> None:
    """The committee does not support it: the case goes on up the route with its opinion."""
    _keep(turn)
    common.apply_not_supported(turn)


def _keep(turn: Turn) -> None:
    turn.facts["minutes"] = {k: turn.answers[k] for k in ("held_on", "present", "in_favour")}
    files.take_files(turn, files.as_list(turn.answers.get("minutes")))


WITHOUT = _("Without that support, pass the case on with the committee's opinion against it, or return it.")
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
        replace(common.NOT_SUPPORTED, apply=apply_against, form=minutes_form, check=check_against),
        common.RETURN,
        common.OVERDUE,
    ),
    {"support": Option("count")},
)
