"""The yearly check of a dossier (domain §4.7, §5.9 no. 13): who may make it and when, and what becomes of the entry. It
is renewed as the household was found; a household that does not qualify any more has no dossier from that day on."""
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.access.duties import stamp_of
from casework.audit import record
from casework.cases.models import Case, State
from casework.core.imprint import imprint, name_of
from casework.core.problems import Problem
from casework.organisations import tree
from casework.programmes import versions
from casework.programmes.eligibility import first_denial
from casework.programmes.loader import programme_of
from casework.programmes.spec import Programme
from casework.registers import dossiers
from casework.registers.models import Entry
from casework.workflows.turn import Turn

RUNNING = (State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED)


class Due(NamedTuple):
    """A check that is to be made now. late: aid is blocked already."""

    entry: Entry
    programme: Programme
    late: bool


def problems(turn: Turn, entry: Entry) -> list[Problem]:
    """Why this case cannot renew the dossier of its household."""
    case = turn.case
    return too_early(entry, case.applicant_id, turn.today) or _elsewhere(entry, case) or _begun(turn, entry)


def too_early(entry: Entry, person: int | None, day: date) -> list[Problem]:
    """The dossier is checked once a year, with the person whose name it bears: to him aid is paid."""
    if entry.person_id != person:
        message = _("The dossier of your household bears the name of another member.")
        mend = _("That member applies for the yearly check, or his union does it for him.")
        return [Problem("NOT_THE_HOLDER", message, mend=mend)]
    if entry.verified_until is None or dossiers.is_due(entry, day):
        return []
    message = _("The dossier is checked until %(day)s; the next yearly check is made in that year.")
    return [Problem("CHECKED_ALREADY", message % {"day": date_format(entry.verified_until, "DATE_FORMAT")})]


def _elsewhere(entry: Entry, case: Case) -> list[Problem]:
    """Whoever moved to another county is checked as a new household there."""
    home = tree.line_of(entry.organisation)["county"]
    if home is None or home.pk == case.county_id:
        return []
    message = _("The dossier is kept by another county.")
    mend = _("Have it closed there, and apply for a new dossier where you are now.")
    return [Problem("OTHER_COUNTY", message, place="union", mend=mend)]


def _begun(turn: Turn, entry: Entry) -> list[Problem]:
    """One check at a time: of two that run, the one handed in first goes on."""
    earlier = Q(state__in=RUNNING, pk__lt=turn.case.pk) | Q(state=State.APPROVED)
    other = Case.objects.filter(earlier, key=turn.case.key, entry=entry).exclude(pk=turn.case.pk).first()
    if other is None:
        return []
    message = _("A yearly check of this dossier is being made already: %(number)s.") % {"number": other.number}
    return [Problem("ALREADY_OPEN", message, mend=_("Go on with that case."))]


def unfounded(turn: Turn) -> list[Problem]:
    """A denial that ends the dossier for a reason the figures show is not given where they do not show it."""
    renews, code = turn.programme.renews, str(turn.answers.get("code") or "")
    rows = [row for row in turn.programme.eligibility if row.deny == code]
    if renews is None or code not in renews.ends_on or not rows:
        return []
    if first_denial(rows, turn.case.facts, turn.case.parameters):
        return []
    message = _("What was found does not show this reason, and the denial would end the dossier.")
    mend = _("Give another reason, or have the application put right first.")
    return [Problem("NOT_FOUND_SO", message, place="code", mend=mend)]


def renew(turn: Turn) -> None:
    """The entry goes on as the household was found."""
    if turn.case.entry is None:
        raise RuntimeError("a yearly check is of an entry")
    entry = dossiers.renew(turn.case.entry, turn.case, turn.now)
    turn.case.entry, turn.case.household = entry, entry.household
    until = str(entry.verified_until)
    turn.facts |= {"entry": {"id": str(entry.public_id), "number": entry.number}, "verified_until": until}
    turn.tell_row(entry)
    found = {"number": entry.number, "verified_until": until, "category": turn.case.category}
    turn.then(tell_register, action="renewed", facts=found | {"union": str(entry.organisation.public_id)})


