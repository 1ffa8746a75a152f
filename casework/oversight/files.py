"""Files: each row's file is there with its hash, and that hash stands in an event."""
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from casework.audit.findings import Finding
from casework.audit.models import Event
from casework.documents.models import HELD_BY, Document
from casework.documents.store import digest_ok
from casework.funds.models import Batch
from casework.oversight import imprints
from casework.oversight.crooked import facts, maps

DOCUMENTS = "documents_document"
CHUNK = 500
BATCHES = 50  # the events of one hold up to 500 lines


def recorded(events: Iterable[Event]) -> dict[str, str]:
    """Return public id → SHA-256 of the files that events name. Of two values the first stands: files never change."""
    found: dict[str, str] = {}
    for event in events:
        for item in named(event.data):
            found.setdefault(str(item.get("id")), str(item.get("sha256")))
    return found


def named(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files that the data of one event names."""
    return maps(facts(data).get("documents"))


def compare(
    documents: Iterable[Document], told: Mapping[str, str], drawn: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield files of a case or batch whose row is not what an event recorded, that no event recorded, or that events
    record and nothing holds. told: hashes of the files; drawn: imprints of their rows."""
    gone = set(told)
    for document in documents:
        gone.discard(str(document.public_id))
        expected = told.get(str(document.public_id))
        row = f"document {document.public_id}"
        if expected is None:
            yield Finding("file_unrecorded", DOCUMENTS, row, "no event names this file")
        elif expected != document.sha256:
            yield Finding("file_changed", DOCUMENTS, row, "the row's hash is not the one an event recorded")
        elif imprints.differs(document, drawn, HELD_BY):
            detail = "its kind, dates, owner or name is not what an event told"
            yield Finding("document_differs", DOCUMENTS, row, detail)
    for public_id in sorted(gone):
        yield Finding("file_missing", DOCUMENTS, f"document {public_id}", "events name it, nothing holds it")


def check_stored(some: QuerySet[Document] | None = None) -> Iterator[Finding]:
    """Read every stored file, or some, and compare it with its row."""
    rows = Document.objects.all() if some is None else some
    for document in rows.order_by("pk").iterator(chunk_size=CHUNK):
        row = f"document {document.public_id}"
        try:
            if not digest_ok(document):
                yield Finding("file_changed", DOCUMENTS, row, "the stored file has another content")
        except OSError:
            yield Finding("file_missing", DOCUMENTS, row, "the stored file is gone")


def check_batches() -> Iterator[Finding]:
    """The bank file, roster and results of each payment batch are those that the batch's events name."""
    last = 0
    while batches := list(_batches().filter(pk__gt=last).order_by("pk")[:BATCHES]):
        last = batches[-1].pk
        subjects = [str(batch.public_id) for batch in batches]
        events = Event.objects.filter(subject_kind="batch", subject_id__in=subjects).order_by("subject_id", "n")
        stories = {key: list(some) for key, some in groupby(events.iterator(chunk_size=CHUNK), _subject)}
        for batch in batches:
            results = [result.document for result in batch.results.all()]
            papers = [paper.document for paper in batch.papers.all()]
            held = {document.pk: document for document in (batch.file, batch.roster, *results, *papers) if document}
            story = stories.get(str(batch.public_id), [])
            yield from compare(held.values(), recorded(story), imprints.told(story))


def _subject(event: Event) -> str:
    return event.subject_id


def _batches() -> QuerySet[Batch]:
    return Batch.objects.select_related("file", "roster").prefetch_related("results__document", "papers__document")
