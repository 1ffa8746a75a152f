"""The rights of a service as a table that people read and review: written from what was found, compared by the test."""

import difflib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from casework.programmes.spec import Programme
from tests.security.surveyor import Cell, Found, Spot, Survey

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "docs" / "reference" / "permissions"
SEES = "*sees the case*"
CLOCK = "nobody: it happens by itself"
HEAD = """# {title}: who may do what

`{key}`. Whoever is not named may not, and is told so (403); whoever does not see the case is told that there is none
(404). `reviewer@county` is whoever holds the role at the county of the case; at another level, or for another county,
he may nothing. Whoever took a task may give it back; until then his colleagues leave it alone. *Not here* names what
bars everybody at this place.

Made from the running engine by `make rights ARGS={key}`, and reviewed by people. The test is
`tests/security/test_matrix.py`.

| standing | step | stage | action | who may |
|---|---|---|---|---|
"""


def path_of(key: str) -> Path:
    """Where the table of a service stands."""
    return FOLDER / f"{key}.md"


def written(programme: Programme, survey: Survey) -> str:
    """The whole table, its rows in the order of the route."""
    head = HEAD.format(key=programme.key, title=programme.title.en)
    return head + "".join(f"| {' | '.join(cells)} |\n" for cells in rows(programme, survey))


def rows(programme: Programme, survey: Survey) -> Iterator[tuple[str, ...]]:
    """Who sees the case everywhere, and who where; then, spot by spot, who may do what. Stages alike stand together."""
    spots = in_order(programme, survey)
    always = frozenset.intersection(*(found.sees for found in survey.values()))
    yield ("any", "any", "", SEES, listed(always))
    for names in sorted({survey[spot].sees - always for spot in spots} - {frozenset()}, key=listed):
        where = [place_of(spot) for spot in spots if survey[spot].sees - always == names]
        yield ("", ", ".join(where), "", SEES, listed(names))
    alike = groupby(spots, key=lambda spot: (spot.standing, spot.step, tuple(told(survey[spot]))))
    for (standing, step, lines), some in alike:
        stages = [spot.phase or "-" for spot in some]
        stage = "" if stages == ["-"] else ", ".join(stages)
        yield from ((standing, step, stage, *line) for line in lines)


def place_of(spot: Spot) -> str:
    """A spot in one word."""
    return f"{spot.step}:{spot.phase}" if spot.phase else spot.step or spot.standing


def told(found: Found) -> Iterator[tuple[str, str]]:
    """(action, who may) of one spot; what happens by itself in one line."""
    alone = [action for action, cell in found.cells.items() if cell.alone and not cell.who]
    yield from ((short(action), words(cell)) for action, cell in found.cells.items() if action not in alone)
    if alone:
        yield ", ".join(map(short, alone)), CLOCK
    if not found.cells:
        yield "", "nobody"


def in_order(programme: Programme, survey: Survey) -> list[Spot]:
    """Spots as the route has them; ends last."""
    steps = [step.key for step in programme.steps()]
    return sorted(survey, key=lambda spot: (steps.index(spot.step) if spot.step else len(steps), spot))


def words(cell: Cell) -> str:
    """Who may, and what bars them all."""
    return (listed(cell.who) or "nobody") + (f" (not here: {listed(cell.bars)})" if cell.bars else "")


def short(action: str) -> str:
    """The action without its step."""
    return action.rpartition(".")[2]


def listed(names: frozenset[str]) -> str:
    """Sorted names in one line."""
    return ", ".join(sorted(names))


def difference(key: str, found: str) -> str:
    """The committed table against what was found, as lines that people read; nothing where they are equal."""
    path = path_of(key)
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    name = str(path.relative_to(ROOT))
    lines = difflib.unified_diff(known.splitlines(), found.splitlines(), name, "the engine", lineterm="", n=1)
    return "\n".join(lines)
