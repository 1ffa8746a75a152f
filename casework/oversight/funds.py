"""Funds: each is what it was opened as. What its money may be spent on, and until when, stands in that event alone."""
from collections.abc import Iterator

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.funds.models import Fund
from casework.oversight.crooked import facts

CHUNK = 500
FUNDS = "funds_fund"


def check_funds() -> Iterator[Finding]:
    """Every fund."""
    last = 0
    while chunk := list(Fund.objects.select_related("organisation").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        subjects = [str(fund.public_id) for fund in chunk]
        events = Event.objects.filter(subject_kind="fund", subject_id__in=subjects, action="open").order_by("-n")
        told = {event.subject_id: facts(event.data) for event in events}
        for fund in chunk:
            opened = told.get(str(fund.public_id))
            if opened is None:
                yield Finding("fund_differs", FUNDS, _row(fund), "no event opened it")
                continue
            for name, value in _columns(fund).items():
                if opened.get(name) != value:
                    yield Finding("fund_differs", FUNDS, _row(fund), f"{name}: not as it was opened")


def _columns(fund: Fund) -> dict[str, object]:
    return {
        "name": fund.name, "organisation": str(fund.organisation.public_id), "source": fund.source,
        "purposes": fund.purposes, "year": fund.year, "valid_until": fund.valid_until.isoformat(),
    }


def _row(fund: Fund) -> str:
    return f"fund {fund.public_id}"
