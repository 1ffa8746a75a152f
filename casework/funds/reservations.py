"""Money set aside at approval, and given back when a case ends without payment (domain §4.5; promise M2)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.problems import Problem, Refused
from casework.funds import ledger
from casework.funds.models import Account, Balance, Fund, Payment, PaymentState, Reservation
from casework.organisations import tree
from casework.organisations.models import Organisation


class NoFunds(Exception):
    """No fund of this purpose and year holds enough: the case waits, nobody is refused for it (domain §4.10)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """From which fund an amount comes. earlier: what this case still holds from an approval that was taken back."""

    fund: Fund
    fen: int
    purpose: str
    case: int
    instalment: int = 1
    earlier: tuple[Reservation, ...] = ()

    def postings(self) -> list[ledger.Posting]:
        """What reserve() will write: the earlier money back, the new money aside."""
        aside = ledger.move(Account.AVAILABLE, Account.RESERVED, self.fen)
        told = {"instalment": self.instalment}
        return [*map(_giving_back, self.earlier), ledger.Posting(self.fund, "reserve", aside, self.case, extra=told)]

    def facts(self) -> dict[str, Any] | list[dict[str, Any]]:
        """The value of "ledger" in the event of the approval."""
        told = [posting.facts() for posting in self.postings()]
        return told[0] if len(told) == 1 else told


def _giving_back(held: Reservation) -> ledger.Posting:
    legs = ledger.move(Account.RESERVED, Account.AVAILABLE, held.fen)
    return ledger.Posting(held.fund, "release", legs, held.case_id)


def plan(case: Case, fen: int, purpose: str, organisation: Organisation, year: int, today: date) -> Plan:
    """Choose the fund: the organisation's own first, then those above it; for this purpose and year, still valid,
    with enough left. The chosen balance stays locked until the transaction ends. Raises NoFunds, and Refused (409)
    when a payment of this case is already on its way."""
    if fen <= 0:
        raise ValueError("an amount is more than zero")
    earlier = tuple(_open(case, instalment=1))
    _refuse_under_way(case, {1})
    for fund in _candidates(organisation, purpose, year, today):
        back = sum(held.fen for held in earlier if held.fund_id == fund.pk)
        if _lock_if_enough(fund, fen - back):
            return Plan(fund, fen, purpose, case.pk, earlier=earlier)
    raise NoFunds(purpose)


def _candidates(organisation: Organisation, purpose: str, year: int, today: date) -> Iterator[Fund]:
    """Funds in the order they are spent: nearest organisation, first to expire. The order is also that of the locks."""
    near = [node.pk for node in reversed(tree.ancestors(organisation))]
    funds = Fund.objects.filter(organisation__in=near, year=year, valid_until__gte=today)
    for fund in sorted(funds, key=lambda fund: (near.index(fund.organisation_id), fund.valid_until, fund.pk)):
        if purpose in fund.purposes:
            yield fund


def _lock_if_enough(fund: Fund, fen: int) -> bool:
    """Lock the balance if it holds so much; a rival who took the money first leaves nothing to lock."""
    return Balance.objects.select_for_update().filter(fund=fund, available__gte=fen).first() is not None


def reserve(chosen: Plan, case: Case, event: Event, now: datetime) -> Reservation:
    """Set the planned money aside; what an earlier approval held goes back first."""
    _give_back(case, list(chosen.earlier), event, now, and_then=chosen)
    return Reservation.objects.create(
        case=case, instalment=chosen.instalment, fund=chosen.fund, fen=chosen.fen, made_at=now
    )


def release_facts(case: Case) -> list[dict[str, Any]]:
    """The value of "ledger" for an event that will release the case's money; [] when it holds none. Locks the
    balances. Raises Refused (409) when a payment of it lies in a batch."""
    return [_giving_back(held).facts() for held in _locked(case)]


def release(case: Case, event: Event, now: datetime) -> None:
    """Give everything the case holds back to its funds and cancel what only waits to be paid. The event's data must
    tell it: data["ledger"] = release_facts(case)."""
    _give_back(case, _locked(case), event, now)


def _locked(case: Case) -> list[Reservation]:
    """The open reservations, with the balances of their funds locked in order. Read again under the locks."""
    funds = sorted({held.fund for held in _open(case)}, key=lambda fund: fund.pk)
    for fund in funds:
        ledger.lock(fund)
    held = _open(case)
    _refuse_under_way(case, {row.instalment for row in held})
    return held


def _open(case: Case, **which: int) -> list[Reservation]:
    return list(Reservation.objects.filter(case=case, state="open", **which).select_related("fund").order_by("id"))


def _refuse_under_way(case: Case, instalments: set[int]) -> None:
    still = (PaymentState.QUEUED, PaymentState.RETURNED, PaymentState.CANCELLED)
    going = Payment.objects.filter(case=case, instalment__in=instalments).exclude(state__in=still).first()
    if going is not None:
        raise Refused(
            [
                Problem(
                    "PAYMENT_UNDER_WAY",
                    _("Payment %(number)s of this case is already on its way.") % {"number": going.number},
                    mend=_("The batch must be rejected, or the bank must answer first."),
                    params={"payment": going.number},
                )
            ],
            409,
        )


def _give_back(case: Case, held: list[Reservation], event: Event, now: datetime, and_then: Plan | None = None) -> None:
    postings: dict[int, list[ledger.Posting]] = defaultdict(list)
    for row in held:
        postings[row.fund_id].append(_giving_back(row))
    if and_then is not None:
        postings[and_then.fund.pk].append(and_then.postings()[-1])
    for _pk, some in sorted(postings.items()):
        ledger.post_all(some[0].fund, some, event, now)
    Reservation.objects.filter(pk__in=[row.pk for row in held]).update(state="released")
    waiting = Payment.objects.filter(case=case, state=PaymentState.QUEUED, instalment__in=[r.instalment for r in held])
    waiting.update(state=PaymentState.CANCELLED, settled_at=now)
