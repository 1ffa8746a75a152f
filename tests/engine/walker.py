"""Walks every path that the route of a programme offers, through the door, and compares it with the graph.

At each place — a standing with its open steps and their inner stages — every move that anybody may make is made once,
and time is let pass once; the case then goes on the ordinary way until it stands at a place that was tried already.
A return is walked straight back. Each attempt is undone before the next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.access.models import Role
from casework.cases.models import ENDED, Case
from casework.core.calendar import local_date
from casework.core.problems import Refused
from casework.forms.bind import bind
from casework.forms.spec import Field
from casework.funds.models import Payment
from casework.organisations.models import Level
from casework.oversight.invariants import invariants
from casework.programmes import versions
from casework.programmes.loader import programme_of
from casework.programmes.models import ProgrammeVersion
from casework.programmes.spec import Programme, Step
from casework.registers import dossiers
from casework.registers.models import Entry
from casework.workflows import moves, seats, sheets
from casework.workflows.graph import Edge, Graph, graph_of
from casework.workflows.models import QueuedCommand, Task, Timer
from casework.workflows.replay import Replay
from tests import walk
from tests.engine import overrides
from tests.engine.filler import Filler, places_of, satisfying
from tests.office import Office

PLACES = {
    Level.GRASSROOTS: "union", Level.TOWN: "town", Level.COUNTY: "county", Level.CITY: "city",
    Level.PROVINCE: "province",
}
LEVELS_BY_AMOUNT = (Level.GRASSROOTS, Level.TOWN, Level.COUNTY, Level.CITY)
STEPS_MOST = 120
Place = tuple[str, tuple[tuple[str, str, str], ...]]


@dataclass(frozen=True)
class Move:
    """action: as the door knows it; "time" lets the next timer come, "bank.paid" and "bank.returned" let the bank
    answer. who: the login. choice: the one answer that makes this move differ from its twins, such as where to."""

    action: str
    who: str = ""
    style: str = ""
    choice: tuple[tuple[str, str], ...] = ()


@dataclass
class Walker:
    """One programme walked in one office. answers: given answers of the application; the filler gives the rest."""

    office: Office
    key: str
    answers: dict[str, Any] = field(default_factory=dict)
    walked: set[str] = field(default_factory=set)
    returned: set[tuple[str, str]] = field(default_factory=set)
    seen: set[Place] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)  # what its decisions kept, key by key
    paths: int = 0

    def __post_init__(self) -> None:
        self._in_season()
        self.version = published(self.office, self.key)
        self.programme: Programme = programme_of(self.version)
        self.graph: Graph = graph_of(self.programme)
        self.staff = self._hire()
        self.filer = self._filer()
        self.filler = Filler(self.office, self.office.users[self.filer].person)
        self._rest_on()

    # The house

    def _in_season(self) -> None:
        """Early in the year, so that a long walk stays inside it; or when the service is open."""
        from casework.programmes.loader import load_catalogue

        window = load_catalogue()[self.key].window if self.key in load_catalogue() else None
        month, day = window.first if window else (3, 2)
        self.office.at(f"2026-{month:02d}-{day:02d}", "10:00")

    def _hire(self) -> dict[tuple[str, str], list[str]]:
        """Two people for every role that does a step, at every level where it may come to be done."""
        staff: dict[tuple[str, str], list[str]] = {}
        for step in self.programme.steps():
            for role, level in doers(step):
                place = PLACES[Level(level)]
                staff[role, level] = names = [f"{role}_{level}_{n}" for n in (1, 2)]
                for name in names:
                    if name not in self.office.users:
                        self.office.hire(name, role, place)
        return staff

    def _filer(self) -> str:
        """Whoever may start it: the person himself where he may, else an officer."""
        starts = {start.role: start.level for start in self.programme.start}
        if not starts or (Role.APPLICANT in starts and not self.programme.for_unit):
            walk.member(self.office)
            return "worker"
        role, level = next(iter(starts.items()))
        name = f"{role}_files"
        if name not in self.office.users:
            self.office.hire(name, role, PLACES[Level(level)] if level else "union")
        return name

    def _rest_on(self) -> None:
        """The dossier, membership or cover the applicant must have, and money to give."""
        needs, person = self.programme.needs, self.office.users[self.filer].person
        assert person is not None
        if needs == dossiers.KIND:
            walk.dossier(self.office, self.filer)
            if self.programme.renews:  # its yearly check is due
                last = dt.date(self.office.now.year, 12, 31)
                Entry.objects.filter(kind=needs, person=person).update(verified_until=last)
        elif needs:
            Entry.objects.create(
                kind=needs, number=f"{needs}-1", person=person, organisation=self.office.orgs["union"],
                valid_from=dt.date(2020, 1, 1), data=overrides.ENTRIES.get(needs, {}),
            )
        if self.programme.fund_purpose:
            self.office.make_fund(self.programme.fund_purpose, 10_000_000_00)

    # The way

    def run(self) -> None:
        """Hand an application in, then try everything."""
        prepare = overrides.PREPARE.get(self.key)
        with undone(self.office):
            if prepare:
                prepare(self.office, self.filer)
            self.case = self._hand_in()
            self.explore()

    def _hand_in(self) -> Case:
        if self.key in overrides.HAND_IN:
            return overrides.HAND_IN[self.key](self.office, self.filer, self.answers)
        own = overrides.APPLICATION.get(self.key)
        fixed = (own(self.office, self.filer) if own else {}) | self.answers
        also: set[str] = set()
        for _attempt in range(4):
            given = self.filler.fill(self.programme.form, self.filer, fixed, also)
            try:
                return self.office.apply(self.filer, self.key, given)
            except Refused as refusal:
                wanted = places_of(refusal.problems) - also
                if not wanted:
                    raise
                also |= wanted
        raise AssertionError(f"{self.key}: the form could not be filled")

    def explore(self) -> None:
        """From where the case stands to an end, or to a place that was tried already."""
        for _ in range(STEPS_MOST):
            place = self.place()
            if place in self.seen or self.office.state(self.case) in ENDED:
                self.arrived()
                return
            self.seen.add(place)
            self._others(place)
            self.steps |= {step for step, _phase, _back in place[1]}
            found = list(self.moves())
            ordinary = self.ordinary(found)
            if not any(back for _step, _phase, back in place[1]):
                self.observe(found)
                for move in found:
                    if move != ordinary:
                        self._aside(move)
            self.take(ordinary)
            if self.closed(ordinary):
                self.arrived()
                return
        raise AssertionError(f"{self.key}: no end after {STEPS_MOST} moves, at {self.place()}")

    def closed(self, move: Move) -> bool:
        """Can the case not be granted any more after this move?"""
        step, _dot, choice = move.action.rpartition(".")
        kinds = {one.key: one.kind for one in self.programme.steps()}
        return (kinds.get(step, ""), choice) in overrides.CLOSES_THE_WAY

    def _others(self, place: Place) -> None:
        """What other people do when a step opens."""
        for step, _phase, _back in place[1]:
            act = overrides.ON_ARRIVAL.get((self.key, step))
            if act:
                act(self.office, self.case)

    def observe(self, found: list[Move]) -> None:
        """Called once at each place before anything is tried there."""

    def _aside(self, move: Move) -> None:
        with undone(self.office):
            self.take(move)
            self.explore()

    def place(self) -> Place:
        """Where the case stands."""
        rows = sorted((task.step, task.phase, task.return_to) for task in self.office.tasks(self.case))
        return self.office.state(self.case), tuple(rows)

    def arrived(self) -> None:
        """Every invariant of the house holds; an ended case leaves nothing behind."""
        self.paths += 1
        broken = invariants(self.office.now)
        assert not broken, broken
        case = self.office.fresh(self.case)
        if case.state in ENDED:
            self.ends.add(case.state)
            assert list(Replay().run()) == []
            assert not case.tasks.filter(state="open").exists()
            assert not Timer.objects.filter(case=case, state="set").exists()
            assert not case.holds.filter(ended_at__isnull=True).exists()

    # Moves

    def moves(self) -> Iterator[Move]:
        """Everything that may happen now; where several desks sign a step, each of them once."""
        case, told = self.office.fresh(self.case), set()
        for who in self._people(case):
            for move in moves.available(case, self.office.actor(who), self.office.now):
                desk = (move.action, move.task.seat if move.task else 0)
                if move.problems or desk in told or move.action.endswith((".take", ".release")):
                    continue
                told.add(desk)
                to = move.form.field("to") if move.form else None
                targets = [(("to", choice),) for choice in to.choices] if isinstance(to, Field) else [()]
                yield from (Move(move.action, who, move.style, target) for target in targets)
        if Payment.objects.filter(case=case, state="queued").exists():
            yield from (Move("bank.paid", style="bank"), Move("bank.returned"))
        outside = Task.objects.filter(case=case, state="open", kind__in=overrides.OUTSIDE)
        for step, kind in outside.values_list("step", "kind"):
            for number, told in enumerate(overrides.OUTSIDE[kind]):
                yield Move(f"outside.{step}.{told}", style="" if number else "bank")
        if Timer.objects.filter(case=case, state="set").exists():
            yield Move("time", style="time")

    def _people(self, case: Case) -> list[str]:
        """Whoever may have something to do: the applicant's side, then two of each open step's desk."""
        desks = [(task.role, task.level) for task in self.office.tasks(case)]
        return [self.filer, *(name for desk in desks for name in self.staff.get(desk, []))]

    def ordinary(self, found: list[Move]) -> Move:
        """The move that brings a case on: what the desk is asked to do, the bank's payment, or the passing of time."""
        onward = {edge.action for edge in self.graph.edges if edge.sort == "on"}
        ranks = {"primary": 0, "bank": 2, "time": 3}
        ranked = sorted(found, key=lambda m: ranks.get(m.style, 1 if m.action in onward else 4))
        assert ranked, f"{self.key}: nobody can do anything at {self.place()}"
        return ranked[0]

    def take(self, move: Move) -> None:
        """Make a move, and see that the case went where the graph says."""
        before = {task.step: task.return_to for task in self.office.tasks(self.case)}
        if move.action == "time":
            self._let_time_pass()
        elif move.action.startswith("bank."):
            batch = walk.send_batch(self.office, [self.case])
            walk.answer_batch(self.office, batch, {self.case.number: move.action.removeprefix("bank.")})
        elif move.action.startswith("outside."):
            self._be_told(move.action.removeprefix("outside."))
        else:
            self._act(move)
        for action in {move.action, *self._told()}:
            self._compare(action, move, before)

    def _be_told(self, action: str) -> None:
        """Another case sends this one on."""
        step, _dot, told = action.partition(".")
        act = overrides.TELLING.get((self.programme.step(step).kind, told))
        if act:
            act(self.office, self.case)
        key = f"walk-{QueuedCommand.objects.count()}"
        QueuedCommand.objects.create(case=self.case, action=action, key=key, due_at=self.office.now)
        self.office.tick()

    def _told(self) -> list[str]:
        """What the last event of the case says happened: timers and the bank act by themselves."""
        from casework.audit.models import Event

        return [Event.objects.filter(subject_id=str(self.case.public_id)).latest("n").action]

    def _act(self, move: Move) -> None:
        case = self.office.fresh(self.case)
        offered = moves.available(case, self.office.actor(move.who), self.office.now)
        form = next(m.form for m in offered if m.action == move.action)
        stands = bind(form, form.given, local_date(self.office.now)).answers if form and form.given else {}
        fixed = stands | overrides.answers(self.key, self.programme, move.action) | dict(move.choice)
        also: set[str] = set()
        for _attempt in range(4):
            given = self.filler.fill(form, move.who, fixed, also) if form else {}
            try:
                with transaction.atomic():
                    event = self.office.do(case, move.action, move.who, **given)
                self.kept |= keys_of(event.data)
                if self.programme.life == "campaign":  # its lines are drawn and opened by the beat
                    self.office.tick()
                return
            except Refused as refusal:
                wanted = places_of(refusal.problems) - also
                if not wanted:
                    raise AssertionError(f"{self.key} {move}: {refusal}") from refusal
                also |= wanted
        raise AssertionError(f"{self.key} {move}: the form could not be filled")

    def _let_time_pass(self) -> None:
        timer = Timer.objects.filter(case=self.case, state="set").earliest("due_at")
        self.office.now = max(self.office.now, timer.due_at)
        self.office.tick()

    def _compare(self, action: str, move: Move, before: dict[str, str]) -> None:
        """The graph knows this way, and the case stands where it leads to."""
        sources = {*before, *self._waits()}
        edges = [edge for edge in self.graph.edges if edge.action == action and edge.source in sources]
        if not edges:
            return
        self.walked.add(action)
        open_now = set(self.office.steps(self.case))
        source = edges[0].source
        step = self.graph.nodes[source].step
        if source in open_now and (step.kind in overrides.SEVERAL_HANDS or seats.needed(step) > 1):
            return
        if edges[0].sort == "back" and move.choice:
            target = dict(move.choice)["to"]
            self.returned.add((source, target))
            assert target in open_now, f"{action} to {target}: {open_now}"
        elif edges[0].sort == "back":  # to the one place it can lead to
            self.returned.add((source, edges[0].target))
            assert open_now & behind(self.graph, edges[0].target), f"{action}: {open_now}"
        elif edges[0].sort in ("on", "silence") and before.get(source):
            assert before[source] in open_now, f"{action} goes straight back to {before[source]}, not {open_now}"
        elif edges[0].sort == "end":
            assert self.office.state(self.case) == self.graph.nodes[edges[0].target].group
        elif edges[0].sort in ("on", "silence"):
            self._follows(edges[0], open_now, set(before))

    def _waits(self) -> list[str]:
        return [key for key, node in self.graph.nodes.items() if node.sort == "wait"]

    def _follows(self, edge: Edge, open_now: set[str], before: set[str]) -> None:
        """What opened lies behind the edge, with nothing but conditions between."""
        fresh = open_now - before
        assert fresh <= behind(self.graph, edge.target), f"{edge.action}: {fresh} opened"
        if self.office.state(self.case) in ENDED:
            assert f"end.{self.office.state(self.case)}" in behind(self.graph, edge.target)

    def missed(self) -> set[str]:
        """Ways of the graph from steps that were reached, which nobody took."""
        offered = {e.action for e in self.graph.edges if e.action and e.source.removeprefix("wait.") in self.steps}
        returns = {
            f"{e.action} to {e.target}" for e in self.graph.edges
            if e.sort == "back" and e.source in self.steps and (e.source, e.target) not in self.returned
        }
        return offered - self.walked | returns


