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
LOCAL = Text(
    "按当地标准核定，请选择您所在的地区，或向当地工会询问。",
    "By the local standard: choose your region, or ask your union.",
)
ASIDE = re.compile(r" ?（[^（）]*）| ?\([^()]*\)")
SENTENCE = re.compile(r".+?(?:。|\.(?=\s)|$)", re.S)  # the points inside of a place are followed by letters
BETWEEN = ("", " ")


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
    """A text with its figures. Where a number is not entered, or cannot be told, an aside in brackets is left out, and
    any other sentence gives way to LOCAL, said once."""
    return Text(*(_filled(said, n, numbers) for n, said in enumerate(text)))


def _filled(said: str, language: int, numbers: Mapping[str, Any]) -> str:
    """language: the place of a language in a Text."""

    def whole(part: str) -> bool:
        return all(_told(name, form, numbers) is not None for name, form in places_in(part))

    def told(place: re.Match[str]) -> str:
        words = _told(place[1], place[2] or "", numbers)
        return words[language] if words is not None else place[0]

    parts: list[str] = []
    for sentence in SENTENCE.findall(ASIDE.sub(lambda aside: aside[0] if whole(aside[0]) else "", said)):
        part = sentence.strip() if whole(sentence) else LOCAL[language]
        if part and parts[-1:] != [part]:
            parts.append(part)
    return PLACE.sub(told, BETWEEN[language].join(parts))


def _told(reference: str, form: str, numbers: Mapping[str, Any]) -> Text | None:
    """A figure in words; None where it is not entered or is of another shape."""
    value = references.part(numbers, reference)
    try:
        if form == "yuan":
            return Text.of(yuan(value))
        if form == "terms":
            return terms(value)
    except (AttributeError, LookupError, TypeError, ValueError):
        return None
    return None if value is None or isinstance(value, Mapping | list) else Text.of(str(value))
