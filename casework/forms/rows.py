"""Rows of repeats in typed names such as "members.0.name": found, numbered without gaps, taken away."""
from collections.abc import Iterator, Mapping

from casework.forms.spec import Field, FormSpec, Repeat

ROWS_MOST = 100
Raw = dict[str, list[str]]
Moves = dict[int, int]


def row_number(name: str, key: str) -> int | None:
    """The row of a repeat that a typed name belongs to."""
    head, _dot, rest = name.partition(".")
    number, dot, _key = rest.partition(".")
    fits = head == key and bool(dot) and number.isascii() and number.isdigit() and len(number) < 4
    return int(number) if fits else None


def row_numbers(key: str, raw: Mapping[str, object]) -> list[int]:
    """Row numbers of a repeat, in order, at most ROWS_MOST."""
    return sorted({number for name in raw if (number := row_number(name, key)) is not None})[:ROWS_MOST]


def without_gaps(form: FormSpec, raw: Mapping[str, list[str]]) -> Raw:
    """The same rows numbered 0, 1, 2 …, so that a problem is named by the place where its field stands."""
    made = dict(raw)
    for item in form.items():
        if isinstance(item, Repeat):
            moves = {old: new for new, old in enumerate(row_numbers(item.key, made))}
            if any(old != new for old, new in moves.items()):
                made = _moved(form, made, item.key, moves)
    return made


def without_row(form: FormSpec, raw: Mapping[str, list[str]], key: str, number: int) -> Raw:
    """The form without one row: the rows below move up, answers that point at a row follow it, and those that
    pointed at the row that is gone are open again."""
    left = [n for n in row_numbers(key, raw) if n != number]
    return _moved(form, dict(raw), key, {old: new for new, old in enumerate(left)})


def _moved(form: FormSpec, raw: Raw, key: str, moves: Moves) -> Raw:
    made: Raw = {}
    for name, values in raw.items():
        number = row_number(name, key)
        if number is None:
            made[name] = _followed(form.field(name), key, values, moves)
        elif number in moves:
            made[f"{key}.{moves[number]}.{name.split('.', 2)[2]}"] = values
    return made


def _followed(field: Field | None, key: str, values: list[str], moves: Moves) -> list[str]:
    if field is None or field.kind != "member_ref" or people_of(field) != key:
        return values
    return [_new_number(value, moves) for value in values]


def _new_number(value: str, moves: Moves) -> str:
    text = value.strip()
    if not (text.isascii() and text.isdigit()):
        return value
    return str(moves[int(text)]) if int(text) in moves else ""


def people_of(field: Field) -> str:
    """Key of the repeat whose rows a member_ref points at."""
    return str(field.options.get("of") or "members")


def members_asked(form: FormSpec) -> Iterator[tuple[Repeat | None, Field]]:
    """Every member_ref of the form, with the repeat it stands in."""
    for item in form.items():
        for field in item.fields if isinstance(item, Repeat) else (item,):
            if field.kind == "member_ref":
                yield (item if isinstance(item, Repeat) else None), field