def end(turn: Turn, code: str) -> None:
    """The check was denied: for a reason that the service names, the entry ends with it."""
    renews, entry = turn.programme.renews, turn.case.entry
    if renews is None or entry is None or code not in renews.ends_on:
        return
    ended = dossiers.end(entry, turn.today)
    if ended is not None:
        turn.facts["ended_entry"] = entry.number
        turn.tell_row(ended)
        turn.then(tell_register, action="ended", facts={"number": entry.number, "code": code})


def replaced(turn: Turn) -> list[Problem]:
    """The entry that the denial of this check had ended cannot count again once the household has another dossier."""
    entry = turn.case.entry
    if turn.programme.renews is None or entry is None or entry.valid_to is None or entry.household is None:
        return []
    living = list(entry.household.members.filter(valid_to__isnull=True).values_list("person_id", flat=True))
    other = dossiers.any_in_force(living, entry.pk)
    if other is None:
        return []
    message = _("The household has another dossier by now: %(number)s.") % {"number": other.number}
    return [Problem("DUPLICATE_AID", message, mend=_("Its yearly check is made with that dossier."))]


def restore(turn: Turn, refusal: Mapping[str, Any]) -> None:
    """The denial that ended the entry was found wrong: it counts again. refusal: data of the event of that denial."""
    entry = turn.case.entry
    if entry is None or refusal.get("ended_entry") != entry.number:
        return
    turn.tell_row(dossiers.restore(entry))
    turn.facts["restored_entry"] = entry.number
    turn.then(tell_register, action="restored", facts={"number": entry.number})


def tell_register(turn: Turn, action: str, facts: dict[str, Any]) -> None:
    """The register has an event of its own for what a case did to an entry."""
    entry, command = turn.case.entry, turn.command
    if entry is not None:
        stamp = stamp_of(turn.actor, turn.duty, command.via.value, command.address)
        record.record("register", str(entry.public_id), action, stamp, facts | {"case": turn.case.number}, turn.now)


def tell_ended(turn: Turn, entry: Entry) -> None:
    """An entry that moves to another union ends in the register it stood in; its own chain tells how it was left."""
    stamp = stamp_of(turn.actor, turn.duty, turn.command.via.value, turn.command.address)
    facts = {"number": entry.number, "case": turn.case.number, "imprints": {name_of(entry): imprint(entry)}}
    record.record("register", str(entry.public_id), "ended", stamp, facts, turn.now)


def services(day: date) -> Iterator[Programme]:
    """The services in force that check a register every year."""
    for row in versions.all_current(day):
        programme = programme_of(row)
        if programme.renews is not None:
            yield programme


def running(entry: Entry, programme: Programme) -> bool:
    """Is a check of this entry being made?"""
    return Case.objects.filter(entry=entry, key=programme.key, state__in=(*RUNNING, State.APPROVED)).exists()


def not_yet(programme: Programme, person: int | None, day: date) -> Problem | None:
    """Why a person need not begin with a yearly check now; None for every other service, and for whoever has no
    dossier, which he is told when he hands it in."""
    entry = dossiers.in_force(person, day) if programme.renews is not None and person is not None else None
    return next(iter(too_early(entry, person, day)), None) if entry is not None else None


def due_for(person: int | None, day: date) -> Due | None:
    """The check that a person has to apply for now, None where there is none."""
    entry = dossiers.in_force(person, day) if person is not None else None
    if entry is None or entry.person_id != person or entry.verified_until is None:
        return None
    for programme in services(day):
        if programme.renews and dossiers.is_asked(entry, day, programme.renews.first) and not running(entry, programme):
            return Due(entry, programme, not dossiers.is_verified(entry, day))
    return None
