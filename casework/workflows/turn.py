"""One turn through the door: everything a step needs to decide, and the list of effects it asks for."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model

from casework.access.actor import Actor, Duty
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.imprint import imprint, name_of
from casework.core.pile import Pile
from casework.programmes.spec import Programme, Step
from casework.workflows.commands import Command
from casework.workflows.models import Task
from casework.workflows.reading import Known

Effect = TypeVar("Effect", bound=Callable[..., None])
TRACKED = (
    "state", "category", "requested_fen", "amount_fen", "outcome", "promised_on", "due_on", "provisional",
    "paused_wd", "year", "account_id", "entry_id", "household_id", "accepted_at", "submitted_at",
    "organisation_id",
)
# What else of a case needs no imprint: the number of its last event.
APART = (*TRACKED, "event_n")


def snapshot(case: Case) -> dict[str, Any]:
    """The columns of a case that its events account for, as JSON values."""
    values: dict[str, Any] = {}
    for name in TRACKED:
        value = getattr(case, name)
        values[name] = value.isoformat() if isinstance(value, date | datetime) else value
    return values


def gathers(effect: Effect) -> Effect:
    """Marks an effect that puts its rows on the turn's pile and reads none that may lie there. Before any other effect
    the pile is sent."""
    effect.gathers = True  # type: ignore[attr-defined]
    return effect


@dataclass
class Turn:
    """case: seen through its own life cycle. facts: data of the event to be written. effects: run in order once the
    event exists. hits: numbers of like cases and dossiers, once they were looked for. known: what the door read of the
    case under its lock, None outside of it. pile: rows to be written together."""

    command: Command
    case: Case
    programme: Programme
    now: datetime
    duty: Duty | None = None
    task: Task | None = None
    step: Step | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    effects: list[tuple[Callable[..., None], dict[str, Any]]] = field(default_factory=list)
    written: Event | None = None
    hits: set[str] | None = None
    known: Known | None = None
    pile: Pile = field(default_factory=Pile)

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.command.actor

    @property
    def today(self) -> date:
        """The local day of this turn."""
        return local_date(self.now)

    @property
    def event(self) -> Event:
        """The event of this turn; effects run only after it was written."""
        if self.written is None:
            raise RuntimeError("effects run after the event is written")
        return self.written

    @property
    def decision(self) -> str:
        """The part of the action after the step key."""
        return self.command.action.rpartition(".")[2]

    def tell_row(self, row: Model, *but: str) -> None:
        """Put the imprint of a row, as this turn leaves it, into the event. but: columns something else tells."""
        self.facts.setdefault("imprints", {})[name_of(row)] = imprint(row, but)

    def then(self, effect: Callable[..., None], **arguments: Any) -> None:
        """Ask for an effect: effect(turn, **arguments) after the event is written."""
        self.effects.append((effect, arguments))
