"""What a check is: plain functions over the answers, and over a few things that may be looked up for them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from casework.core.text import Text
from casework.programmes.rules.faults import worked_out


class Held(NamedTuple):
    """An entry of a register. first, last: days it counts, both inclusive; last: None = without end."""

    first: date
    last: date | None
    data: Mapping[str, Any]


class Fault(NamedTuple):
    """Answers that do not fit together. place: dotted path of the field to mend."""

    place: str
    text: Text


class Look(Protocol):
    """What a check may look up. Nothing it returns identifies a person."""

    def held(self, register: str, id_no: str = "") -> tuple[Held, ...]:
        """The entries of a register of the person of this number, the oldest first; of the applicant where none is
        given."""

    def lives_with(self, id_no: str) -> bool:
        """Does the person of this number live in the applicant's household, or is it the applicant himself?"""

    def standing(self, register: str, id_nos: Collection[str]) -> int:
        """How many of these persons stand in a register today, by themselves or with their household."""


Facts = Callable[[Mapping[str, Any], Mapping[str, Any], date, Look], dict[str, Any]]
Faults = Callable[[Mapping[str, Any], date], list[Fault]]


def no_facts(answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look) -> dict[str, Any]:
    """Nothing to be found out."""
    return {}


def no_faults(answers: Mapping[str, Any], day: date) -> list[Fault]:
    """Answers that always fit together."""
    return []


@dataclass(frozen=True, slots=True)
class Check:
    """facts(answers, numbers, day, look): facts of the case, never personal, day: that of the submission.
    names: what they are called. looked: those among them that hang on a look-up. numbers: keys of the regional numbers
    it reads. faults(answers, day): what the applicant must mend before he can hand it in."""

    facts: Facts
    names: tuple[str, ...]
    faults: Faults = no_faults
    numbers: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()

    def find(
        self, name: str, answers: Mapping[str, Any], numbers: Mapping[str, Any], day: date, look: Look
    ) -> dict[str, Any]:
        """The facts. name: of the check. Raises RuleFault for a number that is missing or cannot be applied, and for
        whatever else stops the function: a check that fails finds nothing at all."""
        with worked_out(name, self.numbers):
            return self.facts(answers, numbers, day, look)


def day_of(value: Any) -> date:
    """A day as the form keeps it. Raises ValueError."""
    return date.fromisoformat(str(value))


def fen(row: Mapping[str, Any], *names: str) -> int:
    """The sum of amounts of a row, in fen; an answer that was not given counts as nothing."""
    return sum(int(row.get(name) or 0) for name in names)


def years_after(day: date, years: int) -> date:
    """The same day some years later; of 29 February in a common year, the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)
