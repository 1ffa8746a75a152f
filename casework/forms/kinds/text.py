"""Lines and paragraphs of text."""
from datetime import date
from typing import Any

from casework.forms.kinds.base import Kind, Parsed, tidy_text
from casework.forms.spec import Field

LINE_MOST, PARAGRAPH_MOST = 200, 2000


def parse_line(raw: Any, field: Field, today: date) -> Parsed:
    """One line."""
    return tidy_text(raw, int(field.options.get("max", LINE_MOST)))


def parse_paragraph(raw: Any, field: Field, today: date) -> Parsed:
    """Several lines."""
    return tidy_text(raw, int(field.options.get("max", PARAGRAPH_MOST)), lines=True)


def schema(field: Field) -> dict[str, Any]:
    """A string of limited length."""
    most = PARAGRAPH_MOST if field.kind == "longtext" else LINE_MOST
    made = {"type": "string", "maxLength": int(field.options.get("max", most))}
    return made | {"pattern": "\\S"} if field.required else made


KINDS = (Kind("text", parse_line, schema=schema), Kind("longtext", parse_paragraph, "longtext", schema=schema))
