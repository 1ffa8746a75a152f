"""The one door: every change of a case goes through perform(), in one transaction (design §4)."""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from casework.access.duties import stamp_of
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case, UsedKey
from casework.core.compiled import Compiled
from casework.core.json import canonical
from casework.core.pile import Pile
from casework.core.problems import Problem, Refused
from casework.forms.bind import bind_json, unknown_fields
from casework.organisations import tree
from casework.programmes.loader import programme_of
from casework.workflows import attempts, failing, guards, lifecycles, moves, reading
from casework.workflows.commands import Command
from casework.workflows.turn import APART, Turn, snapshot

TRIES = 3
# What is read with the row of a locked case.
WITH = ("applicant__key", "programme", "filed_by")
LINE = ("organisation", "unit", "town", "county", "city")
# Columns of a case whose values may be changed in place.
IN_PLACE = ("facts", "parameters")
# How either engine names the unique row of a spent key.
KEY_SPENT = ("one_use_a_key", "cases_usedkey.")
BUSY = Problem(
    "BUSY", _("Somebody else is working on this case at this moment."), mend=_("Reload the page and try again.")
)
NOT_FOUND = Problem("NOT_FOUND", _("There is no such case."))
ONE_BY_ONE = Problem(
    "ONE_BY_ONE", _("This decision is made case by case."), mend=_("Open the case and decide it there.")
)
REUSED = Problem("KEY_REUSED", _("This form was already sent with other answers."), mend=_("Reload the page."))


def perform(command: Command, now: datetime, *, of_many: bool = False) -> Event:
    """Carry out one command, all or nothing. of_many: it is one of many that were decided with one click.

    Order: lock, scope, repeat, authority, recusal and same hands, staleness, answers, move, event, effects.
    A repeated key returns its first event. Raises Refused with the HTTP status that fits: 404 outside the scope,
    403 without authority, 409 when the case has moved, 422 for answers.
    """
    nested = connection.in_atomic_block
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _perform_once(command, now, of_many=of_many)
        except Refused as refusal:
            note_refusal(command, refusal, now, nested=nested)
            raise
        except TransitionNotAllowed as error:
            raise Refused([_moved(command.case, command.seen)], 409) from error
        except (ConcurrentTransition, record.Moved, OperationalError, IntegrityError) as error:
            if nested or attempt == TRIES - 1:
                if isinstance(error, IntegrityError):  # no race: a wall of the database stood where a check should
                    raise
                raise Refused([BUSY], 409) from error
    raise Refused([BUSY], 409)


def perform_first(case: Case, command: Command, now: datetime) -> Event:
    """The first command of a case whose row was made in this very transaction, with its offices at hand: nobody else
    can hold it, so it is not locked and not read again. All else as perform(); what is raised must undo the row."""
    try:
        return _carry_out(lifecycles.seen_as(case), command, now)
    except (ConcurrentTransition, record.Moved, OperationalError) as error:
        raise Refused([BUSY], 409) from error


def _perform_once(command: Command, now: datetime, *, of_many: bool) -> Event:
    case = _lock(command.case)
    if case is None or not guards.in_scope(case, command.actor):
        raise Refused([NOT_FOUND], 404)
    return _carry_out(case, command, now, of_many=of_many)


def _carry_out(case: Case, command: Command, now: datetime, *, of_many: bool = False) -> Event:
    known = reading.known(case, command.actor, command.key)
    first = repeated(command, known)
    if first is not None:
        return first
    turn = turn_of(command, case, known, now)
    choice = moves.find(turn)
    check(turn, choice)
    if of_many:
        check_many(turn, choice)
    act(turn, choice)
    _send(turn.pile)
    case.saved()
    return turn.event


def turn_of(command: Command, case: Case, known: reading.Known, now: datetime) -> Turn:
    """The turn of a locked case. Raises record.Moved when its event chain is not where the row says."""
    if known.head[0] != case.event_n:
        raise record.Moved(known.head[0])
    return Turn(command, case, programme_of(case.programme), now, known=known)


def check(turn: Turn, choice: moves.Choice | None) -> None:
    """Everything that may stand against a command; reads only. Raises Refused."""
    command, case = turn.command, turn.case
    if choice is None:
        raise Refused([_moved(case.pk, command.seen)], 409)
    _refuse(moves.authority(turn, choice), 403)
    _refuse(moves.hands(turn, choice), 403)
    if command.seen != case.event_n and not command.actor.system:
        raise Refused([_moved(case.pk, command.seen)], 409)
    _refuse(choice.ready(turn), 422)
    _read_answers(turn, choice)
    _refuse(choice.check(turn), 422)


def check_many(turn: Turn, choice: moves.Choice | None) -> None:
    """What may stand against a command besides, when it is one of many. Raises Refused."""
    if choice is None or not choice.many or not choice.of_many(turn.programme):
        raise Refused([ONE_BY_ONE], 422)
    _refuse(choice.check_many(turn), 422)


def act(turn: Turn, choice: moves.Choice | None) -> None:
    """Make the move and gather its rows on the turn's pile. Raises Refused."""
    assert choice is not None  # check() has refused it
    before = snapshot(turn.case if turn.case.event_n else Case())  # the first event tells the whole row
    row = columns_of(turn.case)
    choice.apply(turn)
    _write(turn, before, row)


def _lock(case_id: int) -> Case | None:
    """The case, locked, seen through its life cycle. On SQLite the IMMEDIATE transaction is the lock."""
    case = _LOCKED.first(case_id)
    if case is None:
        return None
    return lifecycles.seen_as(case)


