"""The buttons inside a decision's form that work without JavaScript: one more row, one row less, a file taken out."""
from casework.desk.uploads import Raw
from casework.forms.rows import row_numbers, without_row
from casework.forms.spec import FormSpec, Repeat


def changed(form: FormSpec, raw: Raw, wish: str) -> Raw:
    """Carry out "add:items", "remove:items.1" or "unfile:photos.<id>"; anything else leaves the form as it is."""
    verb, _colon, target = wish.partition(":")
    key, _dot, rest = target.rpartition(".")
    if verb == "add":
        return _with_row(form, raw, target)
    if verb == "remove" and rest.isascii() and rest.isdigit() and len(rest) < 4:
        return without_row(form, raw, key, int(rest)) if _repeat(form, key) else raw
    if verb == "unfile":
        return {**raw, key: [value for value in raw.get(key, []) if value != rest]}
    return raw


def _with_row(form: FormSpec, raw: Raw, key: str) -> Raw:
    repeat = _repeat(form, key)
    if repeat is None:
        return raw
    first = repeat.fields[0].key
    numbers = row_numbers(key, raw) or list(range(repeat.least))
    drawn = {f"{key}.{number}.{first}": [""] for number in numbers} | raw
    if len(numbers) >= repeat.most:
        return drawn
    return drawn | {f"{key}.{max(numbers, default=-1) + 1}.{first}": [""]}


def _repeat(form: FormSpec, key: str) -> Repeat | None:
    return next((item for item in form.items() if isinstance(item, Repeat) and item.key == key), None)
