"""The route of a programme as BPMN 2.0 with a drawing: lanes by role, gateways, boundary timers, end events.

Conditions and durations are expressions in Python over the facts of the case and over `outcome`, the choice made at a
task, so that an engine can run the file. That a returned case goes straight back has no sign in BPMN; the document of
the gateway says it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.cases.models import State
from casework.organisations.models import Level
from casework.programmes import facts, references
from casework.programmes.eligibility import NONE
from casework.programmes.spec import Programme
from casework.workflows import seats
from casework.workflows.graph import Edge, Graph, Node, graph_of
from casework.workflows.layout import Box, Line, lay_out
from casework.workflows.picture import LANGUAGES

BPMN, DI, DC, DD = (
    "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)
XSI = "http://www.w3.org/2001/XMLSchema-instance"
PYTHON = "https://www.python.org/"
SIZES = {"userTask": (170.0, 80.0), "exclusiveGateway": (50.0, 50.0), "parallelGateway": (50.0, 50.0)}
EVENT = (36.0, 36.0)
ROW, LANE_LEFT = 120.0, 160.0


@dataclass(slots=True)
class Part:
    """A flow node. lane: whose it is. attached: the task a boundary event sits on. timer: working days."""

    key: str
    tag: str
    name: str
    lane: str
    attached: str = ""
    timer: int = 0
    interrupts: bool = True
    default: str = ""
    document: str = ""


@dataclass(slots=True)
class Flow:
    """A sequence flow. condition: "" for none."""

    key: str
    source: str
    target: str
    name: str = ""
    condition: str = ""


@dataclass(slots=True)
class Model:
    """All flow nodes and flows of a process, in the order they were found."""

    parts: dict[str, Part] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)

    def add(self, part: Part) -> str:
        """Add a node, once."""
        return self.parts.setdefault(part.key, part).key

    def join(self, source: str, target: str, name: str = "", condition: str = "") -> str:
        """Add a flow."""
        self.flows.append(Flow(f"flow_{len(self.flows) + 1}", source, target, name, condition))
        return self.flows[-1].key


def bpmn(programme: Programme, lang: str, numbers: Mapping[str, Any] = NONE) -> str:
    """The file as text. lang: "zh" or "en". numbers: regional numbers that conditions compare with; one that is not
    given stands in them as a variable. Raises NoLayout."""
    with translation.override(LANGUAGES[lang]):
        model = _Modeller(programme, lang, numbers).model
        return _written(programme, model, lang)


class _Modeller:
    """From the graph of a route to flow nodes and flows."""

    def __init__(self, programme: Programme, lang: str, numbers: Mapping[str, Any]) -> None:
        self.graph: Graph = graph_of(programme)
        self.numbers = numbers
        self.lang, self.model = lang, Model()
        for node in self.graph.nodes.values():
            self._node(node)
        for node in self.graph.nodes.values():
            self._ways(node)

    def _node(self, node: Node) -> None:
        tags = {
            "start": "startEvent", "step": "userTask", "wait": "userTask", "choice": "exclusiveGateway",
            "fork": "parallelGateway", "join": "parallelGateway",
        }
        if node.sort == "end":
            return  # made by the flows that lead there, each in its own lane
        name, lane = self._name(node), self._lane(node)
        signed = seats.words(node.step) if node.sort == "step" and node.step else ""
        document = str(_("Signed by %(who)s.") % {"who": signed}) if signed else ""
        self.model.add(Part(node.key, tags[node.sort], name, lane, document=document))
        if node.sort == "step" and node.step:
            self._overdue(node.key, node.step.limit_days or node.step.limit_wd, lane)

    def _name(self, node: Node) -> str:
        if node.sort == "start":
            return str(_("Application handed in"))
        if node.sort == "wait":
            return str(State.SUPPLEMENT.label)
        if node.step is None:
            return ""
        title = node.step.title
        return (title.zh if self.lang == "zh" else title.en) + ("?" if node.sort == "choice" else "")

    def _lane(self, node: Node) -> str:
        step = node.step or self._beside(node)
        if node.sort in ("start", "wait") or step is None or step.role == Role.APPLICANT:
            return str(Role.APPLICANT.label)
        level = str(Level(step.level).label) if step.level else ""
        return " · ".join(part for part in (level, str(Role(step.role).label)) if part)

    def _beside(self, node: Node) -> Any:
        """The step that a fork or a join belongs to."""
        leader = self.graph.nodes.get(node.key.partition(".")[2])
        return leader.step if leader else None

    def _overdue(self, task: str, days: int, lane: str) -> None:
        """A limit that passes tells people; where silence has an effect, the case goes on by itself."""
        silent = [edge for edge in self.graph.leaving(task) if edge.sort == "silence"]
        if silent:
            key = self.model.add(Part(f"timer.{task}", "boundaryEvent", str(silent[0].title), lane, task, days))
            self.model.join(key, self._target(silent[0], task, lane))
            return
        words = str(_("Overdue: the office and its supervisor are told"))
        key = self.model.add(Part(f"timer.{task}", "boundaryEvent", words, lane, task, days, interrupts=False))
        self.model.join(key, self.model.add(Part(f"told.{task}", "endEvent", words, lane)))

    def _target(self, edge: Edge, source: str, lane: str) -> str:
        node = self.graph.nodes[edge.target]
        if node.sort in ("fork", "join"):
            return self._merged(node, edge)
        if node.sort != "end":
            return node.key
        return self.model.add(Part(f"{node.key}-{source}", "endEvent", str(State(node.group).label), lane))

    def _merged(self, node: Node, edge: Edge) -> str:
        """A parallel gateway waits for all that lead to it. So ways of which one is taken meet in a gateway before it:
        all of them before a fork, those of one branch before a join."""
        step = self.graph.nodes[edge.source].step
        key = f"meet.{node.key}" if node.sort == "fork" or step is None else f"meet.{step.key}"
        if key not in self.model.parts:
            self.model.add(Part(key, "exclusiveGateway", "", self._lane(node)))
            self.model.join(key, node.key)
        return key

    def _ways(self, node: Node) -> None:
        lane = self._lane(node)
        if node.sort == "wait":
            self._wait(node, lane)
            return
        ways = [e for e in self.graph.leaving(node.key) if e.sort in ("on", "back", "end", "wait")]
        ways = list({(e.sort, e.target): e for e in reversed(ways)}.values())[::-1]
        source = node.key
        if node.sort == "step" and len(ways) > 1:
            source = self.model.add(Part(f"decided.{node.key}", "exclusiveGateway", "", lane, document=STRAIGHT_BACK))
            self.model.join(node.key, source)
        for edge in ways:
            self._way(source, edge, lane, alone=len(ways) == 1)

    def _way(self, source: str, edge: Edge, lane: str, *, alone: bool) -> None:
        """One flow; the ordinary one is the default of its gateway."""
        target = self._target(edge, edge.source, lane)
        part = self.model.parts[source]
        ordinary = edge.otherwise or (edge.when is None and edge.sort == "on" and not part.default)
        if part.tag != "exclusiveGateway" or alone:
            self.model.join(source, target, str(edge.title))
        elif ordinary:
            part.default = self.model.join(source, target, str(edge.title))
        elif edge.when is not None:
            words = facts.condition(self.graph.programme, edge.when, self.numbers)
            said = words.zh if self.lang == "zh" else words.en
            self.model.join(source, target, said, expression(edge.when, self.numbers))
        else:
            self.model.join(source, target, str(edge.title), f"outcome == {_outcome(edge)!r}")

    def _wait(self, node: Node, lane: str) -> None:
        back, lapse = self.graph.leaving(node.key)
        self.model.join(node.key, back.target, str(back.title))
        days = self.graph.programme.clock.supplement_wd
        key = self.model.add(Part(f"timer.{node.key}", "boundaryEvent", str(lapse.title), lane, node.key, days))
        self.model.join(key, self._target(lapse, node.key, lane))


STRAIGHT_BACK = "A returned case goes straight back to the step that returned it."


def _outcome(edge: Edge) -> str:
    """What a task answers to go this way: the choice, and where to if there are several places."""
    choice = edge.action.rpartition(".")[2]
    return f"{choice}:{edge.target}" if edge.sort == "back" else choice


def expression(when: Mapping[str, Any], numbers: Mapping[str, Any] = NONE) -> str:
    """A closed condition in Python. A regional number stands in it with its value, or, where it is not given, as the
    variable of its name."""
    return " and ".join(
        _test(fact, name, _operand(wanted, numbers)) for fact, tests in when.items() for name, wanted in _tests(tests)
    )


def _operand(wanted: Any, numbers: Mapping[str, Any]) -> str:
    if not references.is_reference(wanted):
        return repr(wanted)
    value = references.part(numbers, wanted[references.NUMBER])
    key, *inside = wanted[references.NUMBER].split(".")
    return f"{key}{''.join(f'[{name!r}]' for name in inside)}" if value is None else repr(value)


def _tests(tests: Any) -> Iterator[tuple[str, Any]]:
    yield from tests.items() if isinstance(tests, Mapping) else [("equals", tests)]


def _test(fact: str, name: str, operand: str) -> str:
    if name == "contains":
        return f"{operand} in {fact}"
    if name == "is_true":
        return f"bool({fact}) is {operand}"
    return f"{fact} {OPERATORS[name]} {operand}"


OPERATORS = {"equals": "==", "in": "in", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<"}


def _written(programme: Programme, model: Model, lang: str) -> str:
    for prefix, uri in (("bpmn", BPMN), ("bpmndi", DI), ("dc", DC), ("di", DD), ("xsi", XSI)):
        ET.register_namespace(prefix, uri)
    root = ET.Element(f"{{{BPMN}}}definitions", {
        "id": f"{programme.key}_definitions", "targetNamespace": "urn:casework", "expressionLanguage": PYTHON,
        "exporter": "Casework",
    })
    title = programme.title.zh if lang == "zh" else programme.title.en
    process = _element(root, "process", id=programme.key, name=title, isExecutable="true")
    lanes = list(dict.fromkeys(part.lane for part in model.parts.values()))
    _lanes(process, model, lanes)
    for part in model.parts.values():
        _part(process, part, model)
    for flow in model.flows:
        _flow(process, flow)
    _drawing(root, programme.key, model, lanes)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def _element(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, f"{{{BPMN}}}{tag}", attributes)
    made.text = text or None
    return made


def _lanes(process: ET.Element, model: Model, lanes: list[str]) -> None:
    held = _element(process, "laneSet", id="lanes")
    for number, name in enumerate(lanes):
        lane = _element(held, "lane", id=f"lane_{number}", name=name)
        for part in model.parts.values():
            if part.lane == name:
                _element(lane, "flowNodeRef", part.key)


def _part(process: ET.Element, part: Part, model: Model) -> None:
    attributes = {"id": part.key, "name": part.name}
    if part.default:
        attributes["default"] = part.default
    if part.attached:
        attributes |= {"attachedToRef": part.attached, "cancelActivity": str(part.interrupts).lower()}
    made = _element(process, part.tag, **attributes)
    if part.document:
        _element(made, "documentation", part.document)
    for flow in (flow for flow in model.flows if flow.target == part.key):
        _element(made, "incoming", flow.key)
    for flow in (flow for flow in model.flows if flow.source == part.key):
        _element(made, "outgoing", flow.key)
    if part.attached:
        timer = _element(made, "timerEventDefinition", id=f"{part.key}.due")
        _expression(timer, "timeDuration", repr(f"P{part.timer}D"))


def _flow(process: ET.Element, flow: Flow) -> None:
    made = _element(process, "sequenceFlow", id=flow.key, sourceRef=flow.source, targetRef=flow.target, name=flow.name)
    if flow.condition:
        _expression(made, "conditionExpression", flow.condition)


def _expression(parent: ET.Element, tag: str, text: str) -> None:
    _element(parent, tag, text).set(f"{{{XSI}}}type", "bpmn:tFormalExpression")


Place = tuple[float, float, float, float]


def _drawing(root: ET.Element, process: str, model: Model, lanes: list[str]) -> None:
    """Shapes with their coordinates: time runs from left to right, each lane is a band."""
    places, bands = _places(model, lanes)
    diagram = ET.SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
    plane = ET.SubElement(diagram, f"{{{DI}}}BPMNPlane", {"id": "plane", "bpmnElement": process})
    for key, place in (bands | places).items():
        shape = ET.SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"{key}_shape", "bpmnElement": key})
        if key in bands:
            shape.set("isHorizontal", "true")
        names = ("x", "y", "width", "height")
        bounds = {name: f"{value:.0f}" for name, value in zip(names, place, strict=True)}
        ET.SubElement(shape, f"{{{DC}}}Bounds", bounds)
    for flow in model.flows:
        edge = ET.SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"{flow.key}_edge", "bpmnElement": flow.key})
        for x, y in _corners(places[flow.source], places[flow.target], model.parts[flow.source]):
            ET.SubElement(edge, f"{{{DD}}}waypoint", {"x": f"{x:.0f}", "y": f"{y:.0f}"})


def _places(model: Model, lanes: list[str]) -> tuple[dict[str, Place], dict[str, Place]]:
    """(nodes, lanes) with their corner and size. dagre gives the columns; the lane and a free row in it the height."""
    free = [part for part in model.parts.values() if not part.attached]
    sizes = {part.key: SIZES.get(part.tag, EVENT) for part in model.parts.values()}
    ends = {part.key: part.attached or part.key for part in model.parts.values()}
    lines = [Line(ends[flow.source], ends[flow.target]) for flow in model.flows]
    laid = lay_out([Box(part.key, *sizes[part.key]) for part in free], lines, "LR")
    places: dict[str, Place] = {}
    bands: dict[str, Place] = {}
    top, wide = 0.0, laid.size[0] + LANE_LEFT
    for number, lane in enumerate(lanes):
        rows: list[float] = []
        for part in sorted((part for part in free if part.lane == lane), key=lambda part: laid.boxes[part.key][0]):
            width, height = sizes[part.key]
            x = laid.boxes[part.key][0] - width / 2 + LANE_LEFT
            row = next((n for n, busy in enumerate(rows) if busy < x - 20), len(rows))
            rows[row : row + 1] = [x + width]
            places[part.key] = (x, top + row * ROW + (ROW - height) / 2, width, height)
        bands[f"lane_{number}"] = (20.0, top, wide, len(rows) * ROW)
        top += len(rows) * ROW
    for part in model.parts.values():
        if part.attached:
            x, y, _width, height = places[part.attached]
            places[part.key] = (x + 20, y + height - EVENT[1] / 2, *EVENT)
    return places, bands


def _corners(source: Place, target: Place, part: Part) -> list[tuple[float, float]]:
    x, y, width, height = source
    start = (x + width / 2, y + height) if part.attached else (x + width, y + height / 2)
    end = (target[0], target[1] + target[3] / 2)
    if part.attached:
        return [start, (start[0], end[1]), end]
    middle = start[0] + 15
    return [start, (middle, start[1]), (middle, end[1]), end]
