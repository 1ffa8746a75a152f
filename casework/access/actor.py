"""The acting person, as the engine sees him. Built per request by access.duties.actor_of(user, now); not cached."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Duty:
    """A role held at a node now. path: the node's path; the duty covers every organisation below it.
    for_person: id of the absent person when held as substitute, else None."""

    role: str
    organisation: int
    path: str
    level: str
    for_person: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """user, person: database ids (None for the system). name: shown in the timeline. granted: ids of the cases
    opened to him one by one (guardian). system: name of the timer or job when no human acts."""

    user: int | None
    person: int | None
    name: str
    duties: tuple[Duty, ...] = ()
    granted: frozenset[int] = field(default_factory=frozenset)
    system: str = ""

    @property
    def persons(self) -> frozenset[int]:
        """Every person this actor stands for: himself and those he substitutes."""
        ids = {d.for_person for d in self.duties if d.for_person} | ({self.person} if self.person else set())
        return frozenset(ids)

    def with_duties(self, duties: Iterable[Duty]) -> "Actor":
        """The same person acting under these duties only, in their order."""
        return replace(self, duties=tuple(duties))


SYSTEM = Actor(user=None, person=None, name="系统", system="system")