def with_line(cases: Collection[Case]) -> None:
    """Read the offices of the cases' handling lines in one query, for many cases share them."""
    ids = {number for case in cases for column in LINE if (number := getattr(case, f"{column}_id"))}
    found = {office.pk: office for office in tree.nodes(ids)}
    for case in cases:
        for column in LINE:
            setattr(case, column, found.get(getattr(case, f"{column}_id")))


def _locked(case_id: int) -> "QuerySet[Case]":
    rows = Case.objects.select_for_update(of=("self",)).select_related(*WITH, *LINE)
    if connection.vendor == "postgresql":  # the setting is made, for this transaction, before the row is asked for
        patience = "(SELECT set_config('lock_timeout', %s, true)) IS NOT NULL"
        rows = rows.extra(where=[patience], params=[settings.LOCK_TIMEOUT])  # noqa: S610
    return rows.defer("programme__content").filter(pk=case_id)


_LOCKED = Compiled(_locked, -10_000_000_001)


def _digest(command: Command) -> str:
    content = {"case": command.case, "action": command.action, "answers": dict(command.answers)}
    return hashlib.sha256(canonical(content)).hexdigest()


def repeated(command: Command, known: reading.Known) -> Event | None:
    """The first event of a key that was spent on the same wish. Raises Refused for another wish."""
    if known.used is None:
        return None
    event, used = known.used
    if used != _digest(command):
        raise Refused([REUSED], 422)
    return Event.objects.get(pk=event)


def _read_answers(turn: Turn, choice: moves.Choice) -> None:
    form = choice.form(turn)
    if form is None:
        if not (turn.actor.system or choice.raw):  # these read their answers themselves
            _refuse(unknown_fields(turn.command.answers), 422)
        turn.answers = dict(turn.command.answers)
        return
    bound = bind_json(form, dict(turn.command.answers), turn.today)
    _refuse([problem for problem in bound.problems if not problem.warning], 422)
    turn.answers = bound.answers
    _refuse(moves.private_words({key: turn.answers[key] for key in turn.answers if key not in form.apart}), 422)


def columns_of(case: Case) -> dict[str, Any]:
    """The case row as it stands; what may be changed in place as text."""
    row = {field.attname: getattr(case, field.attname) for field in Case._meta.concrete_fields}
    return row | {name: json.dumps(row[name]) for name in IN_PLACE}


def _write(turn: Turn, before: dict[str, object], row: dict[str, Any]) -> None:
    """The event first, then the case row it accounts for, then the effects in their order."""
    case, command, pile = turn.case, turn.command, turn.pile
    after = snapshot(case)
    changed = {name: value for name, value in after.items() if value != before[name]}
    fresh = columns_of(case)
    if not case.event_n or any(fresh[name] != value for name, value in row.items() if name not in APART):
        turn.tell_row(case, *APART)
    data = {"before": {name: before[name] for name in changed}, "after": changed, "seen": command.seen, **turn.facts}
    stamp = stamp_of(turn.actor, turn.duty, command.via.value, command.address)
    head = turn.known.head if turn.known else (case.event_n, "")
    turn.written = record.append(pile, "case", str(case.public_id), command.action, stamp, data, turn.now, head)
    case.event_n = turn.written.n
    _save_case(turn, row, fresh | {"event_n": case.event_n})
    digest, who = _digest(command), reading.name_of(turn.actor)
    pile.insert(UsedKey(actor=who, key=command.key, digest=digest, event=turn.written))
    for effect, arguments in turn.effects:
        if not getattr(effect, "gathers", False):
            _send(pile)
        effect(turn, **arguments)


def _save_case(turn: Turn, row: dict[str, Any], after: dict[str, Any]) -> None:
    """Only what has changed, and only while the row is the one that was locked."""
    case = turn.case
    changed = {name: getattr(case, name) for name, value in after.items() if value != row[name]}
    seen = {"pk": case.pk, "state": row["state"], "event_n": row["event_n"]}
    turn.pile.change(Case, seen, ConcurrentTransition("the case has moved"), **changed)


def _send(pile: Pile) -> None:
    try:
        pile.flush()
    except IntegrityError as error:
        if any(name in str(error) for name in KEY_SPENT):  # on another case at this very moment
            raise Refused([REUSED], 422) from error
        raise


def _refuse(problems: list[Problem], status: int) -> None:
    if problems:
        raise Refused(problems, status)


def _moved(case_id: int, seen: int) -> Problem:
    """Says what happened since the screen was drawn, so that nobody decides on an old picture."""
    case = Case.objects.filter(pk=case_id).first()
    subject = str(case.public_id) if case else ""
    events = Event.objects.filter(subject_kind="case", subject_id=subject, n__gt=seen).order_by("n")[:5]
    news = [{"n": event.n, "action": event.action, "name": event.actor.get("name", "")} for event in events]
    return Problem(
        "MOVED_ON",
        _("The case has moved on since you opened this page."),
        mend=_("Look at what changed, then decide again."),
        params={"news": news},
    )


def note_refusal(command: Command, refusal: Refused, now: datetime, *, nested: bool) -> None:
    """A rule that failed is put before those who mend it; an attempt to decide one's own or a relative's case is an
    event of its own (promise R5). nested: inside a transaction of the caller, which may undo it."""
    failing.note_refused(command.case, refusal, now)
    if not nested:
        _note_attempt(command, refusal, now)


def _note_attempt(command: Command, refusal: Refused, now: datetime) -> None:
    case = Case.objects.only("public_id").get(pk=command.case)
    attempts.note(
        {str(case.public_id)}, command.action, command.actor, refusal, now, via=command.via.value,
        address=command.address,
    )
