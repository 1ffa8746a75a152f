"""Filling in the words of a message, strictly for sending and forgivingly for pages."""
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from casework.core.text import Text
from casework.notifications import messages
from casework.notifications.models import Message
from casework.notifications.template import Template
from casework.programmes.reasons import RETURNS

_PART = re.compile(r"\[([^\[\]]*)\]")
_NAME = re.compile(r"\{(\w+)\}")
_DATES = ("_on", "_by", "_until")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)


class Unwritable(Exception):
    """The message cannot be put into words: an unknown template, or a parameter that the text needs is missing."""


class Words(NamedTuple):
    """A message as it is read."""

    title: str
    body: str


def compose(template: str, params: Mapping[str, Any], language: str) -> Words:
    """Title and text for the app. Raises Unwritable."""
    found, chinese = _template(template), language.startswith("zh")
    contact = messages.CONTACT if template in messages.FOR_APPLICANTS else Text("", "")
    body = [_fill(text, params, chinese) for text in (found.body, contact)]
    return Words(_fill(found.title, params, chinese), ("" if chinese else " ").join(filter(None, body)))


def compose_sms(template: str, params: Mapping[str, Any], language: str) -> str:
    """The short text for SMS. Raises Unwritable, also for a template without one."""
    found, chinese = _template(template), language.startswith("zh")
    if found.sms is None:
        raise Unwritable(f"{template} is never sent by SMS")
    return _fill(found.sms, params, chinese) + _fill(messages.SMS_CONTACT, params, chinese)


def compose_email(template: str, params: Mapping[str, Any], language: str, link: str) -> Words:
    """Subject and text of an e-mail. link: address of the case's page, "" for none. Raises Unwritable."""
    title, body = compose(template, params, language)
    letter = _fill(messages.EMAIL, {**params, "body": body, "link": link}, language.startswith("zh"))
    return Words(title, letter)


def words(message: Message, language: str) -> tuple[str, str]:
    """Title and text of a message for a page. Never raises: a page shows what can be said."""
    try:
        return compose(message.template, message.params, language)
    except Unwritable:
        pair = messages.FALLBACK, messages.FALLBACK_BODY
        return Words(*(text.zh if language.startswith("zh") else text.en for text in pair))


def _template(key: str) -> Template:
    try:
        return messages.TABLE[key]
    except KeyError:
        raise Unwritable(f"no template {key}") from None


def _fill(text: Text, params: Mapping[str, Any], chinese: bool) -> str:
    """Leave out the optional parts whose parameters are missing, then put the values in."""
    values = _values(params, chinese)

    def part(match: re.Match[str]) -> str:
        return match[1] if all(values(name) for name in _NAME.findall(match[1])) else ""

    def value(match: re.Match[str]) -> str:
        found = values(match[1])
        if not found:
            raise Unwritable(f"no {match[1]}")
        return found

    filled = _NAME.sub(value, _PART.sub(part, text.zh if chinese else text.en))
    return filled[:1].upper() + filled[1:]


def _values(params: Mapping[str, Any], chinese: bool) -> Callable[[str], str]:
    """The words for one name, "" when there are none."""

    def find(name: str) -> str:
        if name == "yours":
            return _pick(messages.THEIRS if params.get("for_other") else messages.YOURS, chinese)
        value = params.get(name)
        if coded := _coded(name, value):
            return _pick(coded, chinese)
        if isinstance(value, Mapping):
            value = value.get("zh" if chinese else "en")
        elif not chinese:
            value = params.get(f"{name}_en") or value
        return _said(name, value, chinese)

    return find


def _pick(text: Text, chinese: bool) -> str:
    return text.zh if chinese else text.en


def _coded(name: str, value: Any) -> Text | None:
    """Words for a value that is a code."""
    if name == "code" and value:
        return RETURNS.get(str(value), RETURNS["OTHER"])
    return messages.PAUSES.get(value) if name == "reason" and isinstance(value, str) else None


def _said(name: str, value: Any, chinese: bool) -> str:
    """A value as people read it; ISO dates in words."""
    said = "" if value is None else str(value).strip()
    if not said or not name.endswith(_DATES):
        return said
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Unwritable(f"{name} is no date") from None
    return f"{day.year}年{day.month}月{day.day}日" if chinese else f"{day.day} {MONTHS[day.month - 1]} {day.year}"
