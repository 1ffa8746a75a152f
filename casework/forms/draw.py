"""What a form page looks like, as plain objects for the templates: groups of controls and rows."""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from casework.core.problems import Problem
from casework.documents.models import Document
from casework.forms import conditions
from casework.forms.bind import Bound
from casework.forms.controls import Control, Host
from casework.forms.rows import members_asked, people_of
from casework.forms.spec import Field, Page, Repeat

NEW_ROW = "__n__"


@dataclass(frozen=True)
class Rows:
    """A repeat as it is drawn."""

    host: Host
    repeat: Repeat

    @property
    def template(self) -> str:
        """The outline of the rows."""
        return "forms/rows.html"

    @property
    def id(self) -> str:
        """HTML id of the list."""
        return self.host.id_of(self.repeat.key)

    @property
    def anchor(self) -> str:
        """Where the server sends the reader back to after a row was added or taken away."""
        return self.host.anchor_of(self.repeat.key)

    @cached_property
    def problems(self) -> list[Problem]:
        """What is wrong with the list as a whole."""
        return self.host.bound.problems_at(self.repeat.key)

    @cached_property
    def cards(self) -> list[dict[str, Any]]:
        """The rows that stand, each with its controls."""
        return [self._card(str(n)) for n in self.host.bound.rows(self.repeat)]

    @cached_property
    def blank(self) -> dict[str, Any]:
        """The row that forms.js copies."""
        return self._card(NEW_ROW, blank=True)

    def _card(self, number: str, *, blank: bool = False) -> dict[str, Any]:
        place = f"{self.repeat.key}.{number}"
        return {
            "place": place, "id": self.host.id_of(place), "count": "" if blank else int(number) + 1,
            "controls": [Control(self.host, field, f"{place}.{field.key}", blank) for field in self.repeat.fields],
            "problems": [] if blank else self.host.bound.problems_at(place),
        }

    @property
    def full(self) -> bool:
        """No more rows fit."""
        return len(self.cards) >= self.repeat.most

    @property
    def referred(self) -> bool:
        """Do answers elsewhere point at these rows by number? Then the server takes rows away, and mends them."""
        return any(people_of(field) == self.repeat.key for _repeat, field in members_asked(self.host.bound.form))

    @property
    def when(self) -> str:
        """The condition as JSON for forms.js."""
        return conditions.as_json(self.repeat.when)

    @property
    def when_words(self) -> str:
        """The condition in words."""
        return conditions.in_words(self.host.bound.form, self.repeat.when, self.repeat.key)


def groups(host: Host, page: Page) -> list[dict[str, Any]]:
    """The groups of a page with what is drawn in them. A legend that says what the page already says is only heard."""
    return [
        {"key": group.key, "title": group.title, "help": group.help, "echo": str(group.title) == str(page.title),
         "items": list(_drawn(host, group.items))}
        for group in page.groups
    ]


def _drawn(host: Host, items: tuple[Field | Repeat, ...]) -> Iterator[Control | Rows]:
    for item in items:
        if isinstance(item, Repeat):
            yield Rows(host, item)
        else:
            yield Control(host, item, item.key)


def files_of(bound: Bound, owner: int | None = None) -> dict[str, Document]:
    """Every file named in a form by its public id, in one query. owner: whose files alone are known here, whatever ids
    stand in the form (promise R2); None where the form was read by somebody who may see them all."""
    wanted = [
        value for place, values in bound.raw.items() for value in values
        if (field := bound.form.field(place)) is not None and field.kind == "file" and _is_id(value)
    ]
    if not wanted:
        return {}
    rows = Document.objects.filter(public_id__in=wanted, withdrawn_at__isnull=True)
    return {str(row.public_id): row for row in (rows if owner is None else rows.filter(owner=owner))}


def _is_id(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value) is not None