def behind(graph: Graph, node: str) -> set[str]:
    """Steps and ends reached from a node without passing a step."""
    found, waiting = set(), [node]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        found.add(here)
        if graph.nodes[here].sort in ("choice", "fork", "join"):
            waiting += [edge.target for edge in graph.leaving(here)]
    return found


def doers(step: Step) -> list[tuple[str, str]]:
    """(role, level) of everybody who may come to do a step."""
    if step.role == Role.APPLICANT:
        return []
    further = [(role, level) for role, lowest in seats.desks(step)[1:] for level in upward(lowest)]
    if not step.ceilings:
        return [(step.role, level) for level in upward(step.level)] + further
    above = Role.PROVINCE_APPROVER if step.role == Role.APPROVER else step.role
    return [(step.role, str(level)) for level in LEVELS_BY_AMOUNT] + [(str(above), str(Level.PROVINCE)), *further]


def upward(level: str) -> list[str]:
    """The level of a desk, and those that do its work for cases that lie above it."""
    levels = [str(one) for one in PLACES]
    return levels[levels.index(level) :]


def published(office: Office, key: str) -> ProgrammeVersion:
    """The version of a programme, published if the demonstration does not have it."""
    if key not in office.versions:
        day = local_date(office.now).replace(month=1, day=1)
        office.versions[key] = versions.publish(key, office.now, day, stamp_of(SYSTEM, None, "command"))
    return office.versions[key]


