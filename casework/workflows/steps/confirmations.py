"""Outside bodies are asked for their opinion: each agrees, vetoes, or has nothing to say (domain §5.6)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, files, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

BODIES = {
    "police": asking.words("公安", "Police"),
    "discipline": asking.words("纪检监察", "Discipline inspection"),
    "tax": asking.words("税务", "Tax office"),
    "labour": asking.words("人社", "Human resources"),
    "emergency": asking.words("应急管理", "Work safety"),
    "environment": asking.words("生态环境", "Environment"),
    "market": asking.words("市场监管", "Market supervision"),
    "audit": asking.words("审计", "Audit office"),
}
ANSWERS = {
    "agree": asking.words("同意", "Agrees"),
    "veto": asking.words("否决", "Vetoes"),
    "not_concerned": asking.words("不涉及", "Not concerned"),
}


def always(turn: Turn) -> list[str]:
    """Bodies that must be asked; more may be."""
    _task, step = flow.task_and_step(turn)
    return [str(body) for body in step.options.get("bodies", [])]


def send_form(turn: Turn) -> FormSpec | None:
    """Who is asked."""
    names = "、".join(BODIES[body]["zh"] for body in always(turn))
    english = ", ".join(BODIES[body]["en"] for body in always(turn))
    return asking.decision_form(
        "send",
        {
            "key": "bodies", "kind": "multi", "required": True, "choices": BODIES,
            "title": asking.words("征求意见的部门", "Bodies asked"),
            "help": asking.words(f"必须征求：{names}", f"Must be asked: {english}"),
        },
    )


def check_send(turn: Turn) -> list[Problem]:
    """Nobody who must be asked is left out."""
    if set(always(turn)) <= set(turn.answers["bodies"]):
        return []
    return [Problem("BODY_MISSING", _("A body that must be asked is missing."), place="bodies")]


def send(turn: Turn) -> None:
    """The letters go out; the limit of the step is that of the answers, and a missing one is reminded of."""
    common.note_opinion(turn, "send")
    asked = [body for body in BODIES if body in turn.answers["bodies"]]
    turn.facts["bodies_asked"] = asked
    turn.case.facts = {**turn.case.facts, "opinions": dict.fromkeys(asked, ""), "vetoed": False}
    turn.then(effects.set_phase, phase=f"left_{len(asked)}")


def missing(turn: Turn) -> list[str]:
    """Bodies that have not answered."""
    return [body for body, answer in turn.case.facts.get("opinions", {}).items() if not answer]


def answer_form(turn: Turn) -> FormSpec | None:
    """One answer: whose, what, and its letter."""
    return asking.decision_form(
        "record",
        {
            "key": "body", "kind": "enum", "required": True, "title": asking.words("答复部门", "Who answered"),
            "choices": {body: BODIES[body] for body in missing(turn)},
        },
        {
            "key": "answer", "kind": "enum", "required": True, "choices": ANSWERS,
            "title": asking.words("意见", "Answer"),
        },
        asking.date_item("replied_on", "答复日期", "Date of the answer"),
        asking.files("reply", "书面意见", "Letter", least=0),
        asking.opinion(required=False),
    )


def _letters(turn: Turn) -> list[str]:
    return common.document_facts(turn, "reply")


def record(turn: Turn) -> None:
    """Keep the answer; the last one passes the step. A veto is decided on by the office, not by the machine."""
    body, answer = str(turn.answers["body"]), str(turn.answers["answer"])
    opinions: dict[str, Any] = {**turn.case.facts["opinions"], body: answer}
    turn.facts |= {"body": body, "answer": answer, "replied_on": turn.answers["replied_on"]}
    files.take_files(turn, _letters(turn))
    vetoed = "veto" in opinions.values()
    turn.case.facts = {**turn.case.facts, "opinions": opinions, "vetoed": vetoed}
    left = len(missing(turn))
    if left:
        common.note_opinion(turn, "record")
        turn.then(effects.set_phase, phase=f"left_{left}")
        return
    common.note_opinion(turn, "pass")
    flow.pass_step(turn)


def sent(task: Task) -> bool:
    """Answers are awaited."""
    return task.phase != ""


KIND = StepKind(
    "confirmations",
    _("Opinions of other bodies"),
    (
        Choice("send", _("Ask the bodies"), send, send_form, check_send, when=phase(""), style="primary"),
        Choice(
            "record", _("Record an answer"), record, answer_form, lambda turn: files.check_files(turn, _letters(turn)),
            when=sent, style="primary", leads="on",
        ),
        common.OVERDUE,
    ),
    {"bodies": Option("names", tuple(BODIES), needed=True)},
)
