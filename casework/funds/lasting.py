"""How long money of a fund may be spent: set aside until the last day, paid for a while after it (domain §4.5; promise
M2; docs/decisions/0019-money-after-its-last-day.md)."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from casework.core.calendar import add_working_days, local_date
from casework.core.problems import Problem
from casework.funds import runs
from casework.funds.models import Fund, Payment, Reservation

# Working days after the last day in which money that was set aside in time is paid: the notice of the result (5), an
# objection to it (10), the payment (10), and once more after a return by the bank.
PAID_WITHIN = 40


def last_payday(fund: Fund) -> date:
    """The last day on which money set aside in time leaves for the bank; a fund without an end has the last of all."""
    try:
        return add_working_days(fund.valid_until, PAID_WITHIN)
    except OverflowError:
        return date.max


def unpayable(fund: Fund, payments: Sequence[Payment], today: date) -> list[Problem]:
    """Why payments of a fund cannot go to the bank today: its time is over, or money was set aside too late."""
    if today > last_payday(fund):
        day = date_format(last_payday(fund), "DATE_FORMAT")
        message = _("This fund could be paid from until %(day)s.") % {"day": day}
        mend = _("Carry the waiting payments over to the fund of the next year; send a batch back first.")
        return [Problem("FUND_OVER", message, mend=mend)]
    held = runs.reservations(payments, "open") if today > fund.valid_until else {}
    return set_aside_late(fund, payments, held)


def set_aside_late(
    fund: Fund, payments: Sequence[Payment], held: Mapping[tuple[int, int], Reservation]
) -> list[Problem]:
    """Why some of these payments are never paid: their money was set aside after the last day, however that came
    about. held: the open reservations by case and instalment."""
    late = _("The money of payment %(number)s was set aside after the last day of the fund.")
    mend = _("It comes from another fund: the case is decided again.")
    return [runs.problem("FUND_OVER", late, one, mend) for one in payments if is_late(fund, one, held)]


def is_late(fund: Fund, payment: Payment, held: Mapping[tuple[int, int], Reservation]) -> bool:
    """Was the money of this payment set aside after the last day of the fund?"""
    row = held.get((payment.case_id, payment.instalment))
    return row is not None and local_date(row.made_at) > fund.valid_until
