"""The lines of a campaign run: each is opened as a case of its own, and the step passes when all have their end."""

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.campaigns import figures, ranking
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common, roster
from casework.workflows.turn import Turn


def all_ended(turn: Turn) -> list[Problem]:
    """No line is still to be opened or on its way."""
    told = figures.figures(turn.case)
    left = told["due"] + told["running"] - ranking.standing_by(turn.case)
    if not left:
        return []
    message = _("%(count)s lines are still on their way.") % {"count": left}
    return [Problem("LINES_RUNNING", message, mend=_("Wait until each line has its end."))]


def summary_form(turn: Turn) -> FormSpec | None:
    """The summary that is filed."""
    return asking.decision_form("pass", asking.opinion(required=True, zh="工作总结", en="Summary"))


def finish(turn: Turn) -> None:
    """The figures are frozen. Money that no line used was never set aside, so it lies in the fund."""
    common.note_opinion(turn, "pass")
    told = figures.figures(turn.case)
    unused = max(0, (turn.case.requested_fen or 0) - told["fen"])
    turn.case.facts = {**turn.case.facts, "figures": dict(told)}
    turn.then(ranking.drop_rest)
    turn.facts |= {
        "lines_done": told["done"], "lines_refused": told["refused"], "used_fen": told["fen"], "unused_fen": unused,
    }
    if told["active"]:
        turn.facts["coverage_percent"] = figures.coverage_percent(told)
    flow.pass_step(turn)


def refuse_line(turn: Turn) -> None:
    """The case of a line could not be opened: the line is struck with the reason."""
    _task, step = flow.task_and_step(turn)
    turn.facts["step"] = step.key
    roster.take_off(turn)


KIND = StepKind(
    "lines",
    _("Lines of the campaign"),
    (
        Choice("pass", _("File the summary"), finish, summary_form, ready=all_ended, style="primary", leads="on"),
        Choice(
            "refused", _("A line could not be opened"), refuse_line, check=roster.check_line, side="system",
            decides=False,
        ),
        common.OVERDUE,
    ),
    {"opens": Option("key")},
)
