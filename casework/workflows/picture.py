"""What a drawing of a route shows, in one language: boxes with their words, and the lines between them.

Ends other than the last stand beside the step that leads to them, so that no line crosses the whole page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from casework.access.models import Role
from casework.cases.models import State
from casework.organisations.models import Level
from casework.programmes import facts
from casework.programmes.eligibility import NONE
from casework.programmes.spec import Programme, Step
from casework.workflows import seats
from casework.workflows.graph import Edge, Graph, Node, graph_of

LANGUAGES = {"zh": "zh-hans", "en": "en"}
DRAWN = frozenset({"on", "back", "end", "wait", "silence"})
LAST = f"end.{State.CLOSED}"


@dataclass(frozen=True, slots=True)
class Shape:
    """sort: as of a node. title: its words; below: what stands under it. group: the standing it is drawn in, "" for
    none."""

    key: str
    sort: str
    title: str
    below: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """sort: as of an edge. label: its words."""

    source: str
    target: str
    sort: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn. groups: standing → its words."""

    title: str
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    groups: dict[str, str]


def picture_of(programme: Programme, lang: str, numbers: Mapping[str, Any] = NONE) -> Picture:
    """The drawing of a route. lang: "zh" or "en". numbers: regional numbers whose values are told with conditions."""
    graph = graph_of(programme)
    with translation.override(LANGUAGES[lang]):
        arrows = tuple(dict.fromkeys(_arrows(graph, lang)))
        drawn = {end for arrow in arrows for end in (arrow.source, arrow.target)}
        nodes = [_shape(node, programme, lang, numbers) for node in graph.nodes.values() if node.key in drawn]
        ends = [_beside(key) for key in sorted(drawn - set(graph.nodes))]
        words = {group: str(State(group).label) for group in programme.groups if programme.route.get(group)}
        return Picture(_in(programme.title, lang), (*nodes, *ends), arrows, words)


def _in(text: tuple[str, str], lang: str) -> str:
    return text[0] if lang == "zh" else text[1]


def _shape(node: Node, programme: Programme, lang: str, numbers: Mapping[str, Any]) -> Shape:
    match node.sort:
        case "step" if node.step:
            below = (seats.words(node.step) or _who(node.step), _limit(node.step))
            return Shape(node.key, "step", _in(node.step.title, lang), below, node.group)
        case "choice" if node.step:
            words = _in(facts.condition(programme, node.step.when or {}, numbers), lang)
            return Shape(node.key, "choice", words + "?", (), node.group)
        case "start":
            return Shape(node.key, "start", str(_("Application handed in")))
        case "wait":
            words = str(_("The applicant hands in what is missing"))
            return Shape(node.key, "wait", str(State.SUPPLEMENT.label), (words,))
        case "end":
            return Shape(node.key, "end", str(State(node.group).label))
    return Shape(node.key, node.sort, "", (), node.group)


def _limit(step: Step) -> str:
    """As the programme writes it: in calendar days, or in working days."""
    if step.limit_days:
        return str(_("Limit: %(days)s days") % {"days": step.limit_days})
    return str(_("Limit: %(days)s working days") % {"days": step.limit_wd})


def _beside(key: str) -> Shape:
    """An end that stands beside one step: "end.denied@review"."""
    state = key.partition("@")[0].removeprefix("end.")
    return Shape(key, "refusal", str(State(state).label))


def _who(step: Step) -> str:
    role = str(Role(step.role).label)
    if step.ceilings:
        return str(_("%(role)s, level by amount") % {"role": role})
    return f"{Level(step.level).label} · {role}" if step.level else role


def _arrows(graph: Graph, lang: str) -> Iterator[Arrow]:
    returned: set[str] = set()
    for edge in graph.edges:
        if edge.sort not in DRAWN:
            continue
        if edge.sort == "back":
            if edge.source not in returned:
                returned.add(edge.source)
                yield _back(graph, edge)
            continue
        target = edge.target
        if target.startswith("end.") and target != LAST:
            target = f"{target}@{edge.source}"
        yield Arrow(edge.source, target, edge.sort, _label(edge, graph))


def _back(graph: Graph, edge: Edge) -> Arrow:
    """One arrow for all returns of a step: to the nearest, with words that say how far it may go."""
    targets = [other.target for other in graph.edges if other.source == edge.source and other.sort == "back"]
    words = _("Goes back") if len(targets) == 1 else _("Goes back to this or an earlier step")
    return Arrow(edge.source, targets[-1], "back", str(words))


def _label(edge: Edge, graph: Graph) -> str:
    """Words only where the way is not the ordinary one."""
    if edge.when is not None:
        return str(_("No") if edge.otherwise else _("Yes"))
    several = [e for e in graph.leaving(edge.source) if e.sort == "on"]
    return str(edge.title) if edge.sort != "on" or len(several) > 1 else ""
