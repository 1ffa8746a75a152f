"""The person's word on an answer (domain §5.4): content with it, or he asks the level above to look again, within the
limit; silence is content. A letter that asks for it is entered by the office.

Options: asks: key of the step that looks again; silence: closed."""
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import files, flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.steps.rate import STARS
from casework.workflows.turn import Turn

LOOKS = ("review", "recheck")


def content_form(turn: Turn) -> FormSpec | None:
    """How satisfied one is."""
    stars = {
        "key": "stars", "kind": "enum", "required": True, "choices": STARS,
        "title": asking.words("满意度", "How satisfied are you?"),
    }
    return asking.decision_form("content", stars, asking.opinion(required=False, zh="意见建议", en="Anything to add"))


def content(turn: Turn) -> None:
    """The answer stands."""
    common.note_opinion(turn, "pass")
    turn.facts["stars"] = int(turn.answers["stars"])
    flow.pass_step(turn)


def ask_form(turn: Turn) -> FormSpec | None:
    """What is wrong with the answer."""
    return asking.decision_form("ask", asking.opinion(required=True, zh="请求与理由", en="What you ask for and why"))


def ask(turn: Turn) -> None:
    """The level above looks again."""
    _task, step = flow.task_and_step(turn)
    common.note_opinion(turn, "pass")
    again = str(step.options["asks"])
    turn.facts["asked_for"] = again
    turn.case.facts = {**turn.case.facts, f"asked_{again}": True}
    flow.pass_step(turn)


def letter_form(turn: Turn) -> FormSpec | None:
    """A letter or a visit in which it is asked for."""
    return asking.decision_form(
        "written", asking.files("request", "书面请求", "The written request"),
        asking.opinion(required=True, zh="请求与理由", en="What is asked for and why"),
    )


def check_letter(turn: Turn) -> list[Problem]:
    """Files of one's own."""
    return files.check_files(turn, common.document_facts(turn, "request"))


def written(turn: Turn) -> None:
    """Whoever has no login asks on paper; it counts the same."""
    files.take_files(turn, common.document_facts(turn, "request"))
    ask(turn)


def silence(turn: Turn) -> None:
    """Nothing was said within the limit."""
    common.note_opinion(turn, "silence")
    flow.pass_step(turn, "silence")


KIND = StepKind(
    "respond",
    _("Word of the person"),
    (
        Choice("content", _("I am content with the answer"), content, content_form, style="primary", side="applicant",
               decides=False, leads="on"),
        Choice("ask", _("Ask the level above to look again"), ask, ask_form, side="applicant", decides=False,
               leads="on"),
        Choice("written", _("Enter a written request"), written, letter_form, check_letter, decides=False, leads="on"),
        Choice("silence", _("Limit passed in silence"), silence, side="system", decides=False, leads="on"),
    ),
    {"asks": Option("one", LOOKS, needed=True), "silence": Option("one", ("closed",), needed=True)},
)
