"""The route of a programme as a picture (SVG), with roles and limits, standings as boxes, returns dashed.

It stands alone in an <img>: no scripts, no styles from outside, the reader's own fonts."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from casework.programmes.eligibility import NONE
from casework.programmes.spec import Programme
from casework.workflows.layout import Box, Laid, Line, lay_out
from casework.workflows.picture import Arrow, Picture, Shape, picture_of

SIZE, SMALL, ROW = 14, 12, 19
WIDE = {"step": 210.0, "choice": 170.0, "wait": 190.0, "refusal": 120.0, "end": 120.0, "start": 150.0}
LABEL_WIDE = 120.0
PAD = 14.0
FONTS = "'Noto Sans SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"
# Fill, edge and text of each sort of shape; all pairs reach a contrast of 4.5.
COLOURS: Mapping[str, tuple[str, str, str]] = {
    "step": ("#ffffff", "#59636e", "#1f2328"),
    "choice": ("#fff8e5", "#8a5a00", "#5c3c00"),
    "wait": ("#eef5fb", "#0b62a8", "#0b3f6b"),
    "start": ("#e8f3ea", "#156b2e", "#0f4d21"),
    "end": ("#e8f3ea", "#156b2e", "#0f4d21"),
    "refusal": ("#fbeaeb", "#b3121d", "#8a0e16"),
    "fork": ("#59636e", "#59636e", "#59636e"),
    "join": ("#59636e", "#59636e", "#59636e"),
}
LINES: Mapping[str, tuple[str, str]] = {
    "on": ("#1f2328", ""),
    "back": ("#8a5a00", "6 4"),
    "end": ("#b3121d", ""),
    "wait": ("#0b62a8", ""),
    "silence": ("#59636e", "2 4"),
}


def svg(programme: Programme, lang: str, numbers: Mapping[str, Any] = NONE) -> str:
    """The picture of a route. lang: "zh" or "en"; numbers: see picture_of. Raises NoLayout where
    set-up has not fetched the layout library."""
    picture = picture_of(programme, lang, numbers)
    boxes = [Box(shape.key, *_size(shape)) for shape in picture.shapes]
    laid = lay_out(boxes, [_line(arrow) for arrow in picture.arrows])
    return _page(picture, {box.key: box for box in boxes}, laid, lang)


def wrapped(text: str, wide: float, size: int) -> list[str]:
    """Lines of a text no wider than this: Chinese breaks anywhere, other words between them."""
    lines, line = [], ""
    for word in _words(text):
        if line and width_of(line + word, size) > wide:
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()] if line.strip() else lines


def _words(text: str) -> Iterable[str]:
    word = ""
    for sign in text:
        if _is_wide(sign):
            yield from (part for part in (word, sign) if part)
            word = ""
        elif sign in " /_":
            yield word + sign
            word = ""
        else:
            word += sign
    if word:
        yield word


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def width_of(text: str, size: int) -> float:
    """Rough width of a text in pixels."""
    return sum(size if _is_wide(sign) else size * 0.56 for sign in text)


def _rows(shape: Shape) -> list[tuple[str, int]]:
    """The lines of a shape with their sizes."""
    wide = WIDE.get(shape.sort, 0) - 2 * PAD
    title = [(line, SIZE) for line in wrapped(shape.title, wide, SIZE)]
    return title + [(line, SMALL) for words in shape.below for line in wrapped(words, wide, SMALL)]


def _size(shape: Shape) -> tuple[float, float]:
    if shape.sort in ("fork", "join"):
        return 180.0, 6.0
    return WIDE[shape.sort], len(_rows(shape)) * ROW + 2 * (PAD - 4)


def _line(arrow: Arrow) -> Line:
    rows = wrapped(arrow.label, LABEL_WIDE, SMALL)
    wide = max((width_of(row, SMALL) for row in rows), default=0)
    return Line(arrow.source, arrow.target, wide + 8, len(rows) * 16, 4 if arrow.sort == "on" else 1)


def _page(picture: Picture, boxes: Mapping[str, Box], laid: Laid, lang: str) -> str:
    wide, high = laid.size
    language = "zh-CN" if lang == "zh" else "en"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" xml:lang="{language}" viewBox="0 0 {wide:.0f} {high:.0f}" '
        f'width="{wide:.0f}" height="{high:.0f}" font-family="{FONTS}" role="img">',
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="{wide:.0f}" height="{high:.0f}" fill="#ffffff"/>',
        *(_head(sort, colour) for sort, (colour, _dash) in LINES.items()),
        *_lanes(picture, boxes, laid),
        *(_arrow(arrow, *place) for arrow, place in zip(picture.arrows, laid.lines, strict=True)),
        *(_shape(shape, boxes[shape.key], laid.boxes[shape.key]) for shape in picture.shapes),
        "</svg>",
    ]
    return "\n".join(parts)


def _head(sort: str, colour: str) -> str:
    """The point of an arrow."""
    return (
        f'<marker id="{sort}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        f'orient="auto"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
    )


def _lanes(picture: Picture, boxes: Mapping[str, Box], laid: Laid) -> Iterable[str]:
    """A band across the page for each standing, behind everything."""
    for number, (group, words) in enumerate(picture.groups.items()):
        inside = [shape.key for shape in picture.shapes if shape.group == group]
        tops = [laid.boxes[key][1] - boxes[key].height / 2 for key in inside]
        ends = [laid.boxes[key][1] + boxes[key].height / 2 for key in inside]
        top, high = min(tops) - 12, max(ends) - min(tops) + 24
        fill = "#f3f5f7" if number % 2 else "#f9fafb"
        yield (
            f'<rect x="4" y="{top:.1f}" width="{laid.size[0] - 8:.1f}" height="{high:.1f}" rx="6" fill="{fill}" '
            'stroke="#d0d7de"/>'
        )
        yield _text([(words, SMALL)], 12, top + 17, "#59636e", anchor="start")


def _shape(shape: Shape, box: Box, middle: tuple[float, float]) -> str:
    fill, edge, ink = COLOURS[shape.sort]
    x, y = middle[0] - box.width / 2, middle[1] - box.height / 2
    round_ = {"start": box.height / 2, "end": box.height / 2, "refusal": box.height / 2}.get(shape.sort, 6)
    rows = _rows(shape) if shape.title else []
    outline = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="{round_:.1f}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{1 if shape.sort == "step" else 1.5}"/>'
    )
    first = middle[1] - len(rows) * ROW / 2 + 14
    return f"<g id={quoteattr(shape.key)}>{outline}{_text(rows, middle[0], first, ink)}</g>"


def _text(rows: list[tuple[str, int]], x: float, y: float, ink: str, *, anchor: str = "middle", step: int = ROW) -> str:
    weights = {SIZE: ' font-weight="600"'}
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{y + n * step:.1f}" font-size="{size}"{weights.get(size, "")}>{escape(words)}</tspan>'
        for n, (words, size) in enumerate(rows)
    )
    return f'<text text-anchor="{anchor}" fill="{ink}">{spans}</text>' if rows else ""


def _arrow(arrow: Arrow, points: list[tuple[float, float]], at: tuple[float, float]) -> str:
    colour, dash = LINES[arrow.sort]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    line = (
        f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="1.4"{dashed} '
        f'stroke-linejoin="round" marker-end="url(#{arrow.sort})"/>'
    )
    rows = [(row, SMALL) for row in wrapped(arrow.label, LABEL_WIDE, SMALL)]
    if not rows:
        return line
    wide = max(width_of(words, SMALL) for words, _size in rows) + 8
    high = len(rows) * 16
    back = (
        f'<rect x="{at[0] - wide / 2:.1f}" y="{at[1] - high / 2:.1f}" width="{wide:.1f}" height="{high}" '
        'fill="#ffffff" fill-opacity="0.9"/>'
    )
    return line + back + _text(rows, at[0], at[1] - high / 2 + 12, colour, step=16)
