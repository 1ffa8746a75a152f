"""Papers a person handed in before and need not hand in again: his own uploads, with his own running or decided cases,
of the kind the form asks for, and still valid (once-only)."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from casework.access.actor import Actor
from casework.cases.models import Case, State
from casework.core.calendar import local_date
from casework.core.text import Text
from casework.documents import validity
from casework.documents.models import Document
from casework.forms.spec import Field, FormSpec
from casework.programmes.loader import programme_of
from casework.programmes.spec import PaperNeed, Programme
from casework.workflows.models import Decision

LOOKED_AT = 200  # files of one person, the newest first
OFFERED = 6  # for one question
# What ended so vouches for no paper.
NOT_COUNTED = (State.DRAFT, State.NOT_ACCEPTED, State.WITHDRAWN, State.REVOKED)
ASKED_ANEW = ("one_time_notice", "ask_papers")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that can be used again. service, paper: as what it was handed in first; on: when. until: the last day
    it counts where it is wanted now, None where it has none or nobody knows."""

    document: Document
    service: Text
    paper: Text
    on: date
    until: date | None


Offers = dict[str, list[Offer]]


def offers(actor: Actor, programme: Programme, form: FormSpec, today: date, but: Case | None = None) -> Offers:
    """What this person may use again, by the place of the question. but: the case that asks, whose own papers are not
    offered to it."""
    asked = [(item, need) for item in form.items() if isinstance(item, Field) and (need := _wanted(programme, item))]
    if not asked or programme.for_unit or actor.himself is None:
        return {}
    found = list(_handed_in(actor, but))
    return {field.key: fitting for field, need in asked if (fitting := _fitting(need, found, today))}


def _wanted(programme: Programme, item: Field) -> PaperNeed | None:
    need = programme.paper(item.paper) if item.kind == "file" else None
    return need if need is not None and need.shared else None


def _handed_in(actor: Actor, but: Case | None) -> Iterator[tuple[Document, Programme, PaperNeed]]:
    """The person's own uploads with his own cases, the newest first; no file that an office found wanting."""
    rows = Document.objects.filter(
        owner_id=actor.user, duty_role="", case__applicant=actor.himself, made=False, withdrawn_at__isnull=True
    ).exclude(case__state__in=NOT_COUNTED).select_related("case__programme")
    found = list((rows.exclude(case=but) if but else rows).order_by("-id")[:LOOKED_AT])
    wanting = _wanting(found)
    for row in found:
        rules = programme_of(row.case.programme) if row.case else None
        need = rules.paper(row.kind) if rules and not rules.for_unit else None
        if rules and need and need.shared and row.sha256 not in wanting:
            yield row, rules, need


def _wanting(rows: Iterable[Document]) -> set[str]:
    """Hashes of the files in place of which an office asked for others."""
    cases = {row.case_id for row in rows}
    asked = Decision.objects.filter(case__in=cases, decision__in=ASKED_ANEW).values_list("case", "at", "event__data")
    last: dict[tuple[int, str], datetime] = {}
    for case, at, data in asked.order_by("at"):
        last |= {(case, str(item["item"])): at for item in data.get("items", [])}
    since = {row.pk: last.get((row.case_id or 0, row.kind)) for row in rows}
    return {row.sha256 for row in rows if (moment := since[row.pk]) is not None and row.uploaded_at < moment}


def _fitting(
    wanted: PaperNeed, found: Iterable[tuple[Document, Programme, PaperNeed]], today: date
) -> list[Offer]:
    """What counts still, each file once, told as it was handed in first. Of the dates that cases hold for the same file
    the earliest counts."""
    offered: dict[str, Offer] = {}
    gone: set[str] = set()
    for document, rules, need in found:
        if need.shared != wanted.shared:
            continue
        on, until = local_date(document.uploaded_at), validity.last_of(document, wanted.lasts)
        if not _counts(document, on, wanted, today):
            gone.add(document.sha256)
        later = offered.get(document.sha256)  # its row bears the date an office read last
        until = min((day for day in (until, later and later.until) if day), default=None)
        held = later.document if later else document
        offered[document.sha256] = Offer(held, rules.title, need.title, on, until)
    return [offer for digest, offer in offered.items() if digest not in gone][:OFFERED]


def _counts(document: Document, on: date, wanted: PaperNeed, today: date) -> bool:
    """Does it count today? Without a date it was issued on the day it was handed in at the latest."""
    lasts = wanted.lasts
    if lasts is None:
        return True
    last = validity.last_of(document, lasts)
    if last is None and lasts.until != validity.ASKED:
        last = lasts.last_day(on)
    return last is None or last >= today
