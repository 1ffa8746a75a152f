"""What stands in rows, in the words the applicant reads: messages, letters, notices, missing papers, the reckoning."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core import money
from casework.core.problems import Words
from casework.core.text import Text
from casework.forms.review import shown
from casework.notifications import templates
from casework.notifications.models import Message
from casework.papers import kinds
from casework.papers.models import Paper
from casework.programmes.loader import programme_of
from casework.programmes.reasons import CATEGORIES, PROBLEM_KINDS
from casework.programmes.spec import Programme
from casework.workflows import assess, corrections

Rows = Iterable[Mapping[str, Any]]
# The columns a public notice may have, in their order; whatever else a row holds is never drawn (domain §4.4).
COLUMNS: dict[str, Words] = {
    "name": _("Name"), "unit": _("Union"), "kind_of_aid": _("Kind of aid"), "category": _("Level of hardship"),
    "amount": _("Amount (yuan)"),
}
# The sums that end the reckoning; the lines above them say what they were made of.
DECLARED = {"income": "incomes", "rigid": "rigid"}
SUMS = frozenset({"pc", "income", "rigid"})
# Letters the applicant may read; forms with the opinions of offices and rosters stay inside.
FOR_APPLICANTS = frozenset({
    "acceptance_notice", "one_time_notice", "not_accepted_notice", "approval_notice", "denial_notice", "public_notice",
    "handling_opinion", "review_opinion", "recheck_opinion", "aid_grant", "closing_report",
    "re_examination_decision",
})


@dataclass(frozen=True, slots=True)
class Missing:
    """One item of the one-time notice: which paper, what is wrong with it, what to hand in."""

    title: str
    problem: str
    wanted: str
    help: str
    sample: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a reckoning. value: ready for reading. strong: a sum."""

    words: str
    value: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter about a case. href: "" while it is still being made."""

    title: str
    number: str
    at: datetime
    href: str


def words_of(message: Message) -> tuple[str, str]:
    """Title and text of a message, in the language of the page."""
    return templates.words(message, get_language() or "zh-hans")


def missing_items(case: Case, programme: Programme) -> list[Missing]:
    """Everything the last one-time notice asks for, in its order."""
    papers = {paper.key: paper for paper in programme.papers}
    titles, found = corrections.titles(programme), []
    for row in assess.noticed_items(case):
        paper = papers.get(row["item"])
        found.append(Missing(
            str(titles.get(row["item"], _("Something in the form"))),
            str(PROBLEM_KINDS.get(row.get("problem", ""), "")), str(row.get("wanted") or ""),
            str(paper.help) if paper else "", str(paper.sample) if paper else "",
        ))
    return found


def lines_of(case: Case) -> list[tuple[Words, list[Line]]]:
    """How income per head and the award were found, line by line; [] where no rule reckons."""
    blocks = ((_("Income per head"), "lines"), (_("Amount of the aid"), "award_lines"))
    found = [(title, case.facts.get(key) or []) for title, key in blocks]
    return [(title, [_line(row, case, last=row is rows[-1]) for row in rows]) for title, rows in found if rows]


def award_words(case: Case) -> str:
    """The award in one plain sentence, as the rule says it; "" where no rule reckons."""
    says = case.facts.get("award_says") or {}
    return str(Text(says["zh"], says["en"])) if says.get("zh") and says.get("en") else ""


def _line(row: Mapping[str, Any], case: Case, *, last: bool) -> Line:
    value = int(row["value"])
    people = row.get("unit") == "people"
    told = _("%(n)d people") % {"n": value} if people else _("%(amount)s yuan") % {"amount": money.show(value)}
    words = _declared(str(row.get("key", "")), case) or str(Text(row["zh"], row["en"]))
    return Line(words, str(told), row["key"] in SUMS if "key" in row else last)


def _declared(key: str, case: Case) -> str:
    """Whose income or spending a line is, and of which kind, as it was declared; "" for every other line."""
    head, __, number = key.partition(".")
    repeat = DECLARED.get(head, "")
    if not repeat or not number.isdigit():
        return ""
    form, answers = programme_of(case.programme).form, case_answers.shown(case)
    declared = answers.get(repeat, [])[int(number) :][:1]
    fields = [(form.field(f"{repeat}.0.{name}"), name) for name in ("member", "kind")]
    return " · ".join(shown(field, row.get(name), answers) for row in declared for field, name in fields if field)


def category_words(case: Case) -> str:
    """The category of hardship in words, "" when none was found yet."""
    return str(CATEGORIES.get(case.category, ""))


def of_case(case: Case) -> list[Letter]:
    """The letters about a case, newest first."""
    rows = Paper.objects.filter(case=case, kind__in=FOR_APPLICANTS).order_by("-id")[:50]
    return [Letter(paper_title(row.kind), row.number, row.ordered_at, _address(row)) for row in rows]


def _address(paper: Paper) -> str:
    return reverse("my_letter", args=[paper.public_id]) if paper.document_id else ""


def paper_title(kind: str) -> str:
    """What a kind of letter is called."""
    return str(kinds.title(kind))


def notice_heads(rows: Rows) -> list[Words]:
    """Heads of the columns of a public list: those that hold anything."""
    return [COLUMNS[key] for key in _columns(rows)]


def notice_rows(rows: Rows) -> list[list[tuple[Words, str]]]:
    """The rows of a public list: pairs of column head and value."""
    kept = list(rows)
    keys = _columns(kept)
    return [[(COLUMNS[key], _cell(key, row.get(key))) for key in keys] for row in kept]


def _columns(rows: Rows) -> list[str]:
    kept = list(rows)
    return [key for key in COLUMNS if any(row.get(key) for row in kept)]


def _cell(key: str, value: Any) -> str:
    if key == "category":
        return str(CATEGORIES.get(str(value or ""), "—"))
    return str(value or "—")


def last_event(case: Case) -> Event | None:
    """What happened to the case last."""
    return Event.objects.filter(subject_kind="case", subject_id=str(case.public_id)).order_by("-n").first()
