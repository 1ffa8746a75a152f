"""What is wrong, where, and how to mend it. Checks return a list of Problem; only the door raises Refused."""
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way.

    code: stable upper-case code, e.g. ``ID_CHECK_DIGIT``. place: dotted path of the field ("members.0.id_no"),
    or "" for the whole. message, mend: lazy gettext strings, so one problem can be told in either language.
    warning: the reader may go on after confirming.
    """

    code: str
    message: Words
    place: str = ""
    mend: Words = ""
    params: dict[str, Any] = field(default_factory=dict)
    warning: bool = False


class Refused(Exception):
    """The door said no. status: the HTTP status that fits (403, 404, 409 or 422)."""

    def __init__(self, problems: Iterable[Problem], status: int = 422) -> None:
        self.problems = list(problems)
        self.status = status
        super().__init__("; ".join(f"{p.code} {p.message}" for p in self.problems))

    @property
    def codes(self) -> set[str]:
        """The codes of its problems."""
        return {problem.code for problem in self.problems}
