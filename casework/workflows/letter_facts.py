"""Facts of a case as letters show them: papers handed in, opinions, household, figures; names and numbers masked."""
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import translation

from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.crypto import Undecipherable
from casework.core.masks import mask_name
from casework.core.text import Text
from casework.documents.models import Document
from casework.forms import review
from casework.forms.spec import Field, Group, Repeat
from casework.papers import kinds
from casework.people import persons
from casework.programmes.reasons import CATEGORIES
from casework.workflows.models import Decision
from casework.workflows.turn import Turn

SUMMARY_LINES = ("income", "rigid", "members", "pc", "line")


def received(turn: Turn) -> list[kinds.Received]:
    """The papers handed in, by title, in the order of the programme's list. One query, none where it lists none."""
    if not turn.programme.papers:
        return []
    files = Document.objects.filter(case=turn.case, made=False, withdrawn_at__isnull=True)
    counts = {row["kind"]: row["count"] for row in files.values("kind").annotate(count=Count("id")).order_by("kind")}
    given = [paper for paper in turn.programme.papers if paper.key in counts]
    return [{"title": paper.title.zh, "count": counts[paper.key]} for paper in given]


def opinions(turn: Turn) -> list[kinds.Opinion]:
    """What every office said, in order. One query."""
    titles = {step.key: step.title.zh for step in turn.programme.steps()}
    rows = Decision.objects.filter(case=turn.case).select_related("user", "organisation").order_by("id")
    return [
        {
            "step": titles.get(row.step, row.step), "organisation": row.organisation.name if row.organisation else "",
            "name": row.user.first_name or row.user.username if row.user else "系统", "decision": row.decision,
            "opinion": row.opinion, "day": local_iso(row.at),
        }
        for row in rows
    ]


def members(turn: Turn) -> list[kinds.Member]:
    """The household as declared, masked. One query."""
    choices = _member_choices(turn)
    found: list[kinds.Member] = []
    for row in case_answers.shown(turn.case).get("members") or []:
        age = row.get("age")
        found.append({
            "name": mask_name(str(row.get("name", ""))), "id_no": str(row.get("id_no", "")),
            "relation": choices("relation", row.get("relation")), "work": choices("work", row.get("work")),
            "sex": choices("sex", row.get("sex")), "age": "" if age is None else str(age),
        })
    return found


def _member_choices(turn: Turn) -> Callable[[str, Any], str]:
    """Words for the keys that the form's list of members offers."""
    fields: dict[str, Field] = {}
    for item in turn.programme.form.items():
        if isinstance(item, Repeat) and item.key == "members":
            fields = {field.key: field for field in item.fields}

    def told(field: str, value: Any) -> str:
        choices = fields[field].choices if field in fields else {}
        return choices[value].zh if value in choices else str(value or "")

    return told


# Told elsewhere on the sheet, in full or as figures, or no matter of a sheet.
NOT_TOLD_KINDS = frozenset({"file", "consent", "union", "office", "longtext", "person_name"})
NOT_TOLD = frozenset({"id_no", "phone", "amount", "year"})


def blocks(turn: Turn) -> list[kinds.Block]:
    """What a household told about its person, its unit and itself, group by group; nothing that is sealed, and numbers
    masked. Only of services that ask for a household."""
    if turn.programme.form.field("members.0.name") is None:
        return []
    shown = case_answers.shown(turn.case)
    with translation.override("zh-hans"):
        found = [
            kinds.Block(title=group.title.zh, rows=_told(group, shown))
            for page in turn.programme.form.pages for group in page.groups
        ]
    return [block for block in found if block["rows"]]


def _told(group: Group, shown: Mapping[str, Any]) -> list[kinds.Told]:
    asked = [item for item in group.items if isinstance(item, Field) and item.kind not in NOT_TOLD_KINDS]
    given = [item for item in asked if item.key not in NOT_TOLD and shown.get(item.key) not in (None, "", [])]
    return [
        kinds.Told(label=item.title.zh, value=review.shown(item, shown[item.key], shown))
        for item in given if shown[item.key] != review.SEALED
    ]


def summary_lines(case: Case) -> list[kinds.Line]:
    """The figures a decision rests on: the sums, not the single incomes."""
    return [line for line in case.facts.get("lines", []) if line.get("key") in SUMMARY_LINES]


def category_words(category: str) -> str:
    """The category of hardship in Chinese, "" when there is none."""
    return CATEGORIES[category].zh if category in CATEGORIES else category


def officer(turn: Turn) -> str:
    """Who acted, "" when it was a timer."""
    return "" if turn.actor.system else turn.actor.name


def words(text: Text) -> kinds.Words:
    """A phrase as JSON."""
    return {"zh": text.zh, "en": text.en}


def iso(day: date | None) -> str:
    """A day as JSON, "" when there is none."""
    return day.isoformat() if day else ""


def local_iso(moment: datetime | None) -> str:
    """The office's date of a moment as JSON."""
    return local_date(moment).isoformat() if moment else ""


def masked_id(case: Case) -> str:
    """The masked ID number; nothing once the person's key was destroyed."""
    try:
        return persons.masked_id(case.applicant)
    except Undecipherable:
        return ""


def masked_phone(case: Case) -> str:
    """The masked phone; nothing once the person's key was destroyed."""
    try:
        return persons.masked_phone(case.applicant)
    except Undecipherable:
        return ""
