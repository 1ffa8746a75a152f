"""Case numbers: programme letters, region, year and a running number, e.g. LA611002-2026-000123."""
import secrets
from datetime import date

from casework.cases.models import Series
from casework.core.counting import take_next

CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def next_number(key: str, region: str, day: date, letters: str = "") -> str:
    """Take the next number of the series of this programme, region and year. Call inside the transaction that
    creates the case: a rollback gives the number back. letters: what it begins with; "" = the initials of the key."""
    letters = letters or "".join(word[0] for word in key.split("_")).upper()
    name = f"{letters}{region}-{day.year}"
    return f"{name}-{take_next(Series, 'name', name):06d}"


def query_code() -> str:
    """A code the applicant may be asked for on the phone; no letters that are misheard."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(6))
