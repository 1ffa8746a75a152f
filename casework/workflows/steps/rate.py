"""The applicant rates the service; silence closes the case (domain §4.3)."""

from django.utils.translation import gettext_lazy as _

from casework.forms.spec import FormSpec
from casework.workflows import flow
from casework.workflows.choices import Choice, Option, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn

STARS = {str(n): asking.words(f"{n} 分", f"{n} of 5") for n in range(5, 0, -1)}


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
