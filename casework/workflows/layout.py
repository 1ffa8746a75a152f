"""Where the boxes of a diagram stand: dagre's layout, run in Python by quickjs (design §9)."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

# What the library expects of a browser.
BEFORE = "globalThis.structuredClone = x => JSON.parse(JSON.stringify(x)); globalThis.setTimeout = () => 0;"
CALL = """
(function (data) {
  const g = new dagre.graphlib.Graph({multigraph: true});
  g.setGraph({rankdir: data.way, nodesep: 36, ranksep: 30, edgesep: 14, marginx: 84, marginy: 24});
  data.boxes.forEach(b => g.setNode(b.key, {width: b.width, height: b.height}));
  data.lines.forEach((l, n) => g.setEdge(l.source, l.target,
    {width: l.width, height: l.height, labelpos: "c", weight: l.weight, minlen: 1}, String(n)));
  dagre.layout(g);
  const boxes = {}, lines = {};
  g.nodes().forEach(v => { const n = g.node(v); boxes[v] = [n.x, n.y]; });
  g.edges().forEach(e => {
    const l = g.edge(e);
    lines[e.name] = {points: l.points.map(p => [p.x, p.y]), at: [l.x ?? 0, l.y ?? 0]};
  });
  return JSON.stringify({boxes, lines, size: [g.graph().width, g.graph().height]});
})
"""


class NoLayout(Exception):
    """The layout library is not on this machine: set-up fetches it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that stands for a node."""

    key: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two boxes. width, height: of its label. weight: how much it wants to be short and straight."""

    source: str
    target: str
    width: float = 0
    height: float = 0
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Laid:
    """boxes: middles by key. lines: corners and middle of the label, in the order given. size: of the whole."""

    boxes: Mapping[str, tuple[float, float]]
    lines: Sequence[tuple[list[tuple[float, float]], tuple[float, float]]]
    size: tuple[float, float]


def lay_out(boxes: Sequence[Box], lines: Sequence[Line], way: str = "TB") -> Laid:
    """Find a place for everything. way: "TB" from top to bottom, "LR" from left to right. Raises NoLayout."""
    data = {
        "way": way,
        "boxes": [{"key": box.key, "width": box.width, "height": box.height} for box in boxes],
        "lines": [
            {"source": line.source, "target": line.target, "width": line.width, "height": line.height,
             "weight": line.weight}
            for line in lines
        ],
    }
    found: dict[str, Any] = json.loads(_run(json.dumps(data, ensure_ascii=False)))
    placed = [found["lines"][str(n)] for n in range(len(lines))]
    return Laid(
        {key: (x, y) for key, (x, y) in found["boxes"].items()},
        [([(x, y) for x, y in line["points"]], (line["at"][0], line["at"][1])) for line in placed],
        (found["size"][0], found["size"][1]),
    )


_own = threading.local()


def _run(data: str) -> str:
    """One engine for each thread: it may not be shared."""
    if not hasattr(_own, "engine"):
        import quickjs

        engine = quickjs.Context()
        engine.eval(BEFORE)
        engine.eval(_library())
        engine.eval(f"globalThis.place = {CALL.strip()}")
        _own.engine = engine
    answer: str = _own.engine.eval(f"place({data})")
    return answer


@lru_cache(maxsize=1)
def _library() -> str:
    path = Path(settings.VAR_DIR) / "vendor" / "vendor" / "dagre" / "dagre.min.js"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise NoLayout("The layout library is missing: run make setup.") from error
