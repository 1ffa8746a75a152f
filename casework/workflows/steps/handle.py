"""Handling of a matter: looked into and answered; a longer limit once, by the approver (domain §4.2, §5.4).

Options: by_class: the class given at acceptance sets the limit; extend: working or calendar days of the one
extension, "" for none; reopens: a case that is opened again starts
here; letter: the paper that holds the answer.
"""
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import clocks, effects, files, flow
from casework.workflows.choices import Choice, Option, StepKind, phase
from casework.workflows.steps import asking, common, extension
from casework.workflows.steps.onward import MERGE, TRANSFER
from casework.workflows.turn import Turn


def reply_form(turn: Turn) -> FormSpec | None:
    """What was found and done, as the person gets it; papers that prove it."""
    return asking.decision_form(
        "pass",
        asking.long("answer", "办理结果与答复", "Result and answer to the person", most=2000),
        asking.files("evidence", "办理材料", "Papers of the handling", least=0),
        asking.opinion(required=False, zh="内部意见", en="Internal note"),
    )


def check_reply(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, files.as_list(turn.answers.get("evidence")))


def reply(turn: Turn) -> None:
    """The matter is answered, and the person is told; in a letter where the service has one."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "pass")
    turn.facts["reply_to_person"] = turn.answers["answer"]
    files.take_files(turn, files.as_list(turn.answers.get("evidence")))
    flow.pass_step(turn)
    letter = step.options.get("letter")
    if letter:
        turn.then(effects.issue, kind=str(letter))
        turn.then(effects.tell, template="opinion_given")
    else:
        turn.then(effects.tell, template="answered")


def ask_form(turn: Turn) -> FormSpec | None:
    """Why the limit is not enough; the person is told."""
    why = asking.opinion(required=True, zh="申请延期的理由", en="Why it takes longer")
    return asking.decision_form("ask_longer", why)


def may_ask(turn: Turn) -> list[Problem]:
    """Once, and only where the service knows it."""
    _task, step = flow.task_and_step(turn)
    if step.options.get("extend") and step.key not in turn.case.facts.get("extended", []):
        return []
    return [Problem("EXTENDED_ONCE", _("The limit can be extended once only, where the service allows it."))]


def ask_longer(turn: Turn) -> None:
    """The approver of the place is asked."""
    common.note_opinion(turn, "ask_longer")
    turn.then(effects.set_phase, phase="asked")
    turn.then(effects.tell_role, role=Role.APPROVER.value, template="extension_asked")


def extend(turn: Turn) -> None:
    """Once, by the approver, and the person is told why (domain §4.2)."""
    task, step = flow.task_and_step(turn)
    turn.then(effects.set_phase, phase="")
    extension.grant(turn, clocks.extension_of(step, task))


def refuse_longer(turn: Turn) -> None:
    """The limit stands."""
    common.note_opinion(turn, "refuse_longer")
    turn.then(effects.set_phase, phase="")


def why_form(turn: Turn) -> FormSpec | None:
    """The reason, which the person reads when the limit is extended."""
    return asking.decision_form("extend", asking.opinion(required=True, zh="理由", en="Reason given to the person"))


KIND = StepKind(
    "handle",
    _("Handling"),
    (
        Choice("pass", _("Answer the person"), reply, reply_form, check_reply, style="primary", leads="on"),
        Choice("ask_longer", _("Ask for a longer limit"), ask_longer, ask_form, ready=may_ask, when=phase("")),
        Choice("extend", _("Extend the limit once"), extend, why_form, when=phase("asked"), role=Role.APPROVER.value),
        Choice("refuse_longer", _("Keep the limit"), refuse_longer, why_form, when=phase("asked"),
               role=Role.APPROVER.value),
        TRANSFER,
        MERGE,
        common.OVERDUE,
    ),
    {
        "by_class": Option("yes"), "extend": Option("limit"), "reopens": Option("yes"),
        "letter": Option("one", ("handling_opinion",)),
    },
)
