"""Ordering a paper: its number, its check code and its content, in the transaction of the event that asks for it."""
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.transaction import TransactionManagementError

from casework.audit.models import Event
from casework.cases.models import Case
from casework.cases.numbers import CODE_SIGNS
from casework.core.calendar import local_date
from casework.core.counting import take_next
from casework.core.pile import Pile
from casework.organisations.models import Organisation
from casework.papers.kinds import FAMILY_WORDS, KINDS
from casework.papers.models import Counter, Paper

logger = logging.getLogger(__name__)
CODE_LENGTH = 16
NAME_MOST = 30


def order(
    kind: str, case: Case | None, event: Event, data: Mapping[str, Any], now: datetime, batch: Any = None,
    organisation: Organisation | None = None, pile: Pile | None = None,
) -> Paper:
    """Order a paper; a worker makes the PDF after the commit. data: its content as in `kinds`, masked. organisation:
    who issues it; without one the county of the case. pile: where the row goes with others of the event. Asked again
    for the same event and kind, it is the first one.

    Call inside the transaction of the event: a rollback gives the number back. Raises TransactionManagementError
    outside of one, KeyError for an unknown kind, ValueError when nobody issues it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("a paper is ordered in the transaction of its event")
    first = _ordered(kind, event, pile)
    if first is not None:
        return first
    issuer = organisation or (case and (case.county or case.organisation))
    if not issuer:
        raise ValueError("a paper without a case names the organisation that issues it")
    paper = Paper(
        case_id=case.pk if case else None, batch=batch, event=event, kind=kind, organisation=issuer, data=dict(data),
        number=next_number(kind, issuer, str(data.get("family", "")), local_date(now).year), check_code=new_code(),
        ordered_at=now,
    )
    if pile is None:
        paper.save(force_insert=True)
    else:
        pile.insert(paper)
    transaction.on_commit(lambda: wake(paper.pk), robust=True)  # a partial has no name to log
    return paper


def _ordered(kind: str, event: Event, pile: Pile | None) -> Paper | None:
    """The paper of this kind that the event has ordered already, sent or still on the pile."""
    for row in pile.pending(Paper) if pile is not None else []:
        if isinstance(row, Paper) and row.event is event and row.kind == kind:
            return row
    return Paper.objects.filter(event=event, kind=kind).first() if event.pk is not None else None


def next_number(kind: str, issuer: Organisation, family: str, year: int) -> str:
    """The next number of issuer, kind and year, e.g. 商工援受〔2026〕12号. Numbers have no gaps: the counter is locked
    until the commit and goes back with a rollback. An organisation without 机关代字 is written by its name."""
    word = issuer.short_name or issuer.name[:NAME_MOST]
    series = f"{word}{FAMILY_WORDS.get(family, '')}{KINDS[kind].word}〔{year}〕"
    return f"{series}{take_next(Counter, 'series', series)}号"


def new_code() -> str:
    """The code under the QR sign: 80 random bits, no letters that are misread."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def wake(paper: int) -> None:
    """Tell a worker. When the message is lost, the sweep finds the row."""
    from casework.papers.tasks import make_paper

    try:
        make_paper.apply_async((paper,), retry=False)
    except Exception:  # whatever ails the broker: the row is there, the sweep comes by
        logger.warning("no worker could be told of paper %s; the sweep will make it", paper, exc_info=True)
