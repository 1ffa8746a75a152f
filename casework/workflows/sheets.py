"""The sheets that steps fill in and keep together — of a visit, of a meeting, of a contract — line by line."""
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from casework.core.problems import Words
from casework.core.text import listed
from casework.workflows import wording
from casework.workflows.doubts import NO_VISIT_WHY

SHEETS = ("sheet", "minutes", "contract", "no_visit")
LINES: dict[str, Words] = {
    "visited_on": gettext_lazy("Date of the visit"), "place": gettext_lazy("Place (village or community)"),
    "met": gettext_lazy("People met"), "housing": gettext_lazy("Housing"),
    "finding": gettext_lazy("Income and spending as seen"), "difficulty": gettext_lazy("Difficulty"),
    "neighbours": gettext_lazy("What neighbours say"), "agrees": gettext_lazy("Agrees with what was declared"),
    "voice": gettext_lazy("What the worker said"), "held_on": gettext_lazy("Date of the meeting"),
    "present": gettext_lazy("People present"), "in_favour": gettext_lazy("In favour"),
    "from": gettext_lazy("Contract from"), "to": gettext_lazy("Contract to"),
    "why": gettext_lazy("Why no visit was made"), "attempts": gettext_lazy("Days of the attempts"),
    "wage": gettext_lazy("Wage a month"), "insured": gettext_lazy("With social insurance"),
}
WRITERS: dict[str, Callable[[Any], str]] = {
    "visited_on": wording.day, "held_on": wording.day, "from": wording.day, "to": wording.day, "wage": wording.yuan,
    "why": lambda value: str(NO_VISIT_WHY.get(value, value)), "attempts": lambda days: listed(map(wording.day, days)),
}


def lines(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The lines of the sheets that were filled in."""
    for name in SHEETS:
        held = data.get(name)
        sheet: Mapping[str, Any] = held if isinstance(held, Mapping) else {}
        for key, label in LINES.items():
            if sheet.get(key) not in (None, ""):
                yield str(label), WRITERS.get(key, wording.plain)(sheet[key])
