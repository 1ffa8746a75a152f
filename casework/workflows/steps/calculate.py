"""Calculation by the case officer: the amount worked out again, an inquiry that rests the clock, or a denial (§5.8)."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.core import money
from casework.core.problems import Refused
from casework.forms.spec import FormSpec
from casework.workflows import assess, effects, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

PAUSE_WD = 10
# The answer that the office may complete where the applicant could not (domain §4.1).
CODE = "diagnosis_code"
CODE_ITEM: asking.Item = {
    "key": CODE,
    "kind": "icd",
    "title": asking.words("疾病编码（ICD-10）", "Code of the disease (ICD-10)"),
    "help": asking.words("申请人没有填的，可按出院小结补上；留空则不变。",
                         "Complete it from the discharge summary if the applicant did not; empty leaves it as it is."),
}


def calculate_form(turn: Turn) -> FormSpec | None:
    """The amount as it was reckoned at acceptance, and an opinion; every line stands beside it on the page."""
    reckoned = turn.case.facts.get("award_fen") or 0
    words = asking.words(
        f"受理时核算为 {money.show(reckoned)} 元；通过时按已获批的各笔重新核算。",
        f"Reckoned at acceptance: {money.show(reckoned)} yuan. It is worked out again now, with all that was granted.",
    )
    coded = [CODE_ITEM] if turn.programme.form.field(CODE) else []
    return asking.decision_form("pass", *coded, asking.opinion(required=False) | {"help": words})


def _coded(turn: Turn) -> dict[str, Any]:
    """The answers, with the code of the disease that the officer gave: kept sealed as another revision, told by its
    digests only (domain §4.4)."""
    answers = case_answers.full(turn.case)
    if turn.answers.get(CODE):
        answers[CODE] = turn.answers[CODE]
        prepared = case_answers.prepare(turn.case, "application", turn.programme.form, answers)
        turn.facts["answers"] = prepared.digests
        turn.then(effects.keep_answers, prepared=prepared)
    return answers


def calculate(turn: Turn) -> None:
    """Worked out again with what was granted since. Raises Refused (422) when the facts ask for a denial."""
    assess.reckon(turn, _coded(turn), turn.case.parameters)
    problems = assess.standing(turn)
    if problems:
        raise Refused(problems)
    common.note_opinion(turn, "pass")
    turn.facts["award_fen"] = turn.case.facts.get("award_fen") or 0
    flow.pass_step(turn)
    turn.then(effects.issue, kind="calculation_sheet")


def inquiry_form(turn: Turn) -> FormSpec | None:
    """Who is asked what."""
    return asking.decision_form(
        "inquiry",
        asking.short("office", "询问对象（医院、医保等）", "Who is asked (hospital, insurance …)"),
        asking.opinion(required=True, zh="询问事项", en="What is asked"),
    )


def inquiry(turn: Turn) -> None:
    """The question is out; the time of the answer does not count."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "inquiry")
    turn.facts["office"] = turn.answers["office"]
    turn.then(effects.set_phase, phase="asked")
    most = int(step.options.get("pause", PAUSE_WD))
    turn.then(effects.pause, reason="inquiry", max_wd=most, timer=f"{step.key}.late")
    turn.then(effects.tell, template="paused", params={"reason": "inquiry"})


def answer_form(turn: Turn) -> FormSpec | None:
    """What came back."""
    return asking.decision_form("answered", asking.opinion(required=True, zh="回复情况", en="What was answered"))


def answered(turn: Turn) -> None:
    """The answer is here: the clock runs on and the calculation goes on."""
    common.note_opinion(turn, "answered")
    assess.resume(turn, "inquiry")
    turn.then(effects.set_phase, phase="")
    turn.then(effects.tell, template="resumed")


def late(turn: Turn) -> None:
    """The longest pause has passed: the clock runs again and the officer is told."""
    common.pause_over(turn, "inquiry", back=True)


KIND = StepKind(
    "calculate",
    _("Calculation"),
    (
        Choice(
            "pass", _("Confirm the calculation"), calculate, calculate_form, when=phase(""), style="primary", leads="on"
        ),
        Choice("inquiry", _("Inquire"), inquiry, inquiry_form, when=phase("")),
        Choice("answered", _("Enter the answer"), answered, answer_form, when=phase("asked"), style="primary"),
        replace(common.RETURN, when=phase("")),
        replace(common.DENY, when=phase("")),
        Choice("late", _("Longest pause passed"), late, when=phase("asked"), side="system", decides=False),
        common.OVERDUE,
    ),
    {"pause": Option("days")},
)
