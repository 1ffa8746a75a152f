"""Who of the demonstration is insured in mutual aid: some since last year without a gap, one for the first time."""

from datetime import date, datetime

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.core.calendar import local_date
from casework.demo.accounts import APPLICANTS
from casework.demo.organisations import by_key
from casework.demo.people import find_or_make
from casework.mutualaid import cover

# login → union and the first year of cover, counted back from this one.
INSURED = {"applicant": ("textile", 1), "applicant2": ("machine", 1), "applicant4": ("school", 0)}


def load(now: datetime) -> None:
    """Enter the covers that are missing."""
    places, year = by_key(), local_date(now).year
    stamp = stamp_of(SYSTEM, None, "command")
    for account in APPLICANTS:
        union, back = INSURED.get(account.username, ("", -1))
        person = find_or_make(account.someone, now)
        for this in range(year - back, year + 1) if union else ():
            days = date(this, 1, 1), date(this, 12, 31)
            cover.give(person, places[union], *days, stamp, now)
            cover.give(person, places[union], *days, stamp, now, plan=cover.CRITICAL, shares=2)
