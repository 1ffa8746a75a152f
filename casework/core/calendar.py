"""The office calendar: holidays and make-up days, limits in working days (domain §4.2).

Our own tables come first, then the `holidays` package; a year not yet published counts Monday to Friday as working
and marks its dates provisional.
"""
import tomllib
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
OFFICE_CLOSES: Final = time(18, 0)
# Before this year the make-up days were not in the yearly list of the State Council.
FIRST_LISTED: Final = 2008
MOST_DAYS: Final = 4000
_DATA: Final = Path(__file__).parent / "calendar_data"


class Due(NamedTuple):
    """at: the moment a limit ends (aware). provisional: a day of its count lies in an unpublished year."""

    at: datetime
    provisional: bool


class _Year(NamedTuple):
    off: frozenset[date]
    working: frozenset[date]


@lru_cache(maxsize=64)
def _year(year: int) -> _Year | None:
    path = _DATA / f"{year}.toml"
    if path.exists():
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Year(frozenset(_days(year, table["off"])), frozenset(_days(year, table["working"])))
    return _packaged(year) if year >= FIRST_LISTED else None


def _packaged(year: int) -> _Year | None:
    """The year as the package knows it. Until the list is out it only guesses the feasts and has no make-up days."""
    import holidays  # a third of a second, and seldom needed

    known = holidays.country_holidays("CN", years=year)
    working = frozenset(day for day in known.weekend_workdays if day.year == year)
    return _Year(frozenset(known), working) if working else None


def _days(year: int, entries: list[str]) -> list[date]:
    found: list[date] = []
    for entry in entries:
        first, _dots, last = entry.partition("..")
        day, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last or first}")
        while day <= end:
            found.append(day)
            day += timedelta(days=1)
    return found


def _version() -> str:
    tables = b"".join(path.read_bytes() for path in sorted(_DATA.glob("*.toml")))
    return f"{sha256(tables).hexdigest()[:12]}+holidays-{metadata.version('holidays')}"


# Which tables a due date was counted with: our own and the package's.
CALENDAR_VERSION: Final = _version()


def local_date(moment: datetime) -> date:
    """The office's date of an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def is_published(year: int) -> bool:
    """Has the State Council's list of this year been entered?"""
    return _year(year) is not None


def is_working(day: date) -> bool:
    """Is the office open on this day?"""
    table = _year(day.year)
    if table is not None:
        if day in table.working:
            return True
        if day in table.off:
            return False
    return day.weekday() < 5


def add_working_days(start: date, n: int) -> date:
    """The day n working days after start; the count begins on the day after. n = 0 gives start itself. Raises
    ValueError for a negative or absurd n."""
    if not 0 <= n <= MOST_DAYS:
        raise ValueError(f"a limit lies between 0 and {MOST_DAYS} working days")
    day = start
    while n:
        day += timedelta(days=1)
        if is_working(day):
            n -= 1
    return day


def add_calendar_days(start: date, n: int) -> date:
    """The day n calendar days after start; an end on a day off moves to the next working day (Civil Code 203).
    Raises ValueError for a negative or absurd n."""
    if not 0 <= n <= MOST_DAYS:
        raise ValueError(f"a limit lies between 0 and {MOST_DAYS} days")
    day = start + timedelta(days=n)
    while not is_working(day):
        day += timedelta(days=1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days in (start, end]; 0 when end is not after start."""
    day, count = start, 0
    while day < end:
        day += timedelta(days=1)
        count += is_working(day)
    return count


def add_months(start: date, n: int) -> date:
    """The same day n months later; where that month is too short, its last day."""
    months = start.year * 12 + start.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def start_of(day: date) -> datetime:
    """The first moment of a day at the office."""
    return datetime.combine(day, time.min, SHANGHAI)


def due_moment(start: datetime, wd: int, *, window: bool = False) -> Due:
    """The moment a limit of wd working days ends: 24:00 of its last day (the first moment of the next) online,
    closing time at the window. start: aware, in any zone; the office's date counts. Raises ValueError."""
    first = local_date(start)
    last = add_working_days(first, wd)
    if window:
        at = datetime.combine(last, OFFICE_CLOSES, SHANGHAI)
    else:
        at = datetime.combine(last + timedelta(days=1), time.min, SHANGHAI)
    return Due(at, not all(is_published(year) for year in range(first.year, last.year + 1)))
