"""How long a paper counts: months from its date, until a day that stands on it, or one school year (domain §4.10)."""
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.core.problems import Problem
from casework.core.text import Text
from casework.documents.models import Document

ASKED, SCHOOL_YEAR = "asked", "school_year"
ENDS = (ASKED, SCHOOL_YEAR)
LAST_MONTH, LAST_DAY = 8, 31  # of a school year
TURN = 7  # what is dated from this month on counts for the school year that begins in autumn
EXPIRED = "PAPER_EXPIRED"


class Lasts(NamedTuple):
    """months: from the date on the paper; 0 where `until` tells its end: ASKED, the last day stands on the paper, or
    SCHOOL_YEAR, the one for which it was made out. series: several papers over a time, such as payslips month by
    month; the date of the latest counts for all."""

    months: int = 0
    until: str = ""
    series: bool = False

    def last_day(self, told: date) -> date:
        """The last day on which a paper counts. told: the date on it; for ASKED its last day."""
        if self.until == ASKED:
            return told
        if self.until == SCHOOL_YEAR:
            return date(told.year + (told.month >= TURN), LAST_MONTH, LAST_DAY)
        years, month = divmod(told.month - 1 + self.months, 12)
        days = monthrange(told.year + years, month + 1)[1]
        return date(told.year + years, month + 1, min(told.day, days))

    @property
    def words(self) -> Text:
        """How long it counts, as a sentence."""
        if self.until == ASKED:
            return Text("在材料写明的到期日前有效。", "It counts until the last day that stands on it.")
        if self.until == SCHOOL_YEAR:
            return Text("当前学年内有效。", "It counts for the current school year.")
        months = "1 month" if self.months == 1 else f"{self.months} months"
        if self.series:
            return Text(
                f"自最近一份材料上的日期起 {self.months} 个月内有效。",
                f"They count for {months} from the date on the latest.",
            )
        return Text(f"自材料上的日期起 {self.months} 个月内有效。", f"It counts for {months} from the date on it.")


def told_of(document: Document, lasts: Lasts) -> date | None:
    """The date that was given with a paper; None where nobody knows it."""
    return document.valid_until if lasts.until == ASKED else document.dated


def column(lasts: Lasts) -> str:
    """The column of a document that keeps this date."""
    return "valid_until" if lasts.until == ASKED else "dated"


def last_of(document: Document, lasts: Lasts | None) -> date | None:
    """The last day of a paper; None where it counts without end, or nobody knows."""
    told = told_of(document, lasts) if lasts else None
    return lasts.last_day(told) if lasts and told else None


def expired(last: date, place: str = "") -> Problem:
    """A paper that does not count any more, for whoever hands it in."""
    message = _("The paper counted until %(day)s only.") % {"day": date_format(last, "DATE_FORMAT")}
    mend = _("Ask the office that issued it for a new one and hand that in. If the date is mistyped, correct it.")
    return Problem(EXPIRED, message, place=place, mend=mend)
