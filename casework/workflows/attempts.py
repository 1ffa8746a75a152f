"""An attempt at one's own, a relative's or a doubly handled case is an event of its own, although nothing else came of
it (promises R4, R5)."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from casework.access.actor import Actor
from casework.access.duties import stamp_of
from casework.audit import record
from casework.core.problems import Refused
from casework.funds.models import Payment

NOTED = frozenset({"RECUSED", "SAME_HANDS", "OWN_PAYMENT", "TWO_PEOPLE"})


def note(
    subjects: Collection[str], action: str, actor: Actor, refusal: Refused, now: datetime, *, via: str = "online",
    address: str = "",
) -> None:
    """Write the refusal into the access log of these subjects, in a transaction of its own, if it is one to be told.
    The refusal itself stands, whatever becomes of its note: should that fail, the refusal is raised again."""
    codes = [problem.code for problem in refusal.problems]
    if not NOTED & set(codes):
        return
    facts = {"action": action, "codes": sorted(set(codes), key=codes.index)}
    try:
        with transaction.atomic():
            for subject in sorted(subjects):
                record.record("access", subject, "refused_attempt", stamp_of(actor, None, via, address), facts, now)
    except DatabaseError:
        raise refusal from None


@contextmanager
def noting(whole: str, action: str, actor: Actor, now: datetime) -> Iterator[None]:
    """Note what is refused of a payment run, with the cases of the payments that stand in the way, else with the whole.
    Inside a transaction of the caller nothing is noted: it would be undone."""
    nested = connection.in_atomic_block
    try:
        yield
    except Refused as refusal:
        if not nested:
            numbers = {problem.params["payment"] for problem in refusal.problems if "payment" in problem.params}
            cases = Payment.objects.filter(number__in=numbers).values_list("case__public_id", flat=True)
            note({str(key) for key in cases} or {whole}, action, actor, refusal, now)
        raise
