"""Money set aside: each reservation is one that a posting of its case made, and stands where the postings after it left
it."""
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.audit.findings import Finding
from casework.funds.models import Account, Reservation, Transaction
from casework.oversight.crooked import facts
from casework.oversight.ledger import told_in

CHUNK = 500
RESERVATIONS = "funds_reservation"
# The posting → where the money must lie before it, and where it lies after.
MOVES = {"release": ("open", "released"), "send": ("open", "used"), "return": ("used", "open")}


@dataclass
class Slot:
    """What one posting set aside, as the postings left it. instalment: None where its event does not tell it."""

    fund: int
    fen: int
    at: datetime
    state: str
    instalment: int | None


def check_reservations() -> Iterator[Finding]:
    """Every reservation."""
    last = 0
    while chunk := list(Reservation.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        yield from check_some({row.case_id for row in chunk})


def check_some(cases: Iterable[int]) -> Iterator[Finding]:
    """The reservations of these cases."""
    slots = _slots(list(cases))
    for row in Reservation.objects.filter(case__in=list(slots)).order_by("pk"):
        mine = slots[row.case_id]
        found = next((slot for slot in mine if _fits(slot, row)), None)
        if found is None:
            detail = "no posting of the case set this aside, or left it so"
            yield Finding("reserved_differs", RESERVATIONS, f"reservation {row.pk}", detail)
        else:
            mine.remove(found)


def _fits(slot: Slot, row: Reservation) -> bool:
    same = (slot.fund, slot.fen, slot.at, slot.state) == (row.fund_id, row.fen, row.made_at, row.state)
    return same and slot.instalment in (None, row.instalment)


def _slots(cases: list[int]) -> dict[int, list[Slot]]:
    """By case what its postings set aside, in their order."""
    found: dict[int, list[Slot]] = defaultdict(list, {case: [] for case in cases})
    told = _instalments(cases)
    of_cases = Transaction.objects.filter(case__in=cases, kind__in=("reserve", *MOVES))
    postings = of_cases.filter(entries__account=Account.RESERVED)
    columns = ("pk", "case_id", "kind", "fund_id", "entries__fen", "at")
    for pk, case, kind, fund, fen, at in postings.order_by("pk").values_list(*columns):
        if kind == "reserve":
            found[case].append(Slot(fund, fen, at, "open", told.get(pk)))
            continue
        before, after = MOVES[kind]
        lying = (s for s in found[case] if (s.fund, s.fen, s.state) == (fund, abs(fen), before))
        slot = next(lying, None)
        if slot is not None:
            slot.state = after
    return found


def _instalments(cases: list[int]) -> dict[int, int]:
    """By posting the instalment it was made for, where its event tells one."""
    found: dict[int, int] = {}
    postings = Transaction.objects.filter(case__in=cases, kind="reserve").values_list("pk", "event__data")
    for pk, data in postings.iterator(chunk_size=CHUNK):
        told = [facts(one).get("instalment") for one in told_in(data) if one.get("kind") == "reserve"]
        if len(told) == 1 and isinstance(told[0], int):
            found[pk] = told[0]
    return found
