"""Money sent down (下拨): from a fund to one of an organisation below it, in one transaction and never off purpose."""
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.audit import record
from casework.core.calendar import local_date
from casework.core.money import MOST_FEN
from casework.core.problems import Problem, Refused
from casework.funds import ledger
from casework.funds.models import Account, Fund, Transaction
from casework.funds.whole import whole
from casework.organisations import tree


def below(fund: Fund) -> QuerySet[Fund]:
    """The funds of organisations below that serve the same year."""
    rows = Fund.objects.select_related("organisation").filter(
        organisation__path__startswith=fund.organisation.path, year=fund.year
    )
    return rows.exclude(organisation=fund.organisation).order_by("organisation__path", "pk")


def targets(fund: Fund, today: date) -> QuerySet[Fund]:
    """Those among them that money of this fund can be sent to today: organisations that stay, and a last day that has
    not passed and is not after the one of this fund."""
    if fund.valid_until < today:
        return Fund.objects.none()
    rows = below(fund).filter(valid_until__gte=today, valid_until__lte=fund.valid_until)
    return rows.filter(organisation__in=tree.open_to_new())


@whole
def allocate(
    fund: Fund, target: Fund, fen: int, stamp: Mapping[str, Any], now: datetime, memo: str = ""
) -> Transaction:
    """What the upper fund may spend becomes what the lower one may. Each chain tells its own half and names the other.
    Raises Refused: no amount, more than there is, a purpose or a day the money was not given for (promise M2)."""
    if not 0 < fen <= MOST_FEN:
        raise Refused([Problem("AMOUNT", _("The amount must be more than zero."), place="amount")])
    if not set(target.purposes) <= set(fund.purposes):
        raise Refused([Problem(
            "OFF_PURPOSE", _("The other fund may be spent on more than this money was given for."), place="target",
            mend=_("Choose a fund with the same purpose."),
        )], 409)
    late = _too_late(fund, target, local_date(now))
    if late is not None:
        raise Refused([late], 409)
    words = ledger.plain(memo)
    for one in sorted((fund, target), key=lambda one: one.pk):
        ledger.lock(one)
    given = _post(fund, ledger.move(Account.AVAILABLE, Account.SOURCE, fen), {"to": str(target.public_id)}, stamp, now,
                  words)
    _post(target, ledger.move(Account.SOURCE, Account.AVAILABLE, fen), {"from": str(fund.public_id)}, stamp, now, words)
    return given


def _too_late(fund: Fund, target: Fund, today: date) -> Problem | None:
    """Money keeps its last day wherever it is sent, and goes nowhere after it."""
    if fund.valid_until < today:
        return Problem("FUND_OVER", _("The last day of this fund has passed."))
    if target.valid_until < today:
        return Problem("FUND_OVER", _("The last day of the other fund has passed."), place="target")
    if target.valid_until > fund.valid_until:
        return Problem(
            "FUND_LONGER", _("The other fund lasts longer than this money may be spent."), place="target",
            mend=_("Choose one whose last day is not after that of this fund."),
        )
    if target.organisation.closes_on is not None:
        return Problem("UNION_CLOSED", _("The organisation of the other fund is closed, or will be."), place="target")
    return None


def _post(
    fund: Fund, legs: Mapping[str, int], other: Mapping[str, str], stamp: Mapping[str, Any], now: datetime, words: str
) -> Transaction:
    posting = ledger.Posting(fund, "allocate", legs, memo=words, extra=other)
    event = record.record(
        "fund", str(fund.public_id), "allocate", stamp, {"ledger": posting.facts(), "memo": words}, now
    )
    return ledger.post_all(fund, [posting], event, now)[0]
