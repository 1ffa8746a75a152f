"""What is worked out from other answers instead of being asked for: shown beside them, never read from a page.

forms.js works the same out while somebody types; the name of a derivation is what `derived` says in the form."""
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from casework.core.identifiers import birth_of
from casework.forms.spec import Field

Values = Sequence[Any]


def _number(values: Values) -> str:
    """A whole ID number. Raises ValueError for one that is masked or not complete."""
    number = str(values[0] or "")
    if len(number) != 18 or not number[:17].isdigit():
        raise ValueError
    return number


def sex(values: Values, day: date) -> str:
    """"male" or "female", by the 17th digit of an ID number (domain §4.1)."""
    return "male" if int(_number(values)[16]) % 2 else "female"


def birth(values: Values, day: date) -> str:
    """The day of birth in an ID number."""
    return birth_of(_number(values)).isoformat()


def age(values: Values, day: date) -> int:
    """Full years on that day."""
    born = birth_of(_number(values))
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def difference(values: Values, day: date) -> int:
    """The first amount less the others, never below zero."""
    first, *others = values
    if first is None:
        raise ValueError
    return max(0, int(first) - sum(int(other or 0) for other in others))


DERIVED: Mapping[str, Callable[[Values, date], Any]] = {
    "sex": sex, "birth": birth, "age": age, "difference": difference,
}


def sources(field: Field) -> list[str]:
    """Keys of the answers it is worked out from; they stand in the same row."""
    of = field.options.get("of", ())
    return [of] if isinstance(of, str) else list(of)


def value_of(field: Field, answers: Mapping[str, Any], day: date) -> Any:
    """The value, None while the answers do not give one."""
    try:
        return DERIVED[field.derived]([answers.get(key) for key in sources(field)], day)
    except (ValueError, TypeError):
        return None
