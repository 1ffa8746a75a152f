"""The pass over all cases: row against events, answers and files against their hashes. A few queries per 300 cases."""
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Model

from casework.audit.chain import digest
from casework.audit.findings import Finding, event_row
from casework.audit.models import ChainHead, Event
from casework.cases.models import Answers, Case
from casework.core.json import canonical
from casework.documents.models import Document
from casework.funds.models import Batch, Fund
from casework.oversight import decisions, files, fold, imprints
from casework.oversight.crooked import facts, is_id
from casework.papers.models import Paper
from casework.people.persons import account_digest
from casework.workflows.turn import APART

CHUNK = 300
ANSWERS = "cases_answers"
# What a chain of events tells of, by its kind: whoever has events has a row.
ROWS: dict[str, type[Model]] = {"case": Case, "batch": Batch, "fund": Fund, "paper": Paper}


def check_cases() -> Iterator[Finding]:
    """Compare every case with its events."""
    last = 0
    while chunk := list(Case.objects.select_related("account", "programme").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield from check_some(chunk)
        last = chunk[-1].pk


def check_some(cases: Sequence[Case]) -> Iterator[Finding]:
    """Compare these cases with their events, answers and files."""
    chains: dict[str, list[Event]] = defaultdict(list)
    subjects = [str(case.public_id) for case in cases]
    for event in Event.objects.filter(subject_kind="case", subject_id__in=subjects).order_by("subject_id", "n"):
        chains[event.subject_id].append(event)
    documents: dict[int, list[Document]] = defaultdict(list)
    ids = [case.pk for case in cases]
    for document in Document.objects.filter(case__in=ids).order_by("pk"):
        documents[document.case_id or 0].append(document)
    papers, drawn = _told_of_papers(cases)
    told = {case.pk: imprints.told(chains[str(case.public_id)]) for case in cases}
    for case in cases:
        events = chains[str(case.public_id)]
        account = account_digest(case.account) if case.account else ""
        yield from fold.compare(case, events, account)
        if imprints.differs(case, told[case.pk], APART):
            detail = "a column that no event tells by itself is not what it was left as"
            yield Finding("case_differs", fold.CASES, f"case {case.public_id}", detail)
        mine = drawn[case.pk] | told[case.pk]
        yield from files.compare(documents[case.pk], papers[case.pk] | files.recorded(events), mine)
    yield from _check_answers(ids, chains)
    yield from decisions.check_some({case.pk: str(case.public_id) for case in cases}, chains)
    yield from imprints.check_notices(told, {case.pk: chains[str(case.public_id)] for case in cases})
    yield from imprints.check_lost_entries(told.values())


def _told_of_papers(cases: Sequence[Case]) -> tuple[dict[int, dict[str, str]], dict[int, dict[str, str]]]:
    """By case the files of its papers and the imprints of their rows, which are told on chains of their own, named by
    the paper."""
    owners = {str(paper): case for paper, case in Paper.objects.filter(case__in=cases).values_list("public_id", "case")}
    events = Event.objects.filter(subject_kind="paper", subject_id__in=owners).order_by("subject_id", "n")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    drawn: dict[int, dict[str, str]] = defaultdict(dict)
    for event in events.iterator(chunk_size=CHUNK):
        mine = found[owners[event.subject_id]]
        mine.update(files.recorded([event]) | mine)  # of two values the first stands
        drawn[owners[event.subject_id]].update(imprints.told([event]))
    return found, drawn


def _check_answers(case_ids: Sequence[int], chains: Mapping[str, Sequence[Event]]) -> Iterator[Finding]:
    """Answers have the digests that their event covers; none is gone that an event tells of."""
    told = {event.pk: event for events in chains.values() for event in events if facts(event.data).get("answers")}
    revisions = Answers.objects.filter(case__in=case_ids).order_by("pk")
    for revision in revisions.iterator(chunk_size=CHUNK):
        event = told.pop(revision.event_id, None)
        here = {
            "form": revision.form, "shown": digest(canonical(revision.shown)),
            "sealed": digest(bytes(revision.sealed)) if revision.sealed else "",
        }
        if event is None or event.data["answers"] != here:
            detail = f"not those of {_row(event)}" if event else "no event of the case tells of them"
            yield Finding("answers_changed", ANSWERS, f"answers {revision.pk}", detail)
    for event in told.values():
        yield Finding("answers_missing", ANSWERS, _row(event), "the answers it tells of are gone")


def _row(event: Event) -> str:
    return event_row(event.subject_kind, event.subject_id, event.n)


def check_missing() -> Iterator[Finding]:
    """A chain without its row: the row was deleted."""
    for kind, model in ROWS.items():
        heads = ChainHead.objects.filter(subject_kind=kind).order_by("pk").values_list("subject_id", flat=True)
        chunk: list[str] = []
        for subject in heads.iterator(chunk_size=CHUNK):
            chunk.append(subject)
            if len(chunk) == CHUNK:
                yield from _missing(kind, model, chunk)
                chunk = []
        yield from _missing(kind, model, chunk)


def _missing(kind: str, model: type[Model], subjects: list[str]) -> Iterator[Finding]:
    ids = [subject for subject in subjects if is_id(subject)]
    found = model._base_manager.filter(public_id__in=ids).values_list("public_id", flat=True)
    there = {str(public_id) for public_id in found}
    code = "case_missing" if kind == "case" else "row_missing"
    for subject in subjects:
        if subject not in there:
            yield Finding(code, model._meta.db_table, f"{kind} {subject}", "has events and no row")