@contextmanager
def undone(office: Office) -> Iterator[None]:
    """Try something; the database and the clock are as before afterwards."""
    now, users, known = office.now, dict(office.users), dict(office.versions)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    office.now, office.users, office.versions = now, users, known


def variants(programme: Programme) -> list[dict[str, Any]]:
    """Answers with which each condition of the route holds, and does not."""
    asked = {item.key for item in programme.form.items()}
    found: list[dict[str, Any]] = []
    conditions = [step.when for step in programme.steps() if step.when]
    for when in conditions:
        for hold in (True, False):
            given = {fact: satisfying(tests, hold=hold) for fact, tests in when.items() if fact in asked}
            given = {fact: value for fact, value in given.items() if value is not None}
            if given and given not in found:
                found.append(given)
    return [*overrides.VARIANTS.get(programme.key, []), *found] or [{}]


def walk_all(office: Office, key: str, kind: type[Walker] = Walker) -> list[Walker]:
    """Walk a programme once for each of its variants."""
    walks: list[Walker] = []
    for answers in variants(programme_of(published(office, key))):
        with undone(office):
            walks.append(kind(office, key, answers))
            walks[-1].run()
    return walks


def keys_of(data: Mapping[str, Any]) -> set[str]:
    """The keys of what an event keeps; those of a sheet with the sheet's name before them."""
    inner = {f"{name}.{key}" for name in sheets.SHEETS for key in data.get(name) or ()}
    return {*data} - {*sheets.SHEETS} | inner
