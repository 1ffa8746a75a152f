"""What money may be given for: the purposes that services in force spend from, told by the names of these services."""
from casework.core import clock
from casework.core.calendar import local_date
from casework.core.text import listed
from casework.programmes import versions
from casework.programmes.loader import programme_of


def purposes() -> list[tuple[str, str]]:
    """(key, services in words), by key."""
    found: dict[str, list[str]] = {}
    for row in versions.all_current(local_date(clock.now())):
        programme = programme_of(row)
        if programme.fund_purpose:
            found.setdefault(programme.fund_purpose, []).append(str(programme.title))
    return [(key, listed(titles)) for key, titles in sorted(found.items())]
