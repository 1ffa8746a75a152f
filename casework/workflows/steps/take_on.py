"""The office in charge takes a matter on and says how hard it is; the class sets the limits (domain §5.4)."""
from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import assess, effects, flow
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

# Class → working days from acceptance: (limit, promised) (domain §5.0 hotline_ticket).
CLASSES = {"simple": (5, 3), "hard": (15, 10), "very_complex": (30, 20)}
CLASS_WORDS = {
    "simple": asking.words("简单（5 个工作日）", "Simple (5 working days)"),
    "hard": asking.words("疑难（15 个工作日）", "Hard (15 working days)"),
    "very_complex": asking.words("特别复杂（30 个工作日）", "Very complex (30 working days)"),
}


def take_form(turn: Turn) -> FormSpec | None:
    """The class of the matter."""
    kind = {
        "key": "matter_class", "kind": "enum", "required": True, "choices": CLASS_WORDS,
        "title": asking.words("事项类别", "How hard it is"),
    }
    return asking.decision_form("pass", kind, asking.opinion(required=False))


def take(turn: Turn) -> None:
    """Accepted: the handover counts, the clock of its class starts, the person is told the promised date."""
    common.note_opinion(turn, "pass")
    limit, promise = CLASSES[str(turn.answers["matter_class"])]
    turn.facts["matter_class"] = turn.answers["matter_class"]
    turn.case.facts = {
        **turn.case.facts, "matter_class": turn.answers["matter_class"],
        "total_wd": {"limit": limit, "promise": promise},
    }
    turn.case.accepted_at = turn.now
    assess.freeze(turn)
    flow.pass_step(turn)
    turn.then(effects.tell, template="accepted")


def decline_form(turn: Turn) -> FormSpec | None:
    """Back to the first desk, with the office that is responsible."""
    return asking.decision_form(
        "decline", asking.earlier_step(common.earlier(turn)),
        asking.short("right_body", "应由哪个单位办理", "Which office is responsible"),
        asking.opinion(required=True, zh="不接收的理由", en="Why it is not yours"),
    )


def decline(turn: Turn) -> None:
    """Not ours: the right office is named, and the first desk decides again (domain §2)."""
    common.note_opinion(turn, "decline")
    turn.facts["right_body"] = turn.answers["right_body"]
    flow.back_to(turn, str(turn.answers["to"]))


KIND = StepKind(
    "take_on",
    _("Taking a matter on"),
    (
        Choice("pass", _("Take it on"), take, take_form, style="primary", leads="on"),
        Choice("decline", _("Not for this office"), decline, decline_form, ready=common.undoable, leads="back"),
        common.OVERDUE,
    ),
)
