"""What a field kind is: how a value is read, shown, described and drawn."""
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.core.identifiers import has_forbidden
from casework.core.problems import Problem
from casework.forms.spec import Field

Parsed = tuple[Any, list[Problem]]
UNKEPT = _("The text holds signs that cannot be kept.")
TYPE_AGAIN = _("Type it again instead of pasting it.")


def shown_plainly(value: Any, field: Field) -> str:
    """The value as text."""
    return "" if value is None else str(value)


def string_schema(field: Field) -> dict[str, Any]:
    """A string."""
    return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Kind:
    """parse(text, field, today) → (value, problems), for a text that is not empty. show(value, field): for reading,
    masked if sensitive. schema(field): JSON Schema. widget: template forms/field/<widget>.html. many: the value is
    a list of texts. clear: back to what is typed into the widget."""

    key: str
    parse: Callable[[Any, Field, date], Parsed]
    widget: str = "text"
    show: Callable[[Any, Field], str] = shown_plainly
    schema: Callable[[Field], dict[str, Any]] = string_schema
    sensitive: bool = False
    many: bool = False
    inputmode: str = "text"
    mask: Callable[[str], str] | None = None
    clear: Callable[[Any], str] = str


def wrong(code: str, message: Any, mend: Any = "") -> Parsed:
    """No value, one problem."""
    return None, [Problem(code, message, mend=mend)]


def tidy_text(raw: Any, most: int, *, lines: bool = False) -> Parsed:
    """Text without control signs, at most so long."""
    if not isinstance(raw, str):
        return wrong("TYPE", _("This must be text."))
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if has_forbidden(text, lines=lines):
        return wrong("SIGNS", UNKEPT, TYPE_AGAIN)
    if len(text) > most:
        return text, [Problem("TOO_LONG", _("The text is too long: at most %(most)s characters.") % {"most": most},
                              mend=_("Shorten it; nothing was lost."))]
    return text, []
