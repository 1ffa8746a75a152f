"""The plain values a programme is written with, read one by one. Each fault says where it stands and how to mend it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from casework.core.calendar import MOST_DAYS
from casework.core.text import Text
from casework.programmes.eligibility import shape_faults
from casework.programmes.spec import NO_TEXT


class ProgrammeFault(Exception):
    """A programme is wrong. where: file and line, or the key; zh, en: what, and how to mend it."""

    def __init__(self, where: str, zh: str, en: str) -> None:
        self.where, self.message = where, Text(zh, en)
        super().__init__(f"{where}: {en}")


def mapping(data: Any, where: str) -> Mapping[str, Any]:
    """Keys with values, in the order they stand."""
    if not isinstance(data, Mapping):
        raise ProgrammeFault(
            where, "这里要写成键和值，例如 limit: 5wd", "keys with values are wanted here, such as limit: 5wd"
        )
    return data


def only(data: Mapping[str, Any], known: Collection[str], where: str) -> None:
    """Refuse keys that mean nothing: they are most often mistyped."""
    unknown = sorted(set(data) - set(known))
    if unknown:
        these, there = ", ".join(unknown), ", ".join(sorted(known))
        raise ProgrammeFault(
            where, f"没有这样的键 {these}：请去掉或改正；可用的有 {there}",
            f"unknown keys {these}: remove or correct them; there are {there}",
        )


def words(data: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> Text:
    """A text in both languages."""
    value = data.get(key)
    if value is None:
        if needed:
            raise ProgrammeFault(
                where, f"缺少 {key}：请写 {{zh: …, en: …}}", f"{key} is missing: give {{zh: …, en: …}}"
            )
        return NO_TEXT
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"} or not all(value.values()):
        raise ProgrammeFault(
            f"{where} {key}", "文字要有中英两种：{zh: …, en: …}", "give the text in both languages: {zh: …, en: …}"
        )
    return Text.of(value)


def several(data: Mapping[str, Any], key: str, where: str) -> tuple[Text, ...]:
    """A list of texts in both languages; none where it is left out."""
    found = data.get(key, ())
    if not isinstance(found, list | tuple):
        raise ProgrammeFault(
            f"{where} {key}", "这里要写成文字的列表，例如 [{zh: …, en: …}]",
            "a list of texts is wanted: write it such as [{zh: …, en: …}]",
        )
    return tuple(words({key: text}, key, where) for text in found)


def whole(value: Any, where: str) -> int:
    """A whole number from 0 on."""
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ProgrammeFault(
            where, f"{value!r} 不是整数：例如写 6", f"{value!r} is not a whole number: write it such as 6"
        )
    return int(text)


def working_days(text: Any, where: str) -> int:
    """A limit such as "5wd"."""
    number = str(text).removesuffix("wd")
    if not str(text).endswith("wd") or not (number.isascii() and number.isdigit()):
        raise ProgrammeFault(
            where, f"{text!r} 不是工作日期限：例如写 5wd",
            f"{text!r} is not a limit in working days: write it such as 5wd",
        )
    if len(number) > 4 or int(number) > MOST_DAYS:
        raise ProgrammeFault(
            where, f"{text!r} 太长：期限最多 {MOST_DAYS} 个工作日",
            f"{text!r} is too long: a limit has at most {MOST_DAYS} working days",
        )
    return int(number)


def span(text: Any, where: str) -> tuple[int, int]:
    """(working days, calendar days) of a limit such as "5wd" or "15d". Of calendar days the working days are only
    what pages say in round figures: the due day is counted by the calendar (domain §4.2)."""
    number = str(text).removesuffix("d")
    if str(text).endswith("wd") or not (str(text).endswith("d") and number.isascii() and number.isdigit()):
        return working_days(text, where), 0
    if len(number) > 4 or not 0 < int(number) <= MOST_DAYS:
        raise ProgrammeFault(
            where, f"{text!r} 不是期限：应为 1 至 {MOST_DAYS} 天", f"{text!r} is no limit: it has 1 to {MOST_DAYS} days"
        )
    return max(1, int(number) * 5 // 7), int(number)


def names(data: Any, where: str) -> tuple[str, ...]:
    """A list of plain names."""
    if not isinstance(data, list | tuple) or not all(isinstance(value, str) for value in data):
        raise ProgrammeFault(
            where, "这里要写成名称的列表，例如 [one, two]", "a list of names is wanted here, such as [one, two]"
        )
    return tuple(data)


def day_of_year(text: Any, where: str) -> tuple[int, int]:
    """(month, day) of "07-01"."""
    try:
        month, day = (int(part) for part in str(text).split("-"))
        date(2024, month, day)  # a leap year, so that 29 February may be named
    except ValueError as error:
        raise ProgrammeFault(
            where, f'{text!r} 不是一年中的某一天：例如写 "07-01"',
            f'{text!r} is not a day of the year: write it such as "07-01"',
        ) from error
    return month, day


def closed(data: Any, where: str) -> Mapping[str, Any]:
    """A closed condition: facts with the tests they must stand."""
    when = mapping(data, where)
    for fact, said in shape_faults(when):
        raise ProgrammeFault(f"{where}.{fact}", *said)
    return when
