"""The payment runs of one case for others to read: their chains whole, of the lines only those of the case."""
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from casework.audit.models import Event
from casework.cases.models import Case
from casework.funds.models import Batch
from casework.oversight.crooked import facts

# Lists of an event with a line for each payment, and how a line names it.
LINES: dict[str, Callable[[Any], Any]] = {
    "payments": lambda line: facts(line).get("number"),
    "ledger": lambda line: facts(line).get("payment"),
    "returned": lambda line: facts(line).get("payment"),
    "missing": lambda line: line,
    "references": lambda line: line,
}


def chains_of(case: Case) -> QuerySet[Event]:
    """The events of the runs that this case's payments lie in."""
    runs = Batch.objects.filter(payments__case=case).distinct().values_list("public_id", flat=True)
    events = Event.objects.filter(subject_kind="batch", subject_id__in=[str(one) for one in runs])
    return events.order_by("subject_id", "n")


def masked(event: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """An event without the lines of other cases. masked: how many were taken out; without it the event is whole, and
    its hash can be worked out again."""
    own = set(case.payments.values_list("number", flat=True))
    data, gone = dict(event["data"]), 0
    for name, number in LINES.items():
        lines = data.get(name)
        if isinstance(lines, dict):
            data[name] = {key: line for key, line in lines.items() if number(key) in own}
        elif isinstance(lines, list):
            data[name] = [line for line in lines if number(line) in own]
        gone += len(lines or ()) - len(data.get(name) or ())
    return {**event, "data": data, "masked": gone} if gone else dict(event)
