"""Guard against personal numbers in clear in the event log. It is a wall behind the masks, not a scanner for texts."""
import re
from collections.abc import Iterator
from typing import Any

# Delimited by anything but letters and digits, so that hashes and public ids pass. \d takes full-width digits too.
_EDGE, _END = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_NUMBER = re.compile(rf"{_EDGE}(?:\d{{17}}[\dXxＸ]|\d{{16}}|\d{{19}}|1[3-9]\d{{9}}){_END}")


class PersonalDataInLog(ValueError):
    """A programming error: an ID, card or phone number in clear was handed to the event log."""


def _is_id(digits: str) -> bool:
    month, day = int(digits[10:12]), int(digits[12:14])
    return digits[6:8] in ("18", "19", "20") and 1 <= month <= 12 and 1 <= day <= 31


def _is_card(digits: str) -> bool:
    """A UnionPay number that passes Luhn."""
    if not digits.startswith("62"):
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_private(found: str) -> bool:
    plain = "".join(c if c in "XxＸ" else str(int(c)) for c in found)
    if len(plain) == 18:
        return _is_id(plain)
    return len(plain) == 11 or _is_card(plain)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def refuse_private(text: str, value: Any) -> None:
    """Raise PersonalDataInLog if a string of `value` holds a number of a person. `text`: the JSON of value, searched
    first because a number is almost never there."""
    if not _NUMBER.search(text):
        return
    for string in _strings(value):
        if any(_is_private(match.group()) for match in _NUMBER.finditer(string)):
            raise PersonalDataInLog("an ID, card or phone number in clear must not enter the event log")
