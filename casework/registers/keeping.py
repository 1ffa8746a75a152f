"""How long the record of a case is kept (domain §4.8). The day is told; nothing is destroyed by itself, for a list of
destruction is approved by two people."""
from datetime import date

from django.db.models import Q

from casework.cases.models import Case
from casework.core.calendar import local_date
from casework.registers.models import Entry


def kept_until(case: Case, years: int | None, *, renewed: bool = False) -> date | None:
    """The last day: so many years after the case ended, or after the last of the entries it made has ended. None where
    it is kept for ever (years is None), and while the end is not known. renewed: the entry that the case is about
    counts, too, for it renews or ends it."""
    if years is None or case.ended_at is None:
        return None
    made = Q(source_case=case) | Q(pk=case.entry_id if renewed else None)
    ends = list(Entry.objects.filter(made).values_list("valid_to", flat=True))
    days = [local_date(case.ended_at), *(end for end in ends if end is not None)]
    return _years_after(max(days), years) if None not in ends else None


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
