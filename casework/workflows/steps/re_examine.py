"""A higher federation looks at an answer again (domain §5.4): it stands, is changed, or the matter is handled anew,
once; by nobody who worked on it before.

Options: above: how many levels above the office that answered; letter: the paper that says what came of it."""
from django.utils.translation import gettext_lazy as _

from casework.cases.models import State
from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import effects, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

LETTERS = ("review_opinion", "recheck_opinion")
FINAL = "recheck_opinion"
# Of the answer that is taken back nothing counts.
FORGOTTEN = ("asked_review", "asked_recheck", "extended", "extended_wd")
RESULTS: dict[str, asking.Item] = {
    "upheld": asking.words("维持原处理意见", "The answer stands"),
    "changed": asking.words("变更原处理意见", "The answer is changed"),
}


def answer_form(turn: Turn) -> FormSpec | None:
    """What came of it, as the person gets it."""
    result = {
        "key": "result", "kind": "enum", "required": True, "choices": RESULTS,
        "title": asking.words("结论", "Result"),
    }
    return asking.decision_form(
        "pass", result, asking.long("answer", "复查（复核）意见", "What the person is told", most=2000),
        asking.opinion(required=False, zh="内部意见", en="Internal note"),
    )


def fresh_eyes(turn: Turn) -> list[Problem]:
    """Nobody looks again at his own work, counted by person."""
    earlier = set(turn.case.decisions.filter(person__isnull=False).values_list("person", flat=True))
    if not turn.actor.persons & earlier:
        return []
    message = _("You worked on this matter before; somebody else looks at it again.")
    return [Problem("SAME_HANDS", message, mend=_("Leave the task to a colleague with the same role."))]


def answer(turn: Turn) -> None:
    """The answer stands or is another one from now on."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "pass")
    turn.facts |= {"review_result": turn.answers["result"], "reply_to_person": turn.answers["answer"]}
    turn.case.facts = {**turn.case.facts, f"{step.key}_result": turn.answers["result"]}
    flow.pass_step(turn)
    letter = str(step.options["letter"])
    turn.then(effects.issue, kind=letter)
    if letter == FINAL:
        turn.then(effects.tell, template="opinion_final")
    else:
        turn.then(effects.tell, template="opinion_given")


def redo_form(turn: Turn) -> FormSpec | None:
    """What was wrong."""
    return asking.decision_form("redo", asking.opinion(required=True, zh="撤销理由与重办要求", en="What was wrong"))


def first_time(turn: Turn) -> list[Problem]:
    """Handled anew once; then whoever looks again says himself what is right."""
    if not turn.case.facts.get("redone"):
        return fresh_eyes(turn)
    message = _("The matter was handled anew once already.")
    return [Problem("REOPENED_ONCE", message, mend=_("Change the answer yourself."))]


def redo(turn: Turn) -> None:
    """The answer is taken back, and the office handles the matter anew with a limit of its own."""
    common.note_opinion(turn, "redo")
    case = turn.case
    flow.fire(turn, "reopen")
    kept = {key: fact for key, fact in case.facts.items() if key not in FORGOTTEN}
    case.facts = {**kept, "redone": True, "counts_from": turn.today.isoformat()}
    turn.facts["reopened"] = True
    flow.set_due(turn)
    turn.then(effects.clear_desks)
    flow.open_stage(turn, flow.next_stage(turn, turn.programme.stages(State.ACCEPTED)))
    turn.then(effects.tell, template="reopened")


KIND = StepKind(
    "re_examine",
    _("Looked at again"),
    (
        Choice("pass", _("Say what came of it"), answer, answer_form, ready=fresh_eyes, style="primary", leads="on"),
        Choice("redo", _("Take the answer back: to be handled anew"), redo, redo_form, ready=first_time,
               leads="reopen"),
        common.OVERDUE,
    ),
    {"above": Option("count", needed=True), "letter": Option("one", LETTERS, needed=True)},
)
