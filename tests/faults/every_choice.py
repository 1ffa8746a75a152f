"""Walks the services of the catalogue until every choice of every kind of step was made once, by people, timers, the
bank and other cases. What an office does with a choice that is made for the first time is its own matter."""

from casework.audit.models import Event
from casework.cases.models import ENDED, Case
from casework.organisations.models import Level
from casework.programmes.loader import load_catalogue, programme_of
from casework.programmes.spec import Programme
from casework.workflows import applicant
from casework.workflows.kinds import KINDS
from tests.engine import overrides
from tests.engine.walker import PLACES, STEPS_MOST, Move, Place, Walker, doers, published, undone, variants
from tests.faults.clicks import Tried

TIMERS_MOST = 6  # that come one after another while a case stands where it stood
Made = tuple[str, str]  # kind of step, or "applicant", and choice


def choices_of(programme: Programme, *, by_people: bool) -> set[Made]:
    """Every choice of its steps. A step whose silence has an effect is never overdue; the others know no silence; the
    first of a standing has no step to go back to."""
    found: set[Made] = set()
    for step in programme.steps():
        never = "overdue" if step.options.get("silence") else "silence"
        for choice in KINDS[step.kind].of_life(programme.life):
            nowhere = choice.leads == "back" and not programme.returnable(step.key)
            if choice.key != never and not nowhere and not (by_people and choice.side == "system"):
                found.add((step.kind, choice.key))
    return found


def all_choices(*, by_people: bool = False) -> set[Made]:
    """Every choice of the catalogue, and what applicants can do."""
    found = {("applicant", c.key) for c in applicant.CHOICES if not (by_people and c.side == "system")}
    return found.union(*(choices_of(programme, by_people=by_people) for programme in load_catalogue().values()))


class Trier(Walker):
    """Goes the ordinary way, and aside for what was not made yet; then as far as something new is offered there."""

    office: Tried
    made: set[Made]

    def _hire(self) -> dict[tuple[str, str], list[str]]:
        """Those too who decide something at the desk of another."""
        staff = super()._hire()
        for step in self.programme.steps():
            for role in {choice.role for choice in KINDS[step.kind].choices} - {""}:
                for _role, level in doers(step):
                    name = f"{role}_{level}_beside"
                    if name not in self.office.users:
                        self.office.hire(name, role, PLACES[Level(level)])
                    staff[step.role, level] = [*staff.get((step.role, level), []), *staff.get((role, level), []), name]
        return staff

    def _hand_in(self) -> Case:
        """An application is always tried; how a case comes about otherwise was tried elsewhere."""
        self.office.trying = self.key not in overrides.HAND_IN
        return super()._hand_in()

    def explore(self, came: frozenset[Place] = frozenset()) -> None:
        """From where the case stands to its end, or to a place it came through; aside only while there is something
        new."""
        aside, passed = bool(came), set(came)
        for _ in range(STEPS_MOST):
            place = self.place()
            if self.office.state(self.case) in ENDED or place in passed:
                return
            passed.add(place)
            self._others(place)
            found = list(self.moves())
            ordinary = self.ordinary(found)
            for move in found:
                if move != ordinary and self.new(move):
                    with undone(self.office):
                        self._aside(move, frozenset(passed))
            if aside and not self.new(ordinary):
                return
            self.take(ordinary)
            if self.closed(ordinary):
                return
        raise AssertionError(f"{self.key}: no end after {STEPS_MOST} moves, at {self.place()}")

    def _aside(self, move: Move, came: frozenset[Place]) -> None:
        """Make a move and go on from there; time goes on as long as it changes nothing and something new may come."""
        place = self.place()
        self.take(move)
        for _ in range(TIMERS_MOST):
            if move.action == "time" and self.place() == place and self.timers() and self.new(move):
                self.take(move)
        self.explore(came)

    def new(self, move: Move) -> bool:
        """Would it make a choice that was never made?"""
        return bool(self.names(move) - self.made)

    def names(self, move: Move) -> set[Made]:
        """The choice it makes; of the passing of time, all that may come by it."""
        if move.action != "time":
            return {self.name(move.action.removeprefix("outside."))}
        return {self.name(action) for action in self.timers()}

    def timers(self) -> list[str]:
        """The actions of the timers that are set, the next one first."""
        return list(self.case.timers.filter(state="set").order_by("due_at", "id").values_list("action", flat=True))

    def name(self, action: str) -> Made:
        """The kind of step and the choice of an action."""
        step, _dot, choice = action.rpartition(".")
        if step == "bank":
            paying = self.case.tasks.filter(state="open").values_list("kind", flat=True)
            return next(kind for kind in paying if choice in {each.key for each in KINDS[kind].choices}), choice
        return self.programme.step(step).kind if step else "applicant", choice

    def take(self, move: Move) -> None:
        """Make a move; tried out before if its choice is made for the first time."""
        name = self.name(self.timers()[0]) if move.action == "time" else next(iter(self.names(move)))
        beside = overrides.BESIDE.get(self.key, set())
        self.office.trying = bool(({name} | beside) - self.made)
        super().take(move)
        if beside:
            self.made |= beside & {self.name(action) for action in self._told()}
        if not move.action.startswith("outside.") or move.action.removeprefix("outside.") in self._told():
            self.made.add(name)

    def _told(self) -> list[str]:
        """What the case was told from outside may have been refused."""
        return list(Event.objects.filter(subject_id=str(self.case.public_id)).values_list("action", flat=True))

    def arrived(self) -> None:
        """The walk of tests/engine looks after the house."""

    def _compare(self, action: str, move: Move, before: dict[str, str]) -> None:
        """And after the graph."""


def try_all(office: Tried, known: set[Made], *, by_people: bool = False) -> set[Made]:
    """Walk every service that has a choice which is not known yet. Returns all that were made."""
    made = set(known)
    for key, programme in load_catalogue().items():
        wanted = choices_of(programme, by_people=by_people)
        for answers in variants(programme_of(published(office, key))):
            if wanted - made:
                with undone(office):
                    office.trying = False
                    walk = Trier(office, key, answers)
                    walk.made = made
                    walk.run()
    office.trying = True
    return made
