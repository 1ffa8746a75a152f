"""A vacancy stands in the public list to its last day, or until it is taken off earlier (domain §5.3)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from casework.core.calendar import start_of
from casework.forms.spec import FormSpec
from casework.programmes.spec import Step
from casework.registers import entries
from casework.workflows import flow, worklist
from casework.workflows.choices import Choice, StepKind
from casework.workflows.models import Task
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def own_clock(task: Task, step: Step) -> None:
    """The task ends with the last day of the entry, whatever day of the week that is."""
    entry = task.case.entry
    if entry is None or entry.valid_to is None:
        return
    task.due_at = task.amber_at = start_of(entry.valid_to + timedelta(days=1))
    task.save(update_fields=["due_at", "amber_at"])
    worklist.set_timer(task, f"{step.key}.expired", task.due_at)


worklist.OWN_CLOCKS["listing"] = own_clock


def reason_form(turn: Turn) -> FormSpec | None:
    """Why it is taken off; the employer reads it."""
    return asking.decision_form("remove", asking.opinion(required=True, zh="下架理由", en="Why it is taken off"))


def why_form(turn: Turn) -> FormSpec | None:
    """Why, if the employer wants to say."""
    return asking.decision_form("take_off", asking.opinion(required=False, zh="下架原因", en="Why you take it off"))


def _off(turn: Turn, how: str, *, early: bool) -> None:
    """The entry ends, the case closes."""
    common.note_opinion(turn, "silence" if turn.actor.system else "pass")
    turn.facts["taken_off"] = how
    turn.case.facts = {**turn.case.facts, "taken_off": how}
    if early and turn.case.entry is not None:
        entries.end(turn.case.entry, turn.today)
        turn.tell_row(turn.case.entry)
    flow.pass_step(turn, how)


def take_off(turn: Turn) -> None:
    """The employer needs nobody any more."""
    _off(turn, "by_employer", early=True)


def remove(turn: Turn) -> None:
    """The office takes it off and says why."""
    turn.facts["reply_to_person"] = turn.answers["opinion"]
    _off(turn, "by_office", early=True)


def filled(turn: Turn) -> None:
    """Every post was filled through referrals."""
    _off(turn, "filled", early=True)


def expired(turn: Turn) -> None:
    """The last day is over; the entry ended by itself."""
    _off(turn, "expired", early=False)


KIND = StepKind(
    "listing",
    _("Published in the list"),
    (
        Choice("take_off", _("Take the vacancy off"), take_off, why_form, side="applicant", decides=False, leads="on"),
        Choice("remove", _("Take it off for a reason"), remove, reason_form, leads="on"),
        Choice("filled", _("All posts filled"), filled, side="system", decides=False, leads="on"),
        Choice("expired", _("Last day passed"), expired, side="system", decides=False, leads="on"),
    ),
)
