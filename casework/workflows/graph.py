"""The route of a programme as a graph: what can follow what, read from the route and from where each choice leads.

One model for everything that needs the whole of a route: the lint, the drawings, the studio and the walker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.cases.models import ENDED, State
from casework.core.problems import Words
from casework.programmes.spec import Programme, Step
from casework.workflows import lifecycles
from casework.workflows.applicant import CHOICES
from casework.workflows.choices import Choice
from casework.workflows.kinds import KINDS

START = "start"


@dataclass(frozen=True, slots=True)
class Node:
    """sort: start, step, wait (for the applicant), choice (does the condition hold?), fork, join, or end. group: the
    standing it lies in; of an end, the standing it gives."""

    key: str
    sort: str
    group: str
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """sort: on, back, end, wait, silence, stay, or withdraw. action: what brings the case along it, as the door knows
    it; "" where it goes by itself. when: the condition it is taken on. otherwise: taken when the condition of its
    twin does not hold. side: whose choice it is."""

    source: str
    target: str
    sort: str
    action: str = ""
    title: Words = ""
    when: Mapping[str, Any] | None = None
    otherwise: bool = False
    side: str = ""


@dataclass(slots=True)
class Graph:
    """nodes by key, in the order of the route; edges in the order they were found."""

    programme: Programme
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def leaving(self, key: str) -> list[Edge]:
        """The edges that start at a node."""
        return [edge for edge in self.edges if edge.source == key]

    def reached(self, start: str = START, *, backwards: bool = False) -> set[str]:
        """Every node that can be reached from one; or from which it can be reached."""
        found, waiting = {start}, [start]
        while waiting:
            here = waiting.pop()
            ends = [(e.target, e.source) if backwards else (e.source, e.target) for e in self.edges]
            fresh = {there for come, there in ends if come == here} - found
            found |= fresh
            waiting += fresh
        return found


def graph_of(programme: Programme) -> Graph:
    """The graph of a route. Raises KeyError when a step is of no known kind."""
    return _Builder(programme).graph


def standing_after(life: str, transition: str) -> str | None:
    """The standing a transition leads to, None where the life cycle has none of this name."""
    moves = _moves(life, transition)
    return str(next(iter(moves.values())).target) if moves else None


def may_fire(life: str, transition: str, state: str) -> bool:
    """Is this a transition of the life cycle, from this standing?"""
    return state in {str(source) for source in _moves(life, transition)}


def _moves(life: str, transition: str) -> Mapping[str, Any]:
    method = getattr(lifecycles.of(life), transition, None)
    machine = getattr(method, "_django_fsm", None)
    found: Mapping[str, Any] = machine.transitions if machine else {}
    return found


class _Builder:
    """Walks the standings backwards, so that what follows is known when a step is added."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.graph = programme, Graph(programme)
        self.entries: dict[str, str] = {}
        self._add(Node(START, "start", str(State.DRAFT)))
        for step in programme.steps():
            self._add(Node(step.key, "step", step.group, step))
        following = self._end(str(State.CLOSED))
        for group in reversed(programme.groups):
            following = self._group(group, following)
        self._edge(Edge(START, following, "on", "submit", _choice("submit").title, side="applicant"))
        for step in programme.steps():
            self._others(step)

    def _add(self, node: Node) -> str:
        self.graph.nodes.setdefault(node.key, node)
        return node.key

    def _edge(self, edge: Edge) -> None:
        self.graph.edges.append(edge)

    def _end(self, state: str) -> str:
        return self._add(Node(f"end.{state}", "end", state))

    def _group(self, group: str, following: str) -> str:
        """Add the steps of a standing before what follows it. Returns where one enters."""
        for stage in reversed(self.programme.stages(group)):
            following = self._stage(stage, following)
        self.entries[group] = following
        return following

    def _stage(self, stage: tuple[Step, ...], following: str) -> str:
        if len(stage) == 1:
            return self._step(stage[0], following)
        fork = self._add(Node(f"fork.{stage[0].key}", "fork", stage[0].group))
        join = self._add(Node(f"join.{stage[0].key}", "join", stage[0].group))
        for step in stage:
            self._edge(Edge(fork, self._step(step, join), "on"))
        self._edge(Edge(join, following, "on"))
        return fork

    def _step(self, step: Step, following: str) -> str:
        for choice in KINDS[step.kind].of_life(self.programme.life):
            if choice.leads == "on":
                sort = "silence" if choice.key == "silence" else "on"
                if sort == "on" or step.options.get("silence"):
                    self._edge(_by(choice, step, following, sort))
        if step.when is None:
            return step.key
        asked = self._add(Node(f"if.{step.key}", "choice", step.group, step))
        self._edge(Edge(asked, step.key, "on", when=step.when))
        self._edge(Edge(asked, following, "on", when=step.when, otherwise=True))
        return asked

    def _others(self, step: Step) -> None:
        """What a step leads to beside the way on."""
        for choice in KINDS[step.kind].of_life(self.programme.life):
            if choice.leads == "back":
                straight_back = choice.key == "return"
                targets = self.programme.returnable if straight_back else self.programme.before
                for target in targets(step.key):
                    self._edge(_by(choice, step, target.key, "back"))
            elif choice.leads not in ("", "on"):
                self._fired(step, choice)
            elif not choice.leads and choice.side != "system":
                self._edge(_by(choice, step, step.key, "stay"))
        if may_fire(self.programme.life, "withdraw", step.group):
            choice = _choice("withdraw")
            end = self._end(str(State.WITHDRAWN))
            self._edge(Edge(step.key, end, "withdraw", choice.key, choice.title, side=choice.side))

    def _fired(self, step: Step, choice: Choice) -> None:
        """A choice that fires a transition of its own: an end, a wait for the applicant, or another standing."""
        life = self.programme.life
        if not may_fire(life, choice.leads, step.group):
            return
        state = standing_after(life, choice.leads)
        if state in ENDED:
            self._edge(_by(choice, step, self._end(str(state)), "end"))
        elif state == State.SUPPLEMENT:
            self._wait(step, choice)
        elif state in self.entries:
            self._edge(_by(choice, step, self.entries[str(state)], "back"))

    def _wait(self, step: Step, choice: Choice) -> None:
        wait = self._add(Node(f"wait.{step.key}", "wait", str(State.SUPPLEMENT), step))
        self._edge(_by(choice, step, wait, "wait"))
        back, lapse = _choice("supplement"), _choice("lapse")
        self._edge(Edge(wait, step.key, "on", back.key, back.title, side=back.side))
        self._edge(Edge(wait, self._end(str(State.WITHDRAWN)), "silence", lapse.key, lapse.title, side=lapse.side))


def _by(choice: Choice, step: Step, target: str, sort: str) -> Edge:
    return Edge(step.key, target, sort, f"{step.key}.{choice.key}", choice.title, side=choice.side)


def _choice(key: str) -> Choice:
    """A choice about the whole case."""
    return next(choice for choice in CHOICES if choice.key == key)
