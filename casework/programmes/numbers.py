"""Regional numbers: one policy officer proposes a value with its source and day, a second person puts it in force.

Rows of Parameter are only added. A running case keeps the numbers of the day it was accepted (domain §5.9 no. 18).
"""
import json
import uuid
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from casework.access.actor import Actor, Duty
from casework.access.duties import stamp_of
from casework.audit import record
from casework.core.calendar import local_date
from casework.core.problems import Problem, Refused
from casework.programmes import officers
from casework.programmes.models import DraftState, NumberDraft, Parameter
from casework.programmes.rules.faults import RuleFault
from casework.programmes.rules.rule import check_number

MOST_BYTES = 20_000
LARGEST = 2**53


def propose(
    key: str, region: str, value: Any, effective_from: date, source: str, actor: Actor, now: datetime
) -> NumberDraft:
    """Write down a number that shall be in force from a day on. value: JSON, money in fen. source: the document it
    stands in. Raises Refused."""
    duty = officers.of_the_region(actor, region)
    problems = _wrong(key, region, value, source) + _too_early(effective_from, now) + _entered(
        key, region, effective_from
    )
    if problems:
        raise Refused(problems)
    try:
        with transaction.atomic():
            row = NumberDraft.objects.create(
                key=key, region=region, effective_from=effective_from, value=value,
                source=officers.plain_note(source, "source")[:200], author_id=officers.login_of(actor),
                persons=sorted(actor.persons), created_at=now,
            )
            _tell(row, "number_propose", actor, duty, now)
    except IntegrityError as error:
        raise Refused([
            Problem("NUMBER_UNDER_WAY", _("This number is already proposed for the same day."),
                    mend=_("Have it approved or dropped first."))
        ], 409) from error
    return row


def approve(draft: NumberDraft, actor: Actor, now: datetime) -> Parameter:
    """A second person puts the number in force. Raises Refused."""
    duty = officers.of_the_region(actor, draft.region)
    with transaction.atomic():
        held = _locked(draft)
        officers.second_person(actor, held.persons)
        problems = _too_early(held.effective_from, now) + _entered(held.key, held.region, held.effective_from)
        if problems:
            raise Refused(problems, 409)
        row = Parameter.objects.create(
            key=held.key, region=held.region, effective_from=held.effective_from, value=held.value, source=held.source
        )
        held.state, held.approved_by_id, held.approved_at, held.parameter = DraftState.PUBLISHED, actor.user, now, row
        held.save()
        _tell(held, "number_approve", actor, duty, now)
    return row


def drop(draft: NumberDraft, actor: Actor, now: datetime, note: str = "") -> NumberDraft:
    """Give a proposal up. Raises Refused."""
    duty = officers.of_the_region(actor, draft.region)
    note = officers.plain_note(note)
    with transaction.atomic():
        held = _locked(draft)
        held.state, held.note = DraftState.DROPPED, note
        held.save()
        _tell(held, "number_drop", actor, duty, now)
    return held


def get(public_id: uuid.UUID | str) -> NumberDraft:
    """A proposal by its public id. Raises Http404."""
    found = NumberDraft.objects.select_related("author").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def of_mine(actor: Actor, public_id: uuid.UUID | str) -> NumberDraft:
    """A proposal for the actor's own region, to decide on. Raises Http404 alike for "absent" and "not yours"."""
    found = get(public_id)
    if officers.covering(actor, found.region) is None:
        raise Http404
    return found


def waiting() -> list[NumberDraft]:
    """The proposals that wait for a second person, oldest first."""
    return list(NumberDraft.objects.select_related("author").filter(state=DraftState.DRAFT).order_by("id")[:200])


def _locked(draft: NumberDraft) -> NumberDraft:
    held = NumberDraft.objects.select_for_update().get(pk=draft.pk)
    if held.state != DraftState.DRAFT:
        raise Refused([
            Problem("DRAFT_ELSEWHERE", _("The draft stands elsewhere now: %(state)s.") % {
                "state": DraftState(held.state).label
            }, mend=_("Reload the page."))
        ], 409)
    return held


def _wrong(key: str, region: str, value: Any, source: str) -> list[Problem]:
    problems = []
    if not key.isidentifier() or len(key) > 50:
        problems.append(Problem("NUMBER_KEY", _("A key is a plain name such as minimum_wage."), place="key"))
    if region and not (len(region) == 6 and region.isascii() and region.isdigit()):
        problems.append(Problem("REGION", _("A region has six digits; nothing stands for everywhere."), place="region"))
    if not source.strip():
        problems.append(Problem("SOURCE_MISSING", _("Name the document the number stands in."), place="source"))
    if not _sound(value) or len(json.dumps(value)) > MOST_BYTES:
        problems.append(
            Problem("NUMBER_VALUE", _("A number is a whole number, or a table of whole numbers and words."),
                    place="value", mend=_("Money is given in fen: 720 yuan are 72000."))
        )
    else:
        problems += _unsound(key, value)
    return problems


def _unsound(key: str, value: Any) -> list[Problem]:
    """A table that no rule could reckon with is refused before it can hold up a case."""
    try:
        check_number(key, value)
    except RuleFault as fault:
        message = _("The table cannot be reckoned with: %(where)s: %(what)s.") % {
            "where": fault.where, "what": fault.what
        }
        return [Problem("NUMBER_TABLE", message, place=f"value{fault.where.removeprefix(key)}")]
    return []


def _sound(value: Any) -> bool:
    """Whole numbers, words, truth values, and tables of them; nothing that a database gives back otherwise."""
    if isinstance(value, dict):
        return bool(value) and all(isinstance(key, str) and _sound(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(_sound(inner) for inner in value)
    if isinstance(value, str):
        return "\x00" not in value
    return value is None or (isinstance(value, int) and abs(value) < LARGEST)


def _too_early(effective_from: date, now: datetime) -> list[Problem]:
    """What was decided on a day that has passed is not decided anew."""
    if effective_from >= local_date(now):
        return []
    return [
        Problem("EFFECTIVE_IN_THE_PAST", _("A number is in force from today at the earliest."), place="effective_from",
                mend=_("Give today or a later day."))
    ]


def _entered(key: str, region: str, effective_from: date) -> list[Problem]:
    if not Parameter.objects.filter(key=key, region=region, effective_from=effective_from).exists():
        return []
    return [
        Problem("NUMBER_ENTERED", _("This number was entered for the same day already and cannot be changed."),
                place="effective_from", mend=_("Give another day."))
    ]


def _tell(row: NumberDraft, action: str, actor: Actor, duty: Duty, now: datetime) -> None:
    facts = {
        "draft": str(row.public_id), "key": row.key, "region": row.region, "effective_from": row.effective_from,
        "value": row.value, "source": row.source,
    }
    record.record("setting", f"number:{row.key}", action, stamp_of(actor, duty, "online"), facts, now)
