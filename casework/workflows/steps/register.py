"""Entry into a register: a dossier (domain §4.7), or what the programme gives: a membership, a certificate …; a yearly
check enters what it found."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms.spec import FormSpec
from casework.programmes.spec import Gives
from casework.registers import dossiers, entries
from casework.workflows import assess, effects, flow, renewals
from casework.workflows.choices import Choice, StepKind
from casework.workflows.steps import asking, common
from casework.workflows.turn import Turn


def register_form(turn: Turn) -> FormSpec | None:
    """The number in the national help system, if it is known already."""
    if turn.programme.gives is not None or turn.programme.renews is not None:
        return asking.decision_form("pass", asking.opinion(required=False))
    return asking.decision_form(
        "pass",
        asking.short("national_no", "全国帮扶系统编号", "Number in the national help system", required=False),
        asking.opinion(required=False),
    )


def not_entered(turn: Turn) -> list[Problem]:
    """One household, one dossier: the applicant may have moved into one since the approval."""
    if turn.programme.gives is not None:
        return _held_already(turn, turn.programme.gives)
    if turn.programme.renews is not None:
        return assess.needs_problems(turn)
    if dossiers.in_force(turn.case.applicant_id, turn.today) is None:
        return []
    message = _("The household the applicant lives in has a dossier already.")
    return [Problem("DUPLICATE_AID", message, mend=_("Close that dossier first, or leave this case as it is."))]


def register(turn: Turn) -> None:
    """One household, one dossier: the entry outlasts the case."""
    common.note_opinion(turn, "pass")
    if turn.programme.gives is not None:
        _enter(turn, turn.programme.gives)
        return
    if turn.programme.renews is not None:
        renewals.renew(turn)
    else:
        _enter_dossier(turn)
    flow.pass_step(turn)
    turn.then(effects.issue, kind="approval_notice")
    turn.then(effects.issue, kind="approval_form")
    turn.then(effects.tell, template="approved")


def _enter_dossier(turn: Turn) -> None:
    entry = dossiers.enter(turn.case, turn.now, str(turn.answers.get("national_no") or ""))
    turn.case.entry, turn.case.household = entry, entry.household
    turn.facts["entry"] = {"id": str(entry.public_id), "number": entry.number}
    turn.tell_row(entry)


def _held_already(turn: Turn, gives: Gives) -> list[Problem]:
    """One person, or one union, stands in a register once; an entry that ends soon may be renewed."""
    if gives.many:
        return []
    holder = entries.of_organisation if turn.programme.for_unit else entries.of_person
    subject = turn.case.organisation_id if turn.programme.for_unit else turn.case.applicant_id
    entry = holder(gives.register, subject, turn.today + timedelta(days=gives.renew_days))
    if entry is None or turn.case.facts.get("transfer"):
        return []
    message = _("An entry is in force already: %(number)s.") % {"number": entry.number}
    return [Problem("ALREADY_ENTERED", message, mend=_("Return the case; the earlier entry counts."))]


def _enter(turn: Turn, gives: Gives) -> None:
    """The entry outlasts the case; one that is renewed begins the day after the old one ends, and one that moves here
    from another union ends there."""
    holder = entries.of_organisation if turn.programme.for_unit else entries.of_person
    subject = turn.case.organisation_id if turn.programme.for_unit else turn.case.applicant_id
    old = None if gives.many else holder(gives.register, subject, turn.today)
    first = old.valid_to + timedelta(days=1) if old is not None and old.valid_to is not None else None
    if old is not None and turn.case.facts.get("transfer"):
        entries.end(old, turn.today)
        first, turn.facts["ended_entry"] = None, old.number
        turn.then(renewals.tell_ended, entry=old)
    data = {key: turn.case.facts[key] for key in turn.programme.facts if key in turn.case.facts}
    data |= turn.case.facts.get("entry_data") or {}  # what a step found out for the register
    last = date.fromisoformat(str(turn.case.facts[gives.until])) if gives.until else None
    entry = entries.enter(
        turn.case, gives.register, turn.now, years=gives.years, data=data, valid_from=first, valid_to=last
    )
    turn.case.entry = entry
    turn.facts["entry"] = {"id": str(entry.public_id), "number": entry.number}
    turn.tell_row(entry)
    flow.pass_step(turn)
    turn.then(effects.issue, kind="approval_notice")
    turn.then(effects.tell, template="approved")


KIND = StepKind(
    "register",
    _("Entry into the register"),
    (
        Choice("pass", _("Enter"), register, register_form, ready=not_entered, style="primary", leads="on"),
        common.OVERDUE,
    ),
)
