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
    opened to him one by one (guardian). system: name of the timer or job when no human acts. of_office: is the login
    one that an office keeps?"""

    user: int | None
    person: int | None
    name: str
    duties: tuple[Duty, ...] = ()
    granted: frozenset[int] = field(default_factory=frozenset)
    system: str = ""
    of_office: bool = False

    @property
    def himself(self) -> int | None:
        """The person whose own matters this login opens: none where an office keeps it, for whoever gives it a new
        password could read them (promise R7). Kinship and separation go by `person` and `persons`."""
        return None if self.of_office else self.person

    @property
    def persons(self) -> frozenset[int]:
        """Every person this actor stands for: himself and those he substitutes."""
        ids = {d.for_person for d in self.duties if d.for_person} | ({self.person} if self.person else set())
        return frozenset(ids)

    def with_duties(self, duties: Iterable[Duty]) -> "Actor":
        """The same person acting under these duties only, in their order."""
        return replace(self, duties=tuple(duties))


SYSTEM = Actor(user=None, person=None, name="系统", system="system")
