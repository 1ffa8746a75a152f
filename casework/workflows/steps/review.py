"""Review by the department: the numbers, the category, duplicates (domain §4.6, §4.7)."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.workflows import assess, awards, doubts, flow, likeness, payees
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common, missing
from casework.workflows.steps.more_time import MORE_TIME
from casework.workflows.turn import Turn

OVERRIDE_LEAST = 20
CATEGORIES = {
    "deep": asking.words("深度困难", "Deep hardship"),
    "relative": asking.words("相对困难", "Relative hardship"),
    "accidental": asking.words("意外致困", "Accidental hardship"),
}


def review_form(turn: Turn) -> FormSpec | None:
    """An opinion; another category with its reason; and, when there is a hit, why it is no duplicate."""
    items = [asking.opinion(required=False)]
    if turn.programme.classify:
        items += [
            {
                "key": "category",
                "kind": "enum",
                "required": False,
                "choices": CATEGORIES,
                "title": asking.words("调整困难类别", "Other category"),
            },
            asking.long(
                "category_reason",
                "调整理由（不少于 20 字）",
                "Reason (at least 20 characters)",
                required=False,
                most=300,
            ),
        ]
    if likeness.hits(turn):
        items.append(
            asking.long("not_duplicate", "不属重复帮扶的理由", "Why it is no duplicate", required=False, most=300)
        )
    return asking.decision_form("pass", *items)


def check_review(turn: Turn) -> list[Problem]:
    """A pass needs a category that stands, no exclusion, and every hit explained."""
    problems: list[Problem] = []
    override = turn.answers.get("category")
    if override and len(str(turn.answers.get("category_reason") or "").strip()) < OVERRIDE_LEAST:
        problems.append(
            Problem(
                "OVERRIDE_REASON",
                _("Give the reason for another category in at least 20 characters."),
                place="category_reason",
            )
        )
    problems += assess.standing(turn, str(override or "")) + doubts.unanswered(turn)
    if assess.moved_house(turn):
        problems += payees.moved(turn)
    if likeness.hits(turn) and not str(turn.answers.get("not_duplicate") or "").strip():
        problems.append(
            Problem(
                "DUPLICATE_AID",
                _("There is a hit for the same aid."),
                place="not_duplicate",
                mend=_("Record why it is not a duplicate, or do not approve."),
            )
        )
    return problems


def apply_review(turn: Turn) -> None:
    """The review passes, with a category changed if the reviewer gave his reason."""
    common.note_opinion(turn, "pass")
    assess.follow_household(turn)
    if turn.answers.get("category"):
        turn.facts["override"] = {
            "from": turn.case.category,
            "to": turn.answers["category"],
            "reason": turn.answers["category_reason"],
        }
        turn.case.category = str(turn.answers["category"])
        turn.case.facts = {**turn.case.facts, "category": turn.case.category, "overridden": True}
        awards.work_out_again(turn)
    else:
        awards.refresh(turn)
    if turn.answers.get("not_duplicate"):
        turn.facts["not_duplicate"] = turn.answers["not_duplicate"]
        turn.case.facts = {**turn.case.facts, "not_duplicate": sorted(likeness.hits(turn))}
    flow.pass_step(turn)


KIND = StepKind(
    "review",
    _("Review"),
    (
        Choice(
            "pass",
            _("Pass"),
            apply_review,
            review_form,
            check_review,
            when=missing.here,
            style="primary",
            leads="on",
            many="each",
            check_many=doubts.one_by_one,
        ),
        missing.ASK,
        replace(common.RETURN, when=missing.here),
        replace(common.DENY, when=missing.here),
        MORE_TIME,
        missing.UNANSWERED,
        common.OVERDUE,
    ),
)
