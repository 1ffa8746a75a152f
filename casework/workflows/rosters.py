"""The roster of a payment run as a paper: who gets how much on which account, ordered when the run is checked."""
from datetime import datetime
from typing import Any

from casework.audit.models import Event
from casework.core.calendar import local_date
from casework.funds import batches
from casework.funds.models import Batch, Payment
from casework.papers import order
from casework.papers.kinds import Roster, RosterRow
from casework.papers.models import Paper
from casework.programmes.loader import programme_of


def order_roster(batch: Batch, event: Event, now: datetime) -> Paper:
    """Order the roster of a checked batch, in the transaction of the event that checked it."""
    office = batch.fund.organisation
    return order.order("payment_roster", None, event, content(batch), now, batch=batch, organisation=office)


def content(batch: Batch) -> Roster:
    """What stands in the roster, masked: the full names are put in when it is made. Three queries."""
    payments = Payment.objects.filter(batch=batch).select_related("case__organisation", "case__programme")
    programmes = {row.case.programme_id: programme_of(row.case.programme) for row in payments}
    units = {row.number: row.case.organisation.name for row in payments}
    office, rows = batch.fund.organisation, batches.roster_rows(batch)
    families = {programme.family for programme in programmes.values()}
    titles = dict.fromkeys(programme.title.zh for programme in programmes.values())
    return {
        "family": families.pop() if len(families) == 1 else "", "day": _day(batch.checked_at or batch.made_at),
        "office": {"name": office.name, "phone": office.phone, "address": office.address},
        "batch": batch.number, "fund": batch.fund.name, "source": batch.fund.source, "purposes": "、".join(titles),
        "rows": [_row(number, row, units) for number, row in enumerate(rows, 1)],
        "count": len(rows), "total_fen": sum(int(row["fen"]) for row in rows),
        "maker": _name(batch.maker), "made_on": _day(batch.made_at),
        "checker": _name(batch.checker), "checked_on": _day(batch.checked_at),
    }


def _row(number: int, row: dict[str, Any], units: dict[str, str]) -> RosterRow:
    return {
        "no": number, "payment": row["number"], "name": row["name"], "unit": units.get(row["number"], ""),
        "id_masked": row["id_no"], "account_masked": row["card"], "bank": row["bank"], "amount_fen": int(row["fen"]),
        "case": row["case"],
    }


def _day(moment: datetime | None) -> str:
    return local_date(moment).isoformat() if moment else ""


def _name(user: Any) -> str:
    return (user.first_name or user.username) if user else ""
