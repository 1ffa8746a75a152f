"""Making the file of a paper: claimed by one worker, kept under its hash, told in the log; tried again with growing
pauses, and held for a person when a further try would not help."""
import io
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import pikepdf
from django.db import transaction
from django.db.models import Q, QuerySet

from casework.access.actor import SYSTEM
from casework.access.duties import stamp_of
from casework.audit import record
from casework.core.problems import Refused
from casework.documents import store
from casework.papers.models import Paper
from casework.papers.pdf import CannotMake
from casework.papers.render import render

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=24)
# A missing library or face is mended by whoever runs the machine: the paper is held and tried again every hour. A sign
# that no font has, or a paper beyond all limits, waits for a person.
MENDABLE, MENDED_AFTER = ("PANGO", "FONTS"), timedelta(hours=1)
FINAL = ("GLYPH", "PAGES", "SIZE")
# What fails again after pauses of 1, 2 and 4 minutes will not mend itself: a person sees it, and it is still tried.
SHOWN_AFTER = 4
TROUBLE_MOST = 500
CHUNK = 50


def make(paper_id: int, now: datetime) -> bool:
    """Make one paper. False when it is made, held, claimed by another worker, or failed; then the row says why."""
    paper = _claim(paper_id, now)
    if paper is None:
        return False
    try:
        data = render(paper)
        _keep(paper, data, now)
    except CannotMake as trouble:
        _note_unmade(paper, trouble, now)
        return False
    except (Refused, OSError) as trouble:  # the disk is full or read-only
        _note_again(paper, str(trouble), now)
        return False
    except Exception as trouble:
        logger.exception("paper %s could not be made", paper_id)
        _note_again(paper, type(trouble).__name__, now)
        return False
    return True


def sweep(now: datetime) -> int:
    """Make what is due, the oldest first, until nothing is left; a killed worker's paper is due again after its
    lease. Returns how many were made."""
    made, last = 0, 0
    while chunk := list(due(now).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        made += sum(make(paper_id, now) for paper_id in chunk)
        last = chunk[-1]
    return made


def due(now: datetime) -> QuerySet[Paper]:
    """Papers to be made now: due ones and held ones whose pause is over."""
    waiting = Q(state="due", next_try__isnull=True) | Q(state__in=("due", "held"), next_try__lte=now)
    return Paper.objects.filter(waiting)


def held(paths: Iterable[str]) -> QuerySet[Paper]:
    """Papers that could not be made, newest first. paths: of the organisations one works for; theirs and everything
    below. Without a case, the office that issues the paper counts."""
    places = Q(pk__in=())
    for path in paths:
        places |= Q(case__organisation__path__startswith=path) | Q(case=None, organisation__path__startswith=path)
    return Paper.objects.filter(places, state="held").select_related("case", "batch", "organisation").order_by("-id")


def try_again(paper: Paper, now: datetime) -> bool:
    """A person asks for another try of a held paper. False when it is held no more."""
    return Paper.objects.filter(pk=paper.pk, state="held").update(state="due", next_try=now) > 0


def _claim(paper_id: int, now: datetime) -> Paper | None:
    """Take the paper for five minutes. One statement, so that of two workers one gets it."""
    if not due(now).filter(pk=paper_id).update(state="due", next_try=now + LEASE):
        return None
    return Paper.objects.select_related("organisation", "case__applicant", "batch").get(pk=paper_id)


def _keep(paper: Paper, data: bytes, now: datetime) -> None:
    """The file first, then in one transaction its row, the event that names it, and the state of the paper."""
    with transaction.atomic():
        row = Paper.objects.select_for_update().get(pk=paper.pk)
        if row.state == "made":
            return
        document = store.keep(
            data, row.kind, f"{row.number}.pdf", "application/pdf", now, case=row.case, pages=pages_of(data)
        )
        stamp = stamp_of(SYSTEM, None, "system")
        subject, chain = ("batch", str(row.batch.public_id)) if row.batch else ("paper", str(row.public_id))
        facts = {"kind": row.kind, "number": row.number, "paper": str(row.public_id), **document.told()}
        record.record(subject, chain, "paper_made", stamp, facts, now)
        row.document, row.state, row.trouble, row.next_try = document, "made", "", None
        row.save(update_fields=["document", "state", "trouble", "next_try"])


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def _note_unmade(paper: Paper, trouble: CannotMake, now: datetime) -> None:
    """What the layout says. A child that was ended from outside, as by Ctrl-C, is no fault of the letter: it is made a
    minute later without a word, unless that goes on."""
    if trouble.code == "STOPPED" and paper.attempts + 1 < SHOWN_AFTER:
        logger.info("paper %s is made again: its maker was ended by %s", paper.number, trouble.detail)
        _put_off(paper, "due", now + FIRST_PAUSE, "")
    elif trouble.code in FINAL:
        _hold(paper, str(trouble), now, None)
    elif trouble.code in MENDABLE:
        _hold(paper, str(trouble), now, MENDED_AFTER)
    else:
        _note_again(paper, str(trouble), now)


def _note_again(paper: Paper, trouble: str, now: datetime) -> None:
    """Say on the row what went wrong and when to try again, later and later; the fourth time a person sees it."""
    pause = min(FIRST_PAUSE * 2 ** min(paper.attempts, 20), LONGEST_PAUSE)
    if paper.attempts + 1 >= SHOWN_AFTER:
        _hold(paper, trouble, now, pause)
        return
    logger.warning("paper %s is not made: %s", paper.number, trouble)
    _put_off(paper, "due", now + pause, trouble)


def _hold(paper: Paper, trouble: str, now: datetime, pause: timedelta | None) -> None:
    """Hold it before a person. pause: after which it is tried all the same; None: when he says so."""
    logger.warning("paper %s is held: %s", paper.number, trouble)
    _put_off(paper, "held", now + pause if pause else None, trouble)


def _put_off(paper: Paper, state: str, next_try: datetime | None, trouble: str) -> None:
    Paper.objects.filter(pk=paper.pk, state="due").update(
        state=state, attempts=paper.attempts + 1, next_try=next_try, trouble=trouble[:TROUBLE_MOST]
    )
