"""Correcting the application itself: an office names groups of its form, and the applicant answers those anew.

What was sealed is never shown again: an empty answer keeps it. A row of a list carries the number it had, so that what
is kept follows the row when others are taken away.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.cases import answers as case_answers
from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.core.problems import Problem
from casework.core.text import Text
from casework.forms.bind import bind_json
from casework.forms.kinds import KINDS
from casework.forms.review import SEALED
from casework.forms.rows import people_of
from casework.forms.spec import Field, FormSpec, Group, Repeat
from casework.programmes import dated
from casework.programmes.checks import CHECKS
from casework.programmes.checks.household import people_faults
from casework.programmes.spec import Programme
from casework.workflows import payees
from casework.workflows.turn import Turn

Answers = dict[str, Any]
Item = Field | Repeat
PREFIX = "form."
WAS = "row_was"
# They say whose case it is and which office it came to: another person, or another office, is another application.
WHOSE = frozenset({"id_no", "name"})
FIXED_KINDS = frozenset({"file", "consent", "union", "office"})
KEEP = Text("留空则保留原来填写的内容。", "Leave it empty to keep what was given.")


def groups(programme: Programme) -> dict[str, Group]:
    """What may be corrected, by its key in a notice: the groups of the form, with only the answers that may change.
    Papers are asked for as papers; a group that joins a round or a class stays as it is."""
    taken = {"note", *(paper.key for paper in programme.papers)}
    found = {}
    for page in programme.form.pages:
        for group in page.groups:
            items = tuple(item for item in group.items if item.key not in taken and _may_change(item))
            if items and not any(isinstance(item, Field) and item.kind == "listed" for item in group.items):
                title = group.title if group.title.zh else page.title
                found[f"{PREFIX}{page.key}.{group.key}"] = replace(group, title=title, items=items)
    return found


def _may_change(item: Item) -> bool:
    if isinstance(item, Repeat):
        return True
    return not (item.derived or dated.is_date(item)) and item.key not in WHOSE and item.kind not in FIXED_KINDS


def named(programme: Programme, keys: Collection[str]) -> list[Group]:
    """The groups that a notice names, and those whose questions depend on their answers, in the form's order."""
    known, chosen = groups(programme), set(keys)
    while True:
        asked = {item.key for key in chosen & set(known) for item in known[key].items}
        more = {key for key, group in known.items() if any(_depends(item) & asked for item in group.items)}
        if more <= chosen:
            return [group for key, group in known.items() if key in chosen]
        chosen |= more


def _depends(item: Item) -> set[str]:
    """Keys of the answers that a question looks at."""
    fields = item.fields if isinstance(item, Repeat) else (item,)
    asked = {key for one in (item, *fields) for key in one.when or {}}
    return asked | {people_of(field) for field in fields if field.kind == "member_ref"}


def asked(turn: Turn, keys: Collection[str], form: FormSpec) -> FormSpec:
    """The form with the named groups added to its one page, filled with what was given."""
    wanted = named(turn.programme, keys)
    if not wanted:
        return form
    shown = case_answers.shown(turn.case)
    page = form.pages[0]
    drawn = tuple(_drawn(group, shown) for group in wanted)
    given = {name: values for item in turn.programme.form.items() for name, values in _typed(item, shown)}
    known = case_answers.full(turn.case)
    apart = frozenset(item.key for group in wanted for item in group.items)
    return FormSpec((replace(page, groups=(*page.groups, *drawn)),), known, given, apart)


def _drawn(group: Group, shown: Answers) -> Group:
    return replace(group, items=tuple(_question(item, shown) for item in group.items))


def _question(item: Item, shown: Answers) -> Item:
    if isinstance(item, Field):
        return _optional(item, shown.get(item.key)) if item.sensitive else item
    hidden = {field.key for field in item.fields if field.sensitive or field.derived}
    fields = tuple(_in_row(field, hidden) for field in item.fields if not field.derived)
    was = Field(WAS, "int", item.title, options={"min": 0, "max": 999, "hidden": True})
    return replace(item, fields=(*fields, was))


def _in_row(field: Field, hidden: Collection[str]) -> Field:
    """A question of a row. What hangs on an answer that is not shown again is open to everybody; whether it was needed
    is judged when the whole application is read."""
    if any(key in hidden for key in field.when or {}):
        field = replace(field, when=None, required=False)
    return _optional(field) if field.sensitive else field


def _optional(field: Field, mask: Any = None) -> Field:
    """A sealed answer: what was given is told masked, and kept when nothing else is."""
    told = Text(f"已填 {mask}，", f"Given: {mask}. ") if mask not in (None, SEALED) else Text("", "")
    words = Text(f"{field.help.zh}{told.zh}{KEEP.zh}", f"{field.help.en} {told.en}{KEEP.en}".strip())
    return replace(field, required=False, help=words)


