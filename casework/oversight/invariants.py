"""I1–I8 of the promises in one function: run after every fault test, and by whoever wants to know."""
from collections.abc import Callable, Iterator
from datetime import datetime

from casework.audit import verify as log
from casework.audit.findings import Finding
from casework.notifications.models import Message
from casework.oversight import cases, files, ledger

ORPHAN_MESSAGES = """
SELECT m.id FROM notifications_message m LEFT JOIN audit_event e ON e.id = m.event_id WHERE e.id IS NULL
"""


def check_messages() -> Iterator[Finding]:
    """I7: each message names an event that exists."""
    for (number,) in log.rows(ORPHAN_MESSAGES):
        yield Finding("message_orphaned", Message._meta.db_table, f"message {number}", "names no event")


INVARIANTS: dict[str, tuple[Callable[[], Iterator[Finding]], ...]] = {
    "I1": (ledger.check_sums,),
    "I2, I3": (ledger.check_balances,),
    "I4": (ledger.check_live_payments,),
    "I5": (cases.check_cases, cases.check_missing),
    "I6": (log.check_events, log.check_heads),
    "I7": (check_messages,),
    "I8": (files.check_stored,),
}


def invariants(now: datetime) -> list[str]:
    """Return what is broken, each line led by its invariant; [] when all hold. now: the moment of the question."""
    del now  # none of them depends on time; the argument keeps the call the same when one does
    return [f"{name} {finding}" for name, checks in INVARIANTS.items() for check in checks for finding in check()]
