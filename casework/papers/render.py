"""From a paper's row to its HTML and PDF. Everything comes from the row; only the full names of the person a
letter is addressed to, and of the payees of a roster, are looked up."""
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe

from casework.papers.kinds import KINDS
from casework.papers.models import Paper
from casework.papers.pdf import html_to_pdf
from casework.papers.templatetags.paper_words import PASSING

PAGES_MOST = 60


def render(paper: Paper) -> bytes:
    """The PDF of a paper; the same row gives the same bytes. Raises pdf.CannotMake."""
    return html_to_pdf(html_of(paper), pages=PAGES_MOST)


def html_of(paper: Paper) -> str:
    """The paper as HTML, in the language of the office."""
    kind = KINDS[paper.kind]
    data = paper.data
    context: dict[str, Any] = {
        "paper": paper, "data": data, "title": kind.title.zh, "office": data.get("office", {}),
        "holder": holder_of(paper), "site": settings.SITE_HOST, "qr": qr_svg(check_address(paper)),
        "made": paper.ordered_at.isoformat(timespec="seconds"), "refused": paper.kind == "denial_notice",
        "rows": rows_of(paper),
        "opinions": [row for row in data.get("opinions", []) if row.get("decision") not in PASSING],
    }
    return str(engine().get_template(kind.template).render(Context(context)))


@cache
def engine() -> Engine:
    """Templates of papers see what the row holds and their own filters, nothing of the site; everything is escaped."""
    folder = str(Path(settings.BASE_DIR) / "templates")
    return Engine([folder], libraries={"paper_words": "casework.papers.templatetags.paper_words"}, autoescape=True)


def holder_of(paper: Paper) -> str:
    """The person the paper goes to, by his full name; masked on papers that others see."""
    if KINDS[paper.kind].addressed and paper.case is not None:
        return str(paper.case.applicant.name)
    return str(paper.data.get("applicant", {}).get("name", ""))


def rows_of(paper: Paper) -> list[dict[str, Any]]:
    """The rows of a roster with the payees' full names; they stand in the row masked."""
    rows = [dict(row) for row in paper.data.get("rows", [])]
    if paper.batch is None:
        return rows
    names = dict(paper.batch.payments.values_list("number", "account__holder"))
    return [{**row, "name": names.get(str(row.get("payment")), row["name"])} for row in rows]


def check_address(paper: Paper) -> str:
    """Where anybody can check the paper."""
    return f"{settings.SITE_HOST}/check/{paper.check_code}/"


def qr_svg(address: str) -> SafeString:
    """The QR sign as drawing inside the page; the address is made by us."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=1, border=0, omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address
