"""Texts for the applicant with the figures of his region in them: no sum stands in a programme.

A place in braces names a regional number, or a part of one, and how it is told: {living_aid.deep_multiple} as it
stands, {subsistence_line:yuan} as an amount, {mutual_hospital:terms} the whole table as a sentence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from casework.core.text import Text
from casework.programmes import references
from casework.programmes.rules.terms import terms, yuan
from casework.programmes.spec import Programme

PLACE = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?::([a-z]+))?\}")
FORMS = ("", "yuan", "terms")
# Attributes of a programme whose texts may hold such places: those of the page of a service.
TEXTS = ("who", "how_much")
LOCAL = Text("（按当地标准）", "(the local standard)")


def places_in(text: str) -> Iterator[tuple[str, str]]:
    """(reference, form) of each place in a text."""
    for found in PLACE.finditer(text):
        yield found[1], found[2] or ""


def keys_in(programme: Programme) -> list[str]:
    """The regional numbers that the texts of a service name."""
    texts = [*programme.who, programme.how_much]
    named = (name for text in texts for name, _form in places_in(text.zh + text.en))
    return list(dict.fromkeys(references.key_of(name) for name in named))


def filled(text: Text, numbers: Mapping[str, Any]) -> Text:
    """A text with its figures. A number that is not entered, or cannot be told, is called the local standard."""
    return Text(*(PLACE.sub(lambda found: _told(found[1], found[2] or "", numbers)[n], said)  # noqa: B023  called at once
                  for n, said in enumerate(text)))


def _told(reference: str, form: str, numbers: Mapping[str, Any]) -> Text:
    value = references.part(numbers, reference)
    try:
        if form == "yuan":
            return Text.of(yuan(value))
        if form == "terms":
            return terms(value)
    except (AttributeError, LookupError, TypeError, ValueError):
        return LOCAL
    return LOCAL if value is None or isinstance(value, Mapping | list) else Text.of(str(value))
