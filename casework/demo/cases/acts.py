"""What a story is made of: acts of people at days before today."""
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from casework.core.calendar import SHANGHAI, is_working

# Answers that are known only when the act is carried out.
THAT_DAY, THE_AWARD = "<that day>", "<the award>"


class Upload(NamedTuple):
    """In the answers or in a row of them: a picture of this kind, uploaded when the application is handed in."""

    kind: str


NONE: Mapping[str, Any] = MappingProxyType({})


class Act(NamedTuple):
    """One click. day: working days before today, at least 1; time: HH:MM in Shanghai; who: login; answers: a
    callable finds its answer from the case; files: field → how many pictures are uploaded for it."""

    day: int
    time: str
    who: str
    action: str
    answers: Mapping[str, Any] = NONE
    files: Mapping[str, int] = NONE


class Story(NamedTuple):
    """One case. key: short name, for the keys of its commands; day, time, who: of the application; form: makes its
    answers from the moment; files: as in Act."""

    key: str
    service: str
    day: int
    time: str
    who: str
    form: Callable[[datetime], dict[str, Any]]
    acts: tuple[Act, ...] = ()
    files: Mapping[str, int] = NONE


class Run(NamedTuple):
    """One payment batch for the waiting payments of some stories: (day, time) of each stage that was reached."""

    stories: tuple[str, ...]
    made: tuple[int, str]
    checked: tuple[int, str] | None = None
    sent: tuple[int, str] | None = None
    answered: tuple[int, str] | None = None


def office_day(today: date, back: int) -> date:
    """The working day so many before today, which does not count itself."""
    day = today
    while back:
        day -= timedelta(days=1)
        back -= is_working(day)
    return day


def moment(today: date, back: int, clock: str) -> datetime:
    """A local time on that working day."""
    return datetime.combine(office_day(today, back), time.fromisoformat(clock), SHANGHAI)
