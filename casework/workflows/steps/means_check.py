"""Household means check by the civil affairs office; the clock stands still while it answers (domain §4.7)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import assess, effects, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

RESULTS = {
    "consistent": asking.words("与申报一致", "Agrees with the declaration"),
    "differs": asking.words("与申报不一致", "Differs from the declaration"),
    "refused": asking.words("家庭拒绝核对", "The household refused the check"),
}


def send_form(turn: Turn) -> FormSpec | None:
    """Where the request went."""
    return asking.decision_form(
        "send",
        asking.short("office", "核对机构", "Office asked"),
        asking.short("reference", "函号", "Reference", required=False),
    )


def send(turn: Turn) -> None:
    """The request is out; the time of the answer does not count."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "send")
    turn.facts |= {"office": turn.answers["office"], "reference": turn.answers.get("reference") or ""}
    turn.then(effects.set_phase, phase="sent")
    turn.then(
        effects.pause,
        reason="means_check",
        max_wd=int(step.options.get("pause", 20)),
        timer=f"{step.key}.late",
    )
    turn.then(effects.tell, template="paused", params={"reason": "means_check"})


def result_form(turn: Turn) -> FormSpec | None:
    """What the office answered."""
    return asking.decision_form(
        "result",
        {
            "key": "result",
            "kind": "enum",
            "required": True,
            "choices": RESULTS,
            "title": asking.words("核对结果", "Result"),
        },
        {
            "key": "income",
            "kind": "money",
            "required": False,
            "title": asking.words("核对的家庭年收入", "Yearly household income found"),
            "help": asking.words("与申报不一致时填写。", "When it differs from the declaration."),
        },
        asking.opinion(required=True, zh="核对说明", en="Note on the check"),
    )


def check_result(turn: Turn) -> list[Problem]:
    """A difference is a figure: without it nothing could be worked out again."""
    if turn.answers["result"] == "differs" and turn.answers.get("income") is None:
        return [Problem("INCOME_NEEDED", _("Enter the yearly income that the check found."), place="income")]
    return []


def result(turn: Turn) -> None:
    """The clock runs on; what the check found is worked into the facts of the case."""
    common.note_opinion(turn, "pass")
    turn.facts |= {"result": turn.answers["result"], "income": turn.answers.get("income")}
    assess.after_means_check(turn, str(turn.answers["result"]), turn.answers.get("income"))
    assess.resume(turn, "means_check")
    flow.pass_step(turn)
    turn.then(effects.tell, template="resumed")


def late(turn: Turn) -> None:
    """The longest pause has passed: the clock runs again and the officer is told."""
    common.pause_over(turn, "means_check")


KIND = StepKind(
    "means_check",
    _("Household means check"),
    (
        Choice("send", _("Send the request"), send, send_form, when=phase(""), style="primary"),
        Choice(
            "result", _("Enter the result"), result, result_form, check_result, when=phase("sent"), style="primary",
            leads="on",
        ),
        replace(common.RETURN, when=phase("")),
        Choice("late", _("Longest pause passed"), late, when=phase("sent"), side="system", decides=False),
        common.OVERDUE,
    ),
    {"pause": Option("days")},
)
