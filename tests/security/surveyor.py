"""Brings a case to every place of its service's route, and finds out by the door's read twin who may do what there."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from guardian.shortcuts import get_users_with_perms

from casework.access.actor import Actor
from casework.access.duties import GRANTS
from casework.access.models import Role
from casework.cases.models import ENDED, Case
from casework.forms.spec import Field
from casework.programmes.loader import programme_of
from casework.workflows import guards, moves
from casework.workflows.models import Task
from tests.engine import walker
from tests.engine.filler import Filler
from tests.engine.walker import STEPS_MOST, Move, Place, Walker
from tests.security.cast import ROLES, Cast, called, holder, is_of_cast

APPLICANT, FILER, ANYBODY = "applicant", "filer", "anybody"
Offers = Mapping[str, Mapping[str, frozenset[str]]]  # who → action → codes of what stands in its way


@dataclass(frozen=True, order=True)
class Spot:
    """Where a right is asked for: the standing of the case, and one of its open steps with its inner stage."""

    standing: str
    step: str = ""
    phase: str = ""


@dataclass(frozen=True)
class Cell:
    """who: who may take an action. bars: codes of what stands in the way of all of them, whatever they answer. alone:
    it happens by itself."""

    who: frozenset[str]
    bars: frozenset[str] = frozenset()
    alone: bool = False


@dataclass
class Found:
    """What was found at one spot. cells: action, as the door knows it → who may. sees: the roles that see the case."""

    cells: dict[str, Cell] = field(default_factory=dict)
    sees: frozenset[str] = frozenset()


Survey = dict[Spot, Found]
Look = Callable[["Surveyor", Case, Task | None, Found], None]


class Staffed(Filler):
    """Names nobody of the cast for a piece of work: they only try, and decide nothing."""

    def value(self, field: Field, who: str, *, stranger: bool = False) -> Any:
        """As always, but for those choices."""
        if field.kind == "enum":
            return next((key for key, name in field.choices.items() if not is_of_cast(name.zh)), "")
        return super().value(field, who, stranger=stranger)


class Surveyor(Walker):
    """Goes to every place once and no further: no return is walked, and no end twice. look: called at each spot. known
    and tried are shared by the walks of all variants."""

    filler: Staffed
    cast: Cast
    survey: Survey
    look: Look | None
    known: set[Place]
    tried: set[tuple[str, ...]]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.filler = Staffed(self.office, self.office.users[self.filer].person)

    def explore(self, *, aside: bool = False) -> None:
        """From where the case stands to an end, and from each new place to the places beside it."""
        passed: set[Place] = set()
        for _ in range(STEPS_MOST):
            place = self.place()
            back = any(return_to for _step, _phase, return_to in place[1])
            new = place not in self.known and not back
            if place in passed or (aside and not new):
                return
            self.known.add(place)
            passed.add(place)
            self._others(place)
            if new:
                self.look_around()
            if self.office.state(self.case) in ENDED:
                return
            found = list(self.moves())
            ordinary = self.ordinary(found)
            self.tried.add(self._name(place, ordinary))
            if not back:
                self._beside(place, found)
            self.take(ordinary)
            if self.closed(ordinary):
                return
        raise AssertionError(f"{self.key}: no end after {STEPS_MOST} moves, at {self.place()}")

    def _beside(self, place: Place, found: Iterable[Move]) -> None:
        """Each move that was not made yet and may lead to a place that is not known."""
        for move in found:
            name = self._name(place, move)
            if name in self.tried or self._leads_nowhere_new(move):
                continue
            self.tried.add(name)
            with walker.undone(self.office):
                self.take(move)
                self.explore(aside=True)

    def _name(self, place: Place, move: Move) -> tuple[str, ...]:
        """A move with the stage of its step; the passing of time with all that is open."""
        if move.action == "time":
            return (move.action, str(self.case.timers.filter(state="set").earliest("due_at").action), str(place))
        phases = {step: phase for step, phase, _back in place[1]}
        return (move.action, phases.get(move.action.rpartition(".")[0], place[0]), *map(str, move.choice))

    def _leads_nowhere_new(self, move: Move) -> bool:
        """Does it lead back, or to an end that was seen, or is it a step that only grows overdue?"""
        if move.action == "time":
            return str(self.case.timers.filter(state="set").earliest("due_at").action).endswith(".overdue")
        step = move.action.rpartition(".")[0]
        ways = [e for e in self.graph.edges if e.action == move.action and (not step or e.source == step)]
        ends = {spot.standing for spot in self.survey if not spot.step}
        return any(e.sort == "back" or (e.sort == "end" and self.graph.nodes[e.target].group in ends) for e in ways)

    def arrived(self) -> None:
        """Whether the house is in order, the walk of tests/engine looks."""

    def _compare(self, action: str, move: Move, before: dict[str, str]) -> None:
        """And whether the graph knows the way."""

    # Looking

    def look_around(self) -> None:
        """Find out the rights of each step that is open here, and of the standing where none is."""
        case = self.office.fresh(self.case)
        rows = Task.objects.select_related("organisation", "assignee").filter(case=case, state="open")
        tasks = list(rows.order_by("id"))
        for task in tasks or [None]:
            spot = Spot(case.state, task.step, task.phase) if task else Spot(case.state)
            if spot not in self.survey:
                self.survey[spot] = found = self.found(case, task)
                if self.look:
                    self.look(self, case, task, found)

    def found(self, case: Case, task: Task | None) -> Found:
        """What each may do with this task and with the case as a whole."""
        offers = {who: self.offered(case, task, actor) for who, actor in self.people(case, task).items()}
        cells = actions_of(task) | dict.fromkeys([*offers[APPLICANT], *offers.get(FILER, ())], False)
        cells = {action: cell_of(action, offers, alone=alone) for action, alone in cells.items()}
        level = level_of(case, task)
        seen = frozenset(role for role in ROLES if guards.in_scope(case, self.cast.own[holder(role, level)]))
        return Found(cells, seen)

    def people(self, case: Case, task: Task | None) -> dict[str, Actor]:
        """Who is asked: the applicant's side, somebody without a duty, and the desk's own roles at its level; each
        other holder and each neighbour by itself too, if all of them together are offered anything."""
        people = {APPLICANT: self.cast.applicant(case), ANYBODY: self.cast.nobody}
        if case.filed_by.person_id != case.applicant_id:
            people[FILER] = self.office.actor(case.filed_by.username)
        people |= self.named(case, task)
        desk = {holder(role, level_of(case, task)) for role in desk_roles(task)}
        together = self.cast.all_but(desk), self.cast.stranger
        if any(self.offered(case, task, actor) for actor in together):
            return people | self.cast.own | self.cast.next_door()
        return people | {who: self.cast.own[who] for who in sorted(desk)}

    def named(self, case: Case, task: Task | None) -> dict[str, Actor]:
        """The one person to whom the desk was given, and those to whom the case was opened by itself."""
        people: dict[str, Actor] = {}
        for username in get_users_with_perms(case, only_with_perms_in=list(GRANTS)).values_list("username", flat=True):
            actor = self.office.actor(username)
            people[f"{', '.join(map(called, actor.duties)) or ANYBODY} to whom the case was opened"] = actor
        if task and task.assignee:
            actor = self.office.actor(task.assignee.username)
            people = {who: other for who, other in people.items() if other.user != actor.user}
            people[f"{holder(task.role, task.level)} who holds it"] = actor
        return people

    def offered(self, case: Case, task: Task | None, actor: Actor) -> dict[str, frozenset[str]]:
        """What an actor is offered at this step and for the case as a whole."""
        found = moves.available(case, actor, self.office.now)
        own = f"{task.step}." if task else ""
        fit = [m for m in found if "." not in m.action or m.action.startswith(own or "-")]
        return {move.action: frozenset(problem.code for problem in move.problems) for move in fit}


def cell_of(action: str, offers: Offers, *, alone: bool) -> Cell:
    """Who may take an action. What a desk does is not asked of who filed the case: he may sit at that desk."""
    asked = {w: found[action] for w, found in offers.items() if action in found and (w != FILER or "." not in action)}
    free = {who for who, bars in asked.items() if not bars}
    return Cell(frozenset(free or asked), frozenset() if free else frozenset().union(*asked.values()), alone)


def actions_of(task: Task | None) -> dict[str, bool]:
    """What can happen at a step as it stands, in the order of its kind; true where it happens by itself."""
    offered = [choice for choice in moves.choices_of(task) if choice.when(task)] if task else []
    return {f"{task.step}.{choice.key}": choice.side == "system" for choice in offered if task}


def desk_roles(task: Task | None) -> list[str]:
    """The role of the step, and others that decide something at the same desk."""
    roles = {task.role, *(choice.role for choice in moves.choices_of(task))} if task else set()
    return sorted(roles - {"", str(Role.APPLICANT)})


def level_of(case: Case, task: Task | None) -> str:
    """At which level the roles are tried: that of the desk, else that of the union or office where the case lies."""
    return (task.level if task else "") or str(case.organisation.level)


def survey(cast: Cast, key: str, look: Look | None = None) -> Survey:
    """The rights of a service at every place of its route, whatever its conditions decide."""
    found: Survey = {}
    known: set[Place] = set()
    tried: set[tuple[str, ...]] = set()
    first = next(cast.office._serial)  # the people of this walk are forgotten, and so are their numbers
    with walker.undone(cast.office):
        for answers in walker.variants(programme_of(walker.published(cast.office, key))):
            with walker.undone(cast.office):
                one = Surveyor(cast.office, key, answers)
                one.cast, one.survey, one.look, one.known, one.tried = cast, found, look, known, tried
                one.run()
    cast.office._serial = itertools.count(first)
    return found
