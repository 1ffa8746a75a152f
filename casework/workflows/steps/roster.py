"""The roster of a campaign: drawn by the system from the dossiers in force on the day of the plan, looked through by
an officer, who strikes whoever died, moved or is served already (domain §5.2, §5.9 no. 17)."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import campaigns, effects, flow
from casework.workflows.campaigns import figures
from casework.workflows.choices import Choice, StepKind, phase
from casework.workflows.models import CampaignLine
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

STRUCK = {
    "DECEASED": asking.words("已去世", "Deceased"),
    "MOVED_AWAY": asking.words("已迁出", "Moved away"),
    "DUPLICATE_AID": asking.words("重复慰问", "Served already"),
    "NOT_ELIGIBLE": asking.words("不符合条件", "Not eligible"),
}


def draw(turn: Turn) -> None:
    """The dossiers in force on the day of the plan are counted once and for all; the lines follow chunk by chunk."""
    common.note_opinion(turn, "draw")
    day = date.fromisoformat(str(turn.case.facts["plan_on"]))
    active = figures.active_on(turn.case.organisation.path, day).count()
    turn.case.facts = {**turn.case.facts, "coverage": {"on": day.isoformat(), "active": active}}
    turn.facts["active_dossiers"] = active
    turn.then(effects.set_phase, phase="drawing")
    turn.then(wake)


def wake(turn: Turn) -> None:
    """A worker goes on with the roster at once; without one the beat does."""
    campaigns.wake_after_commit()


def drawn(turn: Turn) -> None:
    """The last line was drawn."""
    told = figures.figures(turn.case)
    _task, step = flow.task_and_step(turn)
    turn.facts |= {"step": step.key, "lines_drawn": told["all"], "lines_struck": told["refused"]}
    turn.then(effects.set_phase, phase="drawn")


def strike_form(turn: Turn) -> FormSpec | None:
    """Which line and why."""
    return asking.decision_form(
        "strike",
        {"key": "line", "kind": "int", "min": 1, "required": True, "title": asking.words("名单编号", "Line number")},
        asking.reason_code(STRUCK),
        asking.opinion(required=False, zh="说明", en="Explanation"),
    )


def find_line(turn: Turn) -> CampaignLine | None:
    """The line an answer names, if it is of this campaign and still on the list."""
    number = int(turn.answers.get("line") or 0)
    return CampaignLine.objects.filter(campaign=turn.case, pk=number, state="due").first()


def check_line(turn: Turn) -> list[Problem]:
    """Only a line of this list can be struck."""
    if find_line(turn) is not None:
        return []
    return [Problem("NO_SUCH_LINE", _("There is no such line on the list."), place="line")]


def strike(turn: Turn) -> None:
    """The line is taken off the list; its reason stays."""
    common.note_opinion(turn, "strike")
    take_off(turn)


def take_off(turn: Turn) -> None:
    """The line of the answers is struck for their reason."""
    turn.facts |= {"line": turn.answers["line"], "code": turn.answers["code"]}
    turn.then(strike_line, line=int(turn.answers["line"]), code=str(turn.answers["code"]))


def strike_line(turn: Turn, line: int, code: str) -> None:
    """Write the reason into the row."""
    CampaignLine.objects.filter(campaign=turn.case, pk=line, state="due").update(state="refused", trouble=code)


def some_lines(turn: Turn) -> list[Problem]:
    """An empty list cannot be confirmed."""
    if CampaignLine.objects.filter(campaign=turn.case, state="due").exists():
        return []
    mend = _("Look at the day and the quotas of the plan.")
    return [Problem("NO_LINES", _("No household is on the list."), mend=mend)]


KIND = StepKind(
    "roster",
    _("Roster of the campaign"),
    (
        Choice("draw", _("Draw the roster from the dossiers"), draw, common.pass_form, when=phase(""), style="primary"),
        Choice("drawn", _("Roster is drawn"), drawn, when=phase("drawing"), side="system", decides=False),
        Choice(
            "pass", _("Confirm the roster"), common.apply_pass, common.pass_form, ready=some_lines, when=phase("drawn"),
            style="primary", leads="on",
        ),
        Choice("strike", _("Strike a line"), strike, strike_form, check_line, when=phase("drawn")),
        common.OVERDUE,
    ),
)