def _typed(item: Item, shown: Answers) -> Iterator[tuple[str, list[str]]]:
    """An answer as a page would send it; nothing of what is sealed."""
    if isinstance(item, Field):
        if shown.get(item.key) is not None and not item.sensitive:
            yield item.key, _sent(item, shown[item.key])
        return
    for number, row in enumerate(shown.get(item.key) or []):
        for field in item.fields:
            if row.get(field.key) is not None and not (field.sensitive or field.derived):
                yield f"{item.key}.{number}.{field.key}", _sent(field, row[field.key])
        yield f"{item.key}.{number}.{WAS}", [str(number)]


def _sent(field: Field, value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["true" if value else "false"]
    clear = KINDS[field.kind].clear
    return [clear(one) for one in value] if isinstance(value, list) else [clear(value)]


def corrected(turn: Turn, keys: Collection[str]) -> tuple[Answers, list[Problem]]:
    """The whole application with the new answers in it, read again as on the day it was handed in; and what is wrong
    with it."""
    before = case_answers.full(turn.case)
    after = dict(before)
    for item in (item for group in named(turn.programme, keys) for item in group.items):
        value = _merged(item, turn.answers.get(item.key), before.get(item.key))
        after.pop(item.key, None)
        if value is not None:
            after[item.key] = value
    day = local_date(turn.case.submitted_at or turn.now)
    bound = bind_json(turn.programme.form, after, day)
    problems = [problem for problem in bound.problems if not problem.warning]
    problems = problems or unfitting(turn.programme, bound.answers, day)
    account_asked = any(item.key == "account_name" for group in named(turn.programme, keys) for item in group.items)
    return bound.answers, problems + (payees.check(turn, bound.answers) if account_asked else [])


def _merged(item: Item, new: Any, old: Any) -> Any:
    if isinstance(item, Field):
        return _kept(item, new, old)
    rows, found = old or [], []
    for row in new or []:
        was = row.get(WAS)
        earlier = rows[was] if isinstance(was, int) and was < len(rows) else {}
        made = {field.key: _kept(field, row.get(field.key), earlier.get(field.key)) for field in item.fields}
        found.append({key: value for key, value in made.items() if value is not None})
    return found if new is not None else None


def _kept(field: Field, new: Any, old: Any) -> Any:
    """The new answer; the old one where what is sealed was left as it stood."""
    if new in (None, "", []):
        return old if field.sensitive else None
    return old if new == SEALED and old is not None else new


def unfitting(programme: Programme, answers: Answers, day: date) -> list[Problem]:
    """Answers that do not fit together on a day: people of a household, and what the programme's check finds."""
    found = people_faults(answers)
    if programme.check:
        found += CHECKS[programme.check].faults(answers, day)
    return [Problem("INCONSISTENT", str(fault.text), place=fault.place) for fault in found]


def changed(form: FormSpec, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The places whose answers differ, in the form's order; of a list by the number of the row."""
    found: list[str] = []
    for item in form.items():
        old, new = before.get(item.key), after.get(item.key)
        if isinstance(item, Field):
            found += [item.key] if old != new and not item.derived else []
            continue
        rows = max(len(old or []), len(new or []))
        for number in range(rows):
            one, other = ((side or [])[number : number + 1] or [{}] for side in (old, new))
            found += [
                f"{item.key}.{number}.{field.key}" for field in item.fields
                if not field.derived and one[0].get(field.key) != other[0].get(field.key)
            ]
    return found


def outside(turn: Turn, keys: Collection[str], problems: list[Problem]) -> list[Problem]:
    """What lies where this applicant cannot reach says who can help."""
    here = {item.key for group in named(turn.programme, keys) for item in group.items}
    mend = _("This part of the form was not opened to you: ask the office to name it in the notice, too.")
    return [p if p.place.partition(".")[0] in here else replace(p, place="", mend=p.mend or mend) for p in problems]


def keys_of(case_items: Collection[Mapping[str, Any]]) -> list[str]:
    """The groups of the form among the items of a notice."""
    return [key for row in case_items if (key := str(row["item"])).startswith(PREFIX)]


def titles(programme: Programme) -> dict[str, Text]:
    """What an item of a notice is called: each paper, and each group of the form."""
    form = {key: group.title for key, group in groups(programme).items()}
    parts = {key: Text(f"申请表：{title.zh}", f"Form: {title.en}") for key, title in form.items()}
    return {paper.key: paper.title for paper in programme.papers} | parts


def revisions(case: Case) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], list[str], Any]]:
    """Each correction of the application, newest first: (before, after, places, when); the answers masked."""
    rows = list(case.answers.filter(form="application").select_related("event").order_by("id"))
    for old, new in reversed(list(pairwise(rows))):
        if new.event.action == "supplement":
            yield old.shown, new.shown, list(new.event.data.get("corrected", [])), new.at
