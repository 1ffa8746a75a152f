"""Rows whose imprint an event tells: files, public notices, entries of registers, and a case as far as no column of it
is told by itself. Of several imprints of a row the last one counts; events that tell none are no fault."""
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from django.db.models import Model, Q

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.cases.models import Case
from casework.core.imprint import imprint, name_of
from casework.oversight.crooked import facts, is_id, text
from casework.registers.models import Entry
from casework.workflows.models import PublicNotice

CHUNK = 300
NOTICES, ENTRIES = PublicNotice._meta.db_table, Entry._meta.db_table
# What a notice was before its case ended and took it down with everything else.
HANGING = ("running", "stopped")


def told(events: Iterable[Event]) -> dict[str, str]:
    """Return table and public id → the imprint that these events, in their order, told last."""
    found: dict[str, str] = {}
    for event in events:
        found.update({str(name): text(value) for name, value in facts(facts(event.data).get("imprints")).items()})
    return found


def differs(row: Model, imprints: Mapping[str, str], but: Collection[str] = ()) -> bool:
    """Is the row another than the one that was told?"""
    expected = imprints.get(name_of(row))
    return expected is not None and expected != imprint(row, but)


def check_notices(
    imprints: Mapping[int, Mapping[str, str]], chains: Mapping[int, Iterable[Event]]
) -> Iterator[Finding]:
    """The notices of some cases. imprints: by case what its events told; chains: the events themselves."""
    hung: dict[tuple[int, datetime], set[str]] = {}
    for case, events in chains.items():
        for event in filter(_hangs, events):
            hung.setdefault((case, event.at), set()).update(_notices(told([event])))
    gone = {(case, name) for case, mine in imprints.items() for name in _notices(mine)}
    for notice in PublicNotice.objects.filter(case__in=list(imprints)).order_by("pk"):
        gone.discard((notice.case_id, name_of(notice)))
        named = hung.get((notice.case_id, notice.posted_at))
        if named is None or (named and name_of(notice) not in named):
            yield Finding("notice_differs", NOTICES, f"notice {notice.public_id}", "no event hung it")
        elif _changed(notice, imprints[notice.case_id]):
            yield Finding("notice_differs", NOTICES, f"notice {notice.public_id}", "not what an event told of it")
    for _case, name in sorted(gone):
        yield Finding("row_missing", NOTICES, f"notice {name.split()[-1]}", "events tell it, and its case has it not")


def _notices(imprints: Mapping[str, str]) -> list[str]:
    return [name for name in imprints if name.startswith(f"{NOTICES} ")]


def _hangs(event: Event) -> bool:
    return event.action.rpartition(".")[2] in ("post", "change_list")


def _changed(notice: PublicNotice, imprints: Mapping[str, str]) -> bool:
    if notice.state != "cancelled":
        return differs(notice, imprints)
    variants = []
    for notice.state in HANGING:
        variants.append(differs(notice, imprints))
    notice.state = "cancelled"
    return all(variants)


def check_entries() -> Iterator[Finding]:
    """Every entry of a register."""
    last = 0
    while chunk := list(Entry.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        imprints: dict[str, str] = {}
        named: set[str] = set()
        for event in _of_entries(chunk):
            imprints.update(told([event]))
            named |= {event.subject_id, text(facts(facts(event.data).get("entry")).get("id"))}
        for entry in chunk:
            if name_of(entry) not in imprints and str(entry.public_id) not in named:
                yield Finding("entry_differs", ENTRIES, f"entry {entry.number}", "no event tells of it")
            elif differs(entry, imprints):
                yield Finding("entry_differs", ENTRIES, f"entry {entry.number}", "not what an event told of it")


def _of_entries(entries: Collection[Entry]) -> Iterator[Event]:
    """The events that may tell of these entries, oldest first: of the cases they came from or that are about them or
    their holders, and of their own chains."""
    mine = Q(pk__in=[entry.source_case_id for entry in entries]) | Q(entry__in=[entry.pk for entry in entries])
    cases = Case.objects.filter(mine | Q(applicant__in=[entry.person_id for entry in entries]))
    subjects = [str(public_id) for public_id in cases.values_list("public_id", flat=True)]
    own = Q(subject_kind__in=("register", "cover"), subject_id__in=[str(entry.public_id) for entry in entries])
    telling = Q(data__has_key="imprints") | Q(data__has_key="entry")
    events = Event.objects.filter(own | (Q(subject_kind="case", subject_id__in=subjects) & telling))
    return events.order_by("pk").iterator(chunk_size=CHUNK)


def check_lost_entries(imprints: Iterable[Mapping[str, str]]) -> Iterator[Finding]:
    """An entry that events of a case tell is there. imprints: of each case."""
    named = {name.split()[-1] for mine in imprints for name in mine if name.startswith(f"{ENTRIES} ")}
    ids = [public_id for public_id in named if is_id(public_id)]
    there = {str(one) for one in Entry.objects.filter(public_id__in=ids).values_list("public_id", flat=True)}
    for public_id in sorted(named - there):
        yield Finding("row_missing", ENTRIES, f"entry {public_id}", "events tell it, and it is not there")
