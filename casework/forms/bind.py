"""From what was typed to answers: every field read by its kind, every problem named by its place, nothing lost."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dc_field
from datetime import date
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.forms import derived
from casework.forms.kinds import KINDS
from casework.forms.rows import ROWS_MOST, members_asked, people_of, row_numbers, without_gaps
from casework.forms.spec import Field, FormSpec, Page, Repeat, holds

Raw = Mapping[str, list[str]]
NEEDED = _("This is needed.")
AGAIN = "AGAIN"  # code of the problem that something was typed only once


@dataclass
class Bound:
    """answers: typed, JSON-able values. problems: by place. raw: what was typed, for drawing the form again."""

    form: FormSpec
    answers: dict[str, Any]
    problems: list[Problem] = dc_field(default_factory=list)
    raw: dict[str, list[str]] = dc_field(default_factory=dict)

    @classmethod
    def empty(cls, form: FormSpec) -> "Bound":
        """A form nobody has typed in yet."""
        return cls(form, {}, raw=dict(form.given))

    @property
    def ok(self) -> bool:
        """Nothing stands in the way; warnings do not."""
        return all(problem.warning for problem in self.problems)

    def problems_at(self, place: str) -> list[Problem]:
        """Problems of one field."""
        return [problem for problem in self.problems if problem.place == place]

    def typed(self, place: str) -> list[str]:
        """What stands in a field."""
        return self.raw.get(place, [])

    def rows(self, repeat: Repeat) -> list[int]:
        """The row numbers of a repeat that are drawn: those typed, at least as many as needed."""
        found = row_numbers(repeat.key, self.raw)
        return found or list(range(repeat.least))


def as_raw(data: Any) -> dict[str, list[str]]:
    """A QueryDict or mapping as plain lists."""
    if hasattr(data, "lists"):
        return {name: [str(value) for value in values] for name, values in data.lists()}
    lists = {name: value if isinstance(value, list | tuple) else [value] for name, value in data.items()}
    return {name: [str(value) for value in values] for name, values in lists.items()}


def bind(form: FormSpec, raw: Any, today: date, page: str | None = None) -> Bound:
    """Read a typed form, or one page of it."""
    typed = without_gaps(form, as_raw(raw))
    data = _nested(form, typed)
    reader = _Reader(today)
    pages = [p for p in form.pages if page is None or p.key == page]
    known = {**form.known, **(_Reader(today).read(form.pages, data) if page else {})}
    answers = reader.read(pages, data, known)
    problems = reader.problems + _strangers(form, answers, known) + _mistyped(pages, answers, typed, today)
    return Bound(form, answers, problems, typed)


def _mistyped(pages: Iterable[Page], answers: Mapping[str, Any], typed: Raw, today: date) -> list[Problem]:
    """What is typed twice must be the same twice (domain §4.1, card numbers)."""
    problems = []
    for field in (item for page in pages for item in page.items() if isinstance(item, Field) and item.again):
        again = _one(field, typed.get(field.again, []))
        if field.key not in answers:
            continue
        if not again:
            problems.append(Problem(AGAIN, _("Type it a second time."), place=field.key))
        elif KINDS[field.kind].parse(again, field, today)[0] != answers[field.key]:
            message, mend = _("The two are not the same."), _("Compare both with the card.")
            problems.append(Problem("NOT_THE_SAME", message, place=field.key, mend=mend))
    return problems


def bind_json(form: FormSpec, data: Mapping[str, Any], today: date) -> Bound:
    """Read answers that arrive as JSON. A field the form does not have is a problem (promise R3)."""
    reader = _Reader(today)
    answers = reader.read(form.pages, data, form.known)
    return Bound(form, answers, _unknown(form, data) + reader.problems + _strangers(form, answers, form.known))


def _strangers(form: FormSpec, answers: Mapping[str, Any], known: Mapping[str, Any]) -> list[Problem]:
    """Answers that point at a row which does not exist."""
    problems = []
    for repeat, field in members_asked(form):
        if not any(item.key == people_of(field) for item in form.items()):
            continue
        people = len(answers.get(people_of(field), known.get(people_of(field))) or [])
        holders = enumerate(answers.get(repeat.key) or []) if repeat else [(0, answers)]
        for number, holder in holders:
            value = holder.get(field.key)
            if value is not None and value != "self" and int(value) >= people:
                place = f"{repeat.key}.{number}.{field.key}" if repeat else field.key
                problems.append(Problem("MEMBER", _("Choose a person of the household."), place=place))
    return problems


def _unknown(form: FormSpec, data: Mapping[str, Any]) -> list[Problem]:
    items = {item.key: item for item in form.items()}
    found = [key for key in data if key not in items]
    for key, item in items.items():
        rows = data.get(key)
        if isinstance(item, Repeat) and isinstance(rows, list):
            names = {f.key for f in item.fields}
            kept = [(n, row) for n, row in enumerate(rows) if isinstance(row, Mapping)]
            found += [f"{key}.{n}.{k}" for n, row in kept for k in row if k not in names]
    return unknown_fields(found)


def unknown_fields(places: Iterable[object]) -> list[Problem]:
    """A problem (UNKNOWN_FIELD) for each of these places that no form asked for, fifty at most (promise R3)."""
    text = _("The form has no such field.")
    return [Problem("UNKNOWN_FIELD", text, place=str(place)[:100]) for place in islice(places, 50)]


def _nested(form: FormSpec, typed: Mapping[str, list[str]]) -> dict[str, Any]:
    """Typed names as nested values: one text, or a list where the kind takes many."""
    data: dict[str, Any] = {}
    for item in form.items():
        if isinstance(item, Field):
            if item.key in typed:
                data[item.key] = _one(item, typed[item.key])
            continue
        data[item.key] = [
            {f.key: _one(f, typed[place]) for f in item.fields if (place := f"{item.key}.{n}.{f.key}") in typed}
            for n in row_numbers(item.key, typed)
        ]
    return data


def _one(field: Field, values: list[str]) -> Any:
    return [v for v in values if v] if KINDS[field.kind].many else (values[-1] if values else "")


class _Reader:
    """Reads values field by field and collects problems."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.problems: list[Problem] = []

    def read(self, pages: Any, data: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for page in pages:
            self._page(page, data, answers, known or {})
        return answers

    def _page(self, page: Page, data: Mapping[str, Any], answers: dict[str, Any], known: Mapping[str, Any]) -> None:
        for item in page.items():
            if not holds(item.when, answers, known):
                continue
            if isinstance(item, Repeat):
                answers[item.key] = self._rows(item, data.get(item.key), {**known, **answers})
                continue
            value = self._value(item, item.key, data, answers)
            if value is not None:
                answers[item.key] = value

    def _value(self, field: Field, place: str, data: Mapping[str, Any], answers: Mapping[str, Any]) -> Any:
        """What was typed, or what the answers read so far give."""
        if field.derived:
            return derived.value_of(field, answers, self.today)
        return self._field(field, place, data.get(field.key))

    def _rows(self, repeat: Repeat, data: Any, above: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = data if isinstance(data, list) else []
        if data is not None and not isinstance(data, list):
            self.problems.append(Problem("TYPE", _("This must be a list."), place=repeat.key))
        if len(rows) < repeat.least:
            self.problems.append(Problem("TOO_FEW", _("Add at least %(n)s.") % {"n": repeat.least}, place=repeat.key))
        if len(rows) > repeat.most:
            self.problems.append(Problem("TOO_MANY", _("At most %(n)s.") % {"n": repeat.most}, place=repeat.key))
        return [self._row(repeat, n, row, above) for n, row in enumerate(rows[: min(repeat.most, ROWS_MOST)])]

    def _row(self, repeat: Repeat, n: int, data: Any, above: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = {}
        if not isinstance(data, Mapping):
            self.problems.append(Problem("TYPE", _("This row is not readable."), place=f"{repeat.key}.{n}"))
            return row
        for inner in repeat.fields:
            if not holds(inner.when, row, above):
                continue
            value = self._value(inner, f"{repeat.key}.{n}.{inner.key}", data, row)
            if value is not None:
                row[inner.key] = value
        return row

    def _field(self, field: Field, place: str, value: Any) -> Any:
        kind = KINDS[field.kind]
        if value is None or value == [] or (isinstance(value, str) and not value.strip()):
            return self._missing(field, place)
        try:
            parsed, problems = kind.parse(value, field, self.today)
        except (ValueError, TypeError, OverflowError):
            parsed, problems = None, [Problem("TYPE", _("This cannot be read."))]
        self.problems += [replace(problem, place=place) for problem in problems]
        return parsed

    def _missing(self, field: Field, place: str) -> Any:
        if field.required:
            self.problems.append(Problem("NEEDED", NEEDED, place))
        return False if field.kind == "bool" else None
