"""The one door: every change of a case goes through perform(), in one transaction (design §4)."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from django_fsm import ConcurrentTransition, TransitionNotAllowed

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.audit import record
from casework.audit.models import Event
from casework.cases.models import Case, UsedKey
from casework.core.json import canonical
from casework.core.problems import Problem, Refused
from casework.forms.bind import bind_json, unknown_fields
from casework.programmes.loader import programme_of
from casework.workflows import attempts, failing, guards, lifecycles, moves
from casework.workflows.commands import Command
from casework.workflows.turn import Turn, snapshot

TRIES = 3
BUSY = Problem(
    "BUSY", _("Somebody else is working on this case at this moment."), mend=_("Reload the page and try again.")
)
REUSED = Problem("KEY_REUSED", _("This form was already sent with other answers."), mend=_("Reload the page."))


def perform(command: Command, now: datetime) -> Event:
    """Carry out one command, all or nothing.

    Order: lock, scope, repeat, authority, recusal and same hands, staleness, answers, move, event, effects.
    A repeated key returns its first event. Raises Refused with the HTTP status that fits: 404 outside the scope,
    403 without authority, 409 when the case has moved, 422 for answers.
    """
    nested = connection.in_atomic_block
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _perform_once(command, now)
        except Refused as refusal:
            failing.note_refused(command.case, refusal, now)
            if not nested:
                _note_attempt(command, refusal, now)
            raise
        except TransitionNotAllowed as error:
            raise Refused([_moved(command.case, command.seen)], 409) from error
        except (ConcurrentTransition, record.Moved, OperationalError, IntegrityError) as error:
            if nested or attempt == TRIES - 1:
                if isinstance(error, IntegrityError):  # no race: a wall of the database stood where a check should
                    raise
                raise Refused([BUSY], 409) from error
    raise Refused([BUSY], 409)


def _perform_once(command: Command, now: datetime) -> Event:
    case = _lock(command.case)
    if case is None or not guards.in_scope(case, command.actor):
        raise Refused([Problem("NOT_FOUND", _("There is no such case."))], 404)
    digest = _digest(command)
    first = _repeat(command, digest)
    if first is not None:
        return first
    turn = Turn(command, case, programme_of(case.programme), now)
    choice = moves.find(turn)
    if choice is None:
        raise Refused([_moved(case.pk, command.seen)], 409)
    _refuse(moves.authority(turn, choice), 403)
    _refuse(moves.hands(turn, choice), 403)
    if command.seen != case.event_n and not command.actor.system:
        raise Refused([_moved(case.pk, command.seen)], 409)
    _refuse(choice.ready(turn), 422)
    _read_answers(turn, choice)
    _refuse(choice.check(turn), 422)
    before = snapshot(case if case.event_n else Case())  # the first event tells the whole row
    choice.apply(turn)
    _write(turn, before, digest)
    return turn.event


def _lock(case_id: int) -> Case | None:
    """The case, locked, seen through its life cycle. On SQLite the IMMEDIATE transaction is the lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [settings.LOCK_TIMEOUT])
    case = (
        Case.objects.select_for_update(of=("self",))
        .select_related(
            "organisation", "unit", "town", "county", "city", "applicant", "programme", "filed_by", "household"
        )
        .filter(pk=case_id)
        .first()
    )
    return lifecycles.seen_as(case) if case else None


def _digest(command: Command) -> str:
    content = {"case": command.case, "action": command.action, "answers": dict(command.answers)}
    return hashlib.sha256(canonical(content)).hexdigest()


def _who(actor: Actor) -> str:
    return f"user:{actor.user}" if actor.user else f"system:{actor.system}"


def _repeat(command: Command, digest: str) -> Event | None:
    used = UsedKey.objects.filter(actor=_who(command.actor), key=command.key).select_related("event").first()
    if used is None:
        return None
    if used.digest != digest:
        raise Refused([REUSED], 422)
    return used.event


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
    _refuse(moves.private_words(turn.answers), 422)


def _write(turn: Turn, before: dict[str, object], digest: str) -> None:
    """The event first, then the case row it accounts for, then the effects in their order."""
    case, command = turn.case, turn.command
    after = snapshot(case)
    changed = {name: value for name, value in after.items() if value != before[name]}
    data = {"before": {name: before[name] for name in changed}, "after": changed, "seen": command.seen, **turn.facts}
    stamp = stamp_of(turn.actor, turn.duty, command.via.value, command.address)
    turn.written = record.record(
        "case", str(case.public_id), command.action, stamp, data, turn.now, expected_n=case.event_n
    )
    case.event_n = turn.written.n
    case.save()
    for effect, arguments in turn.effects:
        effect(turn, **arguments)
    try:
        UsedKey.objects.create(actor=_who(turn.actor), key=command.key, digest=digest, event=turn.written)
    except IntegrityError as error:  # spent on another case at this very moment
        raise Refused([REUSED], 422) from error


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


def _note_attempt(command: Command, refusal: Refused, now: datetime) -> None:
    """An attempt to decide one's own or a relative's case is an event of its own (promise R5)."""
    case = Case.objects.only("public_id").get(pk=command.case)
    attempts.note(
        {str(case.public_id)}, command.action, command.actor, refusal, now, via=command.via.value,
        address=command.address,
    )
