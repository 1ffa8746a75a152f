"""What is written in a cell of a table stays in it, and everything on its sheet."""

import ctypes.util
from collections.abc import Iterator
from typing import Any

import pytest
import weasyprint
from weasyprint.formatting_structure import boxes

from casework.papers import pdf, pdf_child
from casework.papers.kinds import KINDS
from casework.papers.render import render
from tests.papers.samples import paper

pytestmark = pytest.mark.pango
HAIR = 0.5  # CSS pixels that rounding may cost


def laid_out(kind: str, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The pages of an example, as the layout engine has placed everything on them."""
    jobs: list[dict[str, Any]] = []
    pages: list[Any] = []
    monkeypatch.setattr(ctypes.util, "find_library", ctypes.util.find_library)  # what the child changes for itself
    monkeypatch.setattr(pdf, "_run", lambda job: jobs.append(job) or b"")
    monkeypatch.setattr(weasyprint.Document, "write_pdf", lambda self, **_more: pages.extend(self.pages) or b"")
    render(paper(kind))
    pdf_child.lay_out(jobs[0])
    return pages


def texts(box: Any) -> Iterator[Any]:
    """The pieces of text in a box."""
    return (inner for inner in box.descendants() if isinstance(inner, boxes.TextBox) and inner.text.strip())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_word_leaves_its_cell_or_its_sheet(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = laid_out(kind, monkeypatch)
    seen = 0
    for page in pages:
        sheet = page._page_box
        cells = [box for box in sheet.descendants() if isinstance(box, boxes.TableCellBox)]
        for place in (*cells, sheet):
            right = place.position_x + place.margin_width()
            for text in texts(place):
                seen += 1
                assert text.position_x + text.width <= right + HAIR, f"{text.text} is too wide for its place"
    assert seen
