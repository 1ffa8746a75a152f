"""The applicant rates the service; silence closes the case (domain §4.3)."""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

# The five grades in which offices in China are judged, the best first.
STARS = {
    "5": asking.words("5 分，非常满意", "5 of 5: very satisfied"),
    "4": asking.words("4 分，满意", "4 of 5: satisfied"),
    "3": asking.words("3 分，基本满意", "3 of 5: fairly satisfied"),
    "2": asking.words("2 分，不满意", "2 of 5: not satisfied"),
    "1": asking.words("1 分，非常不满意", "1 of 5: not satisfied at all"),
}


def rate_form(turn: Turn) -> FormSpec | None:
    """One to five, and words if one wishes."""
    return asking.decision_form(
        "give",
        {
            "key": "stars",
            "kind": "enum",
            "required": True,
            "choices": STARS,
            "title": asking.words("满意度", "How satisfied are you?"),
        },
        asking.opinion(required=False, zh="意见建议", en="Anything to add"),
    )


def give(turn: Turn) -> None:
    """Keep the rating and close."""
    common.note_opinion(turn, "pass")
    turn.facts["stars"] = int(turn.answers["stars"])
    flow.pass_step(turn)


def silence(turn: Turn) -> None:
    """No answer within the limit closes the case."""
    common.note_opinion(turn, "silence")
    flow.pass_step(turn, "silence")


KIND = StepKind(
    "rate",
    _("Rating"),
    (
        Choice(
            "give",
            _("Rate the service"),
            give,
            rate_form,
            style="primary",
            side="applicant",
            decides=False,
            leads="on",
        ),
        Choice("silence", _("No rating given"), silence, side="system", decides=False, leads="on"),
    ),
    {"silence": Option("one", ("closed",))},
)
