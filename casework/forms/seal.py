"""Splitting answers: what may be shown, with masks, and what is sealed under the person's key (promise P1)."""
from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.scanner import find_private
from casework.forms.kinds import KINDS
from casework.forms.spec import Field, FormSpec, Repeat

Answers = dict[str, Any]


def _places(form: FormSpec, answers: Mapping[str, Any]) -> Iterator[tuple[Field, str, dict[str, Any]]]:
    """Every answered field with its place and the mapping it stands in."""
    for item in form.items():
        if isinstance(item, Repeat):
            for number, row in enumerate(answers.get(item.key) or []):
                for field in item.fields:
                    if field.key in row:
                        yield field, f"{item.key}.{number}.{field.key}", row
        elif item.key in answers:
            yield item, item.key, answers  # type: ignore[misc]


def split(form: FormSpec, answers: Mapping[str, Any]) -> tuple[Answers, dict[str, Any]]:
    """(shown, secret): sensitive values go to secret under their place; shown keeps a mask. So does any other text in
    which somebody wrote an ID, phone or card number (promise A2)."""
    shown: Answers = {key: [dict(row) for row in value] if _is_rows(value) else value for key, value in answers.items()}
    secret: dict[str, Any] = {}
    for field, place, holder in _places(form, shown):
        value = holder[field.key]
        if field.sensitive or (isinstance(value, str) and find_private(value)):
            secret[place] = value
            mask = KINDS[field.kind].mask if field.sensitive else None
            holder[field.key] = mask(str(holder[field.key])) if mask else "***"
    return shown, secret


def join(shown: Mapping[str, Any], secret: Mapping[str, Any]) -> Answers:
    """Undo split."""
    answers: Answers = {key: [dict(row) for row in value] if _is_rows(value) else value for key, value in shown.items()}
    for place, value in secret.items():
        head, _dot, rest = place.partition(".")
        if not rest:
            answers[head] = value
        else:
            number, _dot, key = rest.partition(".")
            answers[head][int(number)][key] = value
    return answers


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
